#include <map>

#include "lib/base/limits.h"
#include "lib/protocol/bit/front.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonReader;
using base::JsonValue;
using testing::LoadTable;

std::string_view SourceOf(const JsonValue& row) {
  const JsonValue* package = row.Find("package");
  return package != nullptr ? package->raw : row.FindText("text");
}

bool Has(const ffd::Faults& faults, std::string_view path, std::string_view code) {
  for (const ffd::Fault& fault : faults) {
    if (fault.path == path && ffd::FaultName(fault.code) == code) return true;
  }
  return false;
}

std::string Show(const ffd::Faults& faults) {
  std::string all;
  for (const ffd::Fault& fault : faults) {
    all.append(fault.path).append(" ").append(ffd::FaultName(fault.code)).append("; ");
  }
  return all;
}

void CheckCommands(const JsonValue& row, const ReadPackageResult& package) {
  const auto& types = row.Find("types")->items;
  BOOST_REQUIRE_EQUAL(package.commands.size(), types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    BOOST_TEST(package.commands[i].type == types[i].text);
    BOOST_TEST(package.commands[i].value->is_object());
    BOOST_TEST(package.commands[i].name == package.commands[i].value->FindText("name"));
  }
  const JsonValue* commands = row.Find("commands");
  BOOST_TEST(package.commands_json == (commands != nullptr ? commands->raw : SourceOf(row)));
}

void CheckRow(const JsonValue& row, JsonReader reader) {
  const auto package = ReadPackage(SourceOf(row), {}, reader);
  if (row.Find("error") != nullptr) {
    BOOST_REQUIRE(!package.ok());
    BOOST_TEST((package.error().code == base::Code::kMalformed));
    return;
  }
  BOOST_REQUIRE_MESSAGE(package.ok(), (package.ok() ? "" : package.error().what));
  const JsonValue* exact = row.Find("faults");
  const JsonValue* some = row.Find("has");
  for (const JsonValue& fault : (exact != nullptr ? exact : some)->items) {
    BOOST_TEST(Has(package->faults, fault.FindText("path"), fault.FindText("code")),
               fault.raw << " not in " << Show(package->faults));
  }
  if (exact != nullptr) {
    BOOST_TEST(package->faults.size() == exact->items.size(), Show(package->faults));
  }
  if (row.Find("types") != nullptr) CheckCommands(row, *package);
}

std::string ReceiptOf(std::size_t items) {
  base::JsonWriter w;
  w.BeginArray().BeginObject().Key("name").String("Чек").Key("type").String(
      "kktReceiptFiscalization");
  w.Key("data").BeginObject().Key("1059").BeginArray();
  for (std::size_t i = 0; i < items; ++i) {
    w.BeginObject().Key("productName_1030").String("Товар " + std::to_string(i + 1));
    w.Key("price_1079").Raw("10.10").Key("qty_1023").Raw("2").Key("amount_1043").Raw("20.20");
    w.Key("unit_2108").Int(0).Key("paymentFormCode_1214").Int(4);
    w.Key("productTypeCode_1212").Int(1).Key("tax_1199").Int(6).EndObject();
  }
  const auto kopecks = static_cast<std::int64_t>(items) * 2020;
  w.EndArray().Key("payments").BeginObject().Key("ecash_1081").Raw(base::FormatMoney({kopecks}));
  w.EndObject().Key("taxationType_1055").Int(1).Key("receiptType_1054").Int(1);
  w.EndObject().EndObject().EndArray();
  return w.Take();
}

BOOST_AUTO_TEST_SUITE(bit_package_test)

