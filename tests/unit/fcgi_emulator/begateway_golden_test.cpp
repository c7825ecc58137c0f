#include <algorithm>

#include "lib/base/text.h"
#include "tests/unit/fcgi_emulator/begateway_fixture.h"

// The documents' samples: their request is posted, and what comes back has to be what they show,
// but for what is made anew for each transaction.
namespace fiscalgate::testing {
namespace {

using base::JsonKind;
using base::JsonValue;

constexpr std::string_view kMadeAnew[] = {"uid",
                                          "id",
                                          "created_at",
                                          "updated_at",
                                          "paid_at",
                                          "stamp",
                                          "receipt_url",
                                          "redirect_url",
                                          "rrn",
                                          "fp",
                                          "ofd_id",
                                          "serial_id",
                                          "ofd_qr_code",
                                          "receipt_num",
                                          "deviceRN",
                                          "fsNumber",
                                          "processedAt",
                                          "shiftNumber",
                                          "documentIndex",
                                          "processedAtTz",
                                          "documentNumber",
                                          "companyName"};

// A line for each value: its place, and the value or, if it is made anew, its kind.
void Flatten(const JsonValue& value, const std::string& place, std::string* out) {
  for (const auto& [key, member] : value.members) {
    const bool is_new =
        std::find(std::begin(kMadeAnew), std::end(kMadeAnew), key) != std::end(kMadeAnew);
    if (is_new) {
      *out += place + "/" + std::string(key) + " kind " +
              std::to_string(static_cast<int>(member.kind)) + "\n";
    } else {
      Flatten(member, place + "/" + std::string(key), out);
    }
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    Flatten(value.items[i], place + "/" + std::to_string(i), out);
  }
  if (value.items.empty() && value.members.empty())
    *out += place + " " + std::string(value.raw) + "\n";
}

std::string Flat(const std::string& json) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE(document.ok());
  std::string out;
  Flatten(document->root(), "", &out);
  return out;
}

std::string Sample(const std::string& name) {
  return testing::ReadFile("tests/data/begateway/" + name + ".json");
}

struct Fixture : BegatewayFixture {
  // The samples are of 2023; their cards have ended since.
  Fixture() { clock.JumpWall(-std::chrono::hours(24 * 365 * 3)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_begateway_golden, Fixture)

BOOST_AUTO_TEST_CASE(TheSamplesAreAnsweredAsTheDocumentsShow) {
  for (const std::string profile : {"bepaid", "freepayment"}) {
    const auto first = PostBody("/transactions/payments", Sample(profile + "_request"));
    BOOST_TEST(first.status == 200);
    BOOST_TEST(Flat(first.body) == Flat(Sample(profile + "_first_answer")));
    Processed();
    const auto later = Call(wire::ByUid(account, wire::Api::kCards, One(first).uid));
    BOOST_TEST(Flat(later.body) == Flat(Sample(profile + "_status_answer")));
  }
}

BOOST_AUTO_TEST_CASE(CardNumbersAndCodesAreNotKept) {
  PostBody("/transactions/payments", Sample("bepaid_request"));
  const std::string kept = testing::ReadFile(dir.File("ledger.jsonl"));
  BOOST_TEST(kept.find("your_uniq_number") != std::string::npos);
  BOOST_TEST(kept.find("5555444433331111") == std::string::npos);
  BOOST_TEST(kept.find("737") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
