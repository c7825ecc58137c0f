#include "lib/ffd/check.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <set>

#include "lib/base/limits.h"
#include "lib/ffd/fault_table.h"
#include "lib/ffd/normalised.h"
#include "lib/ffd/reader.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/card_number.h"
#include "tests/unit/ffd/check_options_json.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::ffd {
namespace {

using fiscalgate::testing::LoadTable;
using testing::OptionsOf;

constexpr std::string_view kTables[] = {"accepted", "form",    "sums",      "limits", "versions",
                                        "identity", "agents",  "marking",   "vat",    "taxation",
                                        "internet", "methods", "correction"};

std::string TableName(std::string_view name) { return "ffd/" + std::string(name) + ".json"; }

// "code path (detail)", one a line, sorted; the detail where the table asks for one.
std::string Expected(const base::JsonValue& row, std::string_view key) {
  std::multiset<std::string> lines;
  for (const base::JsonValue& fault : row.Find(key)->items) {
    std::string line =
        std::string(fault.FindText("code")) + " " + std::string(fault.FindText("path"));
    if (const auto* detail = fault.Find("detail")) line += " (" + std::string(detail->text) + ")";
    lines.insert(line);
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string Found(const Faults& faults, const base::JsonValue& row, std::string_view key) {
  std::multiset<std::string> lines;
  for (const Fault& fault : faults) {
    std::string line = std::string(FaultName(fault.code)) + " " + fault.path;
    for (const base::JsonValue& wanted : row.Find(key)->items) {
      if (wanted.Find("detail") != nullptr && wanted.FindText("path") == fault.path &&
          wanted.FindText("code") == FaultName(fault.code)) {
        line += " (" + fault.detail + ")";
        break;
      }
    }
    lines.insert(line);
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

Checked Check(const std::string& json, const CheckOptions& options = {}) {
  const auto document = base::ParseJson(json);
  BOOST_REQUIRE(document.ok());
  return CheckReceipt(document->root(), "", options);
}

std::string Normalised(const Receipt& receipt) {
  base::JsonWriter writer;
  WriteNormalisedReceipt(receipt, &writer);
  return writer.Take();
}

std::string Many(std::size_t count) {
  std::string json = R"({"payments":{"cash_1031":)" + std::to_string(count) +
                     R"(},"t_1055":1,"r_1054":1,"1059":[)";
  for (std::size_t i = 0; i < count; ++i) {
    json += i == 0 ? "" : ",";
    json += R"({"n_1030":"чай","p_1079":1,"q_1023":1,"v_1199":6,"u_2108":0,"m_1214":4,"s_1212":1})";
  }
  return json + "]}";
}

BOOST_AUTO_TEST_SUITE(check_test)

BOOST_AUTO_TEST_CASE(EveryRowOfTheTablesIsFoundAsWritten) {
  for (const std::string_view table : kTables) {
    const auto document = LoadTable(TableName(table));
    for (const base::JsonValue& row : document.root().items) {
      const std::string name = std::string(table) + "/" + std::string(row.FindText("name"));
      const Checked checked = CheckReceipt(*row.Find("receipt"), "", OptionsOf(row));
      BOOST_TEST(Found(checked.faults, row, "faults") == Expected(row, "faults"), name);
      BOOST_TEST(Found(checked.warnings, row, "warnings") == Expected(row, "warnings"), name);
      for (const Fault& fault : checked.faults) BOOST_TEST((fault.severity == Severity::kError));
      for (const Fault& fault : checked.warnings)
        BOOST_TEST((fault.severity == Severity::kWarning));
    }
  }
}

BOOST_AUTO_TEST_CASE(EveryCodeCanOccur) {
  std::set<std::string> seen;
  for (const std::string_view table : kTables) {
    const auto document = LoadTable(TableName(table));
    for (const base::JsonValue& row : document.root().items) {
      const Checked checked = CheckReceipt(*row.Find("receipt"), "", OptionsOf(row));
      for (const Fault& fault : checked.faults) seen.emplace(FaultName(fault.code));
      for (const Fault& fault : checked.warnings) seen.emplace(FaultName(fault.code));
    }
  }
  // The package around receipts.
  std::string many = "[{\"type\":\"kktFly\"}";
  for (std::size_t i = 0; i < base::kMaxCommands; ++i) many += ",{\"type\":\"kktCloseShift\"}";
  for (const std::string& package : {std::string(R"([{"type":"kktFly"}])"), many + "]"}) {
    const auto read = protocol::bit::ReadPackage(package, {});
    BOOST_REQUIRE(read.ok());
    for (const Fault& fault : read->faults) seen.emplace(FaultName(fault.code));
  }
  // What a register's provider cannot be told, and what nobody may be told.
  const auto posted = base::ParseJson(
      R"({"r_1054":1,"t_1055":1,"1059":[{"n_1030":"4111 1111 1111 1111","v_1199":2}]})");
  BOOST_REQUIRE(posted.ok());
  Faults faults;
  const Receipt receipt = ReadReceipt(posted->root(), "", {}, &faults);
  for (const Faults& more :
       {protocol::CheckExpressible(receipt, FfdVersion::k12,
                                   protocol::Mapping(protocol::bifit::Table())),
        protocol::FindCardData(posted->root(), "")}) {
    for (const Fault& fault : more) seen.emplace(FaultName(fault.code));
  }
  for (const FaultRow& row : AllFaults())
    BOOST_TEST(seen.count(std::string(row.name)) == 1u, row.name);
}

BOOST_AUTO_TEST_CASE(WarningsOfTheTableNeverBlock) {
  for (const std::string_view table : kTables) {
    const auto document = LoadTable(TableName(table));
    for (const base::JsonValue& row : document.root().items) {
      const Checked checked = CheckReceipt(*row.Find("receipt"), "", OptionsOf(row));
      for (const Fault& fault : checked.faults) {
        BOOST_TEST((RowOf(fault.code).rank != FaultRank::kWarning), FaultName(fault.code));
      }
      for (const Fault& fault : checked.warnings) {
        BOOST_TEST((RowOf(fault.code).rank != FaultRank::kError), FaultName(fault.code));
      }
    }
  }
}

// What is accepted reads the same after it was written in the fixed form.
BOOST_AUTO_TEST_CASE(TheNormalisedFormIsAFixedPoint) {
  for (const std::string_view table : kTables) {
    const auto document = LoadTable(TableName(table));
    for (const base::JsonValue& row : document.root().items) {
      const CheckOptions options = OptionsOf(row);
      const Checked checked = CheckReceipt(*row.Find("receipt"), "", options);
      if (!checked.faults.empty()) continue;
      const std::string first = Normalised(checked.receipt);
      const Checked again = Check(first, options);
      BOOST_TEST(again.faults.empty(), first);
      BOOST_TEST(Normalised(again.receipt) == first);
      BOOST_TEST(again.size.document == checked.size.document, first);
    }
  }
}

BOOST_AUTO_TEST_CASE(ThreeHundredFaultsComeBackTogether) {
  const std::string item = R"({"n_1030":"","p_1079":-1,"q_1023":1,"v_1199":99,"u_2108":0,)"
                           R"("m_1214":4,"s_1212":1})";
  std::string json = R"({"payments":{"cash_1031":1},"t_1055":1,"r_1054":1,"1059":[)" + item;
  for (int i = 1; i < 100; ++i) json += "," + item;
  const Checked checked = Check(json + "]}");
  BOOST_TEST(checked.faults.size() == 300u);
  std::set<std::string> places;
  for (const Fault& fault : checked.faults) places.insert(fault.path);
  BOOST_TEST(places.size() == 300u);
}

BOOST_AUTO_TEST_CASE(UnknownKeysNameTheirNeighbour) {
  const Checked checked = Check(R"({"receiptTyp_9054":1,"paymants":{}})");
  BOOST_REQUIRE(checked.faults.size() >= 2u);
  BOOST_TEST(checked.faults[0].hint == "receiptType_1054");
  BOOST_TEST(checked.faults[1].hint == "payments");
}

BOOST_AUTO_TEST_CASE(HintsAreCounted) {
  std::string json = "{";
  for (int i = 0; i < 100; ++i) json += "\"receiptTyp_9" + std::to_string(100 + i) + "\":1,";
  json.back() = '}';
  const Checked checked = Check(json);
  const auto hints = std::count_if(checked.faults.begin(), checked.faults.end(),
                                   [](const Fault& fault) { return !fault.hint.empty(); });
  BOOST_TEST(static_cast<std::size_t>(hints) == base::kMaxFaultHints);
}

BOOST_AUTO_TEST_CASE(TheSeparatorOfAMarkingCodeSurvives) {
  const auto table = LoadTable("ffd/accepted.json");
  int codes = 0;
  for (const base::JsonValue& row : table.root().items) {
    const std::string_view name = row.FindText("name");
    if (name != "marked_piece" && name != "marked_in_base64") continue;
    const Checked checked = CheckReceipt(*row.Find("receipt"), "", OptionsOf(row));
    BOOST_REQUIRE(checked.receipt.items[0].extras.has_value());
    const std::string& code = checked.receipt.items[0].extras->marking_code_2000;
    BOOST_TEST(code.substr(0, 38) ==
               "0104601234567890215AbCdEfGhIjKl\x1D"
               "91EE06");
    BOOST_TEST(Normalised(checked.receipt).find("\\u001d") != std::string::npos);
    ++codes;
  }
  BOOST_TEST(codes == 2);
}

BOOST_AUTO_TEST_CASE(AReplacedRateIsPrinted) {
  const auto table = LoadTable("ffd/vat.json");
  for (const base::JsonValue& row : table.root().items) {
    if (row.FindText("name") != "twenty_replaced_with_its_sums") continue;
    const Checked checked = CheckReceipt(*row.Find("receipt"), "", OptionsOf(row));
    BOOST_TEST(checked.receipt.items[0].vat_1199 == 12);
    BOOST_TEST(checked.receipt.items[0].extras->vat_amount_1200.kopecks == 198);
    return;
  }
  BOOST_FAIL("no such row");
}

// In Kamchatka the year begins nine hours before it does in Moscow.
BOOST_AUTO_TEST_CASE(TheDateIsThatOfTheZoneTheReceiptNames) {
  const std::string item = R"({"n_1030":"чай","p_1079":1,"q_1023":1,"v_1199":11,"u_2108":0,)"
                           R"("m_1214":4,"s_1212":1})";
  const auto sale = [&](const std::string& zone) {
    return R"({"payments":{"cash_1031":1},"t_1055":1,"r_1054":1,)" + zone + R"("1059":[)" + item +
           "]}";
  };
  const CheckOptions options{.date = MakeDay(2025, 12, 31),
                             .now = MakeDay(2025, 12, 31) + std::chrono::hours(13)};
  BOOST_TEST(Check(sale(R"("timeZone_1011":11,)"), options).faults.empty());
  for (const std::string zone : {"", R"("timeZone_1011":2,)"}) {
    const Checked checked = Check(sale(zone), options);
    BOOST_REQUIRE(checked.faults.size() == 1u);
    BOOST_TEST((checked.faults[0].code == FaultCode::kVatNotYet));
  }
}

BOOST_AUTO_TEST_CASE(TooManyItemsAreOneFaultWithTheProvidersLimit) {
  const std::string many = Many(base::kMaxItems + 1);
  for (const auto& [provider, limit] :
       {std::pair(Provider::kAtol, "100"), std::pair(Provider::kBit, "250")}) {
    const Checked checked = Check(many, {.provider = provider});
    BOOST_REQUIRE(checked.faults.size() == 1u);
    BOOST_TEST((checked.faults[0].code == FaultCode::kTooManyItems));
    BOOST_TEST(checked.faults[0].detail == limit);
  }
}

BOOST_AUTO_TEST_CASE(AContactNeverShowsInAFault) {
  const Checked checked = Check(R"({"c_1008":"«тайна»@example.ru","s_1117":"x"})");
  for (const Faults* list : {&checked.faults, &checked.warnings}) {
    for (const Fault& fault : *list) {
      BOOST_TEST(fault.detail.find("тайна") == std::string::npos, FaultName(fault.code));
    }
  }
}

// The least processor time of several runs.
std::clock_t TimeOf(std::size_t items) {
  const auto document = base::ParseJson(Many(items));
  BOOST_REQUIRE(document.ok());
  std::clock_t least = 0;
  for (int run = 0; run < 7; ++run) {
    const std::clock_t begin = std::clock();
    for (int i = 0; i < 20; ++i) {
      BOOST_REQUIRE(CheckReceipt(document->root(), "", {}).faults.empty());
    }
    const std::clock_t taken = std::clock() - begin;
    least = run == 0 ? taken : std::min(least, taken);
  }
  return std::max<std::clock_t>(least, 1);
}

// Five times the items take five times as long; fifteen is not yet twenty-five.
BOOST_AUTO_TEST_CASE(TimeGrowsWithTheItems) {
  const std::clock_t few = TimeOf(50), many = TimeOf(250);
  BOOST_TEST_MESSAGE("50 items: " << few / 20 << " us, 250 items: " << many / 20 << " us");
  BOOST_TEST(many < few * 15);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