BOOST_AUTO_TEST_CASE(PackagesAreReadAndAllTheirFaultsNamed) {
  const auto table = LoadTable("bit/packages.json");
  for (const JsonValue& row : table.root().items) {
    for (const JsonReader reader : {JsonReader::kJsoncpp, JsonReader::kSimdjson}) {
      BOOST_TEST_CONTEXT(row.FindText("name")
                         << (reader == JsonReader::kJsoncpp ? " jsoncpp" : " simdjson")) {
        CheckRow(row, reader);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(TheSampleReceiptIsAcceptable) {
  const std::string sample = testing::ReadData("bit/sample_receipt.json");
  const auto package = ReadPackage(sample, {});
  BOOST_REQUIRE(package.ok());
  BOOST_TEST(package->faults.empty(), Show(package->faults));
  BOOST_REQUIRE_EQUAL(package->commands.size(), 1u);
  BOOST_TEST(package->commands[0].name == "Фискализируем чек");
}

BOOST_AUTO_TEST_CASE(LongReceiptsAreAcceptable) {
  for (const std::size_t items : {20u, 40u, 80u, 250u}) {
    const std::string text = ReceiptOf(items);
    const auto package = ReadPackage(text, {});
    BOOST_REQUIRE(package.ok());
    BOOST_TEST(package->faults.empty(), items << ": " << Show(package->faults));
    BOOST_TEST(package->commands_json == text);
  }
}

BOOST_AUTO_TEST_CASE(AReceiptOverTheLimitOfItemsIsAFault) {
  const auto package = ReadPackage(ReceiptOf(base::kMaxItems + 1), {});
  BOOST_REQUIRE(package.ok());
  BOOST_TEST(!package->faults.empty());
}

BOOST_AUTO_TEST_CASE(FaultsAreCountedUpToALimit) {
  std::string text = "[";
  for (int command = 0; command < 32; ++command) {
    text += command == 0 ? "" : ",";
    text += R"({"type":"kktXReport","data":{)";
    for (int i = 0; i < 20; ++i) {
      text += (i == 0 ? "\"x" : ",\"x") + std::to_string(i) + "_99999\":1";
    }
    text += "}}";
  }
  const auto package = ReadPackage(text + "]", {});
  BOOST_REQUIRE(package.ok());
  BOOST_TEST(package->faults.size() == base::kMaxFaults);
}

BOOST_AUTO_TEST_CASE(DeepNestingIsRefused) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  for (const JsonReader reader : {JsonReader::kJsoncpp, JsonReader::kSimdjson}) {
    BOOST_TEST(!ReadPackage(deep, {}, reader).ok());
  }
}

BOOST_AUTO_TEST_CASE(CommandsStayReadableWhenTheResultIsMoved) {
  auto read = ReadPackage(R"([{"name":"a","type":"kktXReport"}])", {});
  BOOST_REQUIRE(read.ok());
  const ReadPackageResult moved = std::move(read).value();
  BOOST_TEST(moved.commands[0].value->FindText("name") == "a");
}

const ffd::CheckOptions kReplacing{.vat_policy = ffd::VatPolicy::kReplace};

std::string WithRate(std::string_view rate, std::string_view more = "") {
  std::string text = ReceiptOf(2);
  const std::string old = R"("tax_1199":6})";
  const std::size_t at = text.find(old);
  return text.replace(at, old.size(),
                      R"("tax_1199":)" + std::string(rate) + std::string(more) + "}");
}

BOOST_AUTO_TEST_CASE(AnExpiredVatRateIsRefusedWarnedOfOrReplacedAsTheShopWants) {
  const std::string text = WithRate("1");
  const auto refused = ReadPackage(text, {});
  BOOST_TEST(Has(refused->faults, "/0/data/1059/0/tax_1199", "vat_rate_expired"),
             Show(refused->faults));
  const auto warned = ReadPackage(text, {.vat_policy = ffd::VatPolicy::kWarn});
  BOOST_TEST(warned->faults.empty());
  BOOST_TEST(Has(warned->warnings, "/0/data/1059/0/tax_1199", "vat_rate_expired"));
  BOOST_TEST(warned->commands_json == text);
  const auto replaced = ReadPackage(text, kReplacing);
  BOOST_TEST(replaced->faults.empty(), Show(replaced->faults));
  BOOST_TEST(Has(replaced->warnings, "/0/data/1059/0/tax_1199", "vat_rate_replaced"));
  BOOST_TEST(replaced->commands_json == WithRate("11"));
}

BOOST_AUTO_TEST_CASE(AReplacedRateTakesTheAmountsOfTheOldOneWithIt) {
  const auto package = ReadPackage(WithRate("\"3\"", R"(,"vatAmount_1200":"3.37")"), kReplacing);
  BOOST_REQUIRE(package.ok());
  BOOST_TEST(package->faults.empty(), Show(package->faults));
  BOOST_TEST(package->commands_json == WithRate("\"12\"", R"(,"vatAmount_1200":"3.64")"));
  BOOST_REQUIRE_EQUAL(package->receipts.size(), 1u);
  BOOST_TEST(package->receipts[0].receipt.items[0].vat_1199 == 12);
}

BOOST_AUTO_TEST_CASE(ValidRatesAreLeftAsPosted) {
  const std::string text = WithRate("11.0", R"(,"vatAmount_1200":3.64)");
  BOOST_TEST(ReadPackage(text, kReplacing)->commands_json == text);
}

BOOST_AUTO_TEST_CASE(EachReceiptComesWithItsPlaceAndItsSize) {
  std::string text = ReceiptOf(3);
  text.insert(1, R"({"type":"kktXReport"},)");
  const auto package = ReadPackage(text, {});
  BOOST_REQUIRE(package.ok());
  BOOST_REQUIRE_EQUAL(package->receipts.size(), 1u);
  BOOST_TEST(package->receipts[0].command == 1u);
  BOOST_TEST(package->receipts[0].receipt.items.size() == 3u);
  BOOST_TEST(package->receipts[0].size.document > package->receipts[0].size.largest_item);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
