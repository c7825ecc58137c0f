#include <boost/test/unit_test.hpp>
#include <vector>

#include "lib/ffd/check.h"
#include "lib/ffd/normalised.h"
#include "lib/ffd/totals.h"
#include "tests/unit/ffd/random_receipt.h"

namespace fiscalgate::ffd {
namespace {

using testing::MakeRandomReceipt;
using testing::Pick;
using testing::Random;
using testing::RandomReceipt;

constexpr std::uint64_t kSeed = 20260201;
constexpr int kReceipts = 400, kMutations = 4000;

const CheckOptions& Options() {
  static const CheckOptions options{.date = MakeDay(2026, 2, 1)};
  return options;
}

Checked Check(const std::string& json) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE_MESSAGE(document.ok(), json);
  return CheckReceipt(document->root(), "", Options());
}

std::string Normalised(const Receipt& receipt) {
  base::JsonWriter writer;
  WriteNormalisedReceipt(receipt, &writer);
  return writer.Take();
}

std::string Text(const Faults& faults) {
  std::string text;
  for (const Fault& fault : faults) {
    text += std::string(FaultName(fault.code)) + " " + fault.path + " " + fault.detail + "\n";
  }
  return text;
}

std::size_t Number(const std::string& bytes, std::size_t at, std::size_t count) {
  std::size_t number = 0;
  for (std::size_t i = count; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

struct Field {
  int tag;
  std::string value;
};

// Splits TLV; empty if lengths do not fill it exactly.
std::vector<Field> Split(const std::string& bytes) {
  std::vector<Field> fields;
  std::size_t at = 0;
  while (at + 4 <= bytes.size()) {
    const std::size_t length = Number(bytes, at + 2, 2);
    if (at + 4 + length > bytes.size()) return {};
    fields.push_back({static_cast<int>(Number(bytes, at, 2)), bytes.substr(at + 4, length)});
    at += 4 + length;
  }
  if (at != bytes.size()) fields.clear();
  return fields;
}

BOOST_AUTO_TEST_SUITE(property_test)

BOOST_AUTO_TEST_CASE(RandomReceiptsAreAccepted) {
  BOOST_TEST_MESSAGE("seed " << kSeed);
  Random random(kSeed);
  for (int i = 0; i < kReceipts; ++i) {
    const RandomReceipt made = MakeRandomReceipt(random);
    BOOST_TEST(Text(Check(made.json).faults) == "", made.json);
  }
}

BOOST_AUTO_TEST_CASE(TotalsAndVatAgreeWithASlowReckoning) {
  Random random(kSeed + 1);
  for (int i = 0; i < kReceipts; ++i) {
    const RandomReceipt made = MakeRandomReceipt(random);
    const Totals totals = TotalsOf(Check(made.json).receipt);
    BOOST_REQUIRE_MESSAGE(totals.total.kopecks == made.total, made.json);
    for (int rate = 1; rate <= kVatRates; ++rate) {
      const auto at = static_cast<std::size_t>(rate);
      BOOST_REQUIRE_MESSAGE(totals.turnover[at].kopecks == made.turnover[at], made.json);
      const std::int64_t vat = testing::SlowVat(made.turnover[at], FindVatRate(rate)->percent);
      BOOST_REQUIRE_MESSAGE(totals.vat[at].kopecks == vat, made.json);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheCountedSizeIsThatOfTheBytes) {
  Random random(kSeed + 2);
  for (int i = 0; i < kReceipts; ++i) {
    const RandomReceipt made = MakeRandomReceipt(random);
    const Checked checked = Check(made.json);
    const std::string bytes = EncodeTlv(checked.receipt, FfdVersion::k12);
    BOOST_REQUIRE_MESSAGE(checked.size.document == bytes.size() + kRegistersOwnBytes, made.json);
    std::size_t items = 0, largest = 0;
    const auto fields = Split(bytes);
    BOOST_REQUIRE_MESSAGE(!fields.empty(), made.json);
    for (const Field& field : fields) {
      if (field.tag != 1059) continue;
      ++items;
      largest = std::max(largest, field.value.size());
      BOOST_REQUIRE_MESSAGE(!Split(field.value).empty(), made.json);
    }
    BOOST_REQUIRE_MESSAGE(items == checked.receipt.items.size(), made.json);
    BOOST_REQUIRE_MESSAGE(largest == checked.size.largest_item, made.json);
  }
}

BOOST_AUTO_TEST_CASE(TheNormalisedFormSaysTheSame) {
  Random random(kSeed + 3);
  for (int i = 0; i < kReceipts; ++i) {
    const Checked checked = Check(MakeRandomReceipt(random).json);
    const std::string json = Normalised(checked.receipt);
    const Checked again = Check(json);
    BOOST_REQUIRE_MESSAGE(again.faults.empty(), Text(again.faults) + json);
    BOOST_REQUIRE_MESSAGE(Normalised(again.receipt) == json, json);
    BOOST_REQUIRE_MESSAGE(
        EncodeTlv(again.receipt, FfdVersion::k12) == EncodeTlv(checked.receipt, FfdVersion::k12),
        json);
  }
}

struct Leaf {
  std::size_t at, length;
  base::JsonKind kind;
};

void FindLeaves(const base::JsonValue& value, std::string_view source, std::vector<Leaf>* leaves) {
  if (value.is_number() || value.is_string()) {
    leaves->push_back(
        {static_cast<std::size_t>(value.raw.data() - source.data()), value.raw.size(), value.kind});
  }
  for (const base::JsonValue& item : value.items) FindLeaves(item, source, leaves);
  for (const base::JsonMember& member : value.members) FindLeaves(member.value, source, leaves);
}

// One value becomes another of its kind.
std::string ChangeOneValue(Random& random, const std::string& json) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE(document.ok());
  std::vector<Leaf> leaves;
  FindLeaves(document->root(), document->source(), &leaves);
  const Leaf& leaf =
      leaves[static_cast<std::size_t>(Pick(random, 0, static_cast<int>(leaves.size()) - 1))];
  const std::string raw = json.substr(leaf.at, leaf.length);
  const std::string one_more[] = {"1" + raw, raw + "я", raw + "7"};
  const std::string changed = leaf.kind == base::JsonKind::kNumber
                                  ? one_more[0]
                                  : "\"" + one_more[Pick(random, 1, 2)].substr(1, raw.size() - 2) +
                                        (Pick(random, 0, 1) == 0 ? "я" : "7") + "\"";
  return json.substr(0, leaf.at) + changed + json.substr(leaf.at + leaf.length);
}

// What was accepted says what was posted: no change is lost in silence.
BOOST_AUTO_TEST_CASE(AChangedValueIsRefusedOrShows) {
  Random random(kSeed + 4);
  int accepted = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string json = MakeRandomReceipt(random).json;
    const std::string changed = ChangeOneValue(random, json);
    const Checked before = Check(json), after = Check(changed);
    if (!after.faults.empty()) continue;
    ++accepted;
    const bool shows = Normalised(before.receipt) != Normalised(after.receipt) ||
                       Text(before.warnings) != Text(after.warnings);
    BOOST_REQUIRE_MESSAGE(shows, json + "\n" + changed);
  }
  BOOST_TEST_MESSAGE(accepted << " of " << kMutations << " accepted");
  BOOST_TEST(accepted > kMutations / 20);
  BOOST_TEST(accepted < kMutations);
}

// Bytes out, in, or exchanged anywhere: an answer always comes, and is whole.
BOOST_AUTO_TEST_CASE(BrokenReceiptsGetAnAnswer) {
  Random random(kSeed + 5);
  int parsed = 0;
  for (int i = 0; i < kMutations; ++i) {
    std::string json = MakeRandomReceipt(random).json;
    for (std::int64_t n = Pick(random, 1, 3); n > 0; --n) {
      const auto at = static_cast<std::size_t>(Pick(random, 0, static_cast<int>(json.size()) - 1));
      constexpr std::string_view kSigns = "0123456789-.,:\"{}[]_ aяtrue";
      const char sign = kSigns[static_cast<std::size_t>(Pick(random, 0, kSigns.size() - 1))];
      const std::int64_t how = Pick(random, 0, 2);
      if (how == 0) json.erase(at, 1);
      if (how == 1) json.insert(at, 1, sign);
      if (how == 2) json[at] = sign;
      if (json.empty()) json = "0";
    }
    const auto document = base::ParseJson(json);
    if (!document.ok()) continue;
    ++parsed;
    const Checked checked = CheckReceipt(document->root(), "/0/data", Options());
    for (const Fault& fault : checked.faults) {
      BOOST_REQUIRE(fault.path.substr(0, 7) == "/0/data");
      BOOST_REQUIRE(!FaultText(fault, base::Language::kRussian).empty());
    }
  }
  BOOST_TEST(parsed > kMutations / 20);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
