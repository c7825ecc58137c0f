#include "lib/ffd/reader.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/ffd/reading.h"

namespace fiscalgate::ffd {
namespace {

using testing::kSample;
using testing::Read;
using testing::Reading;
using testing::Replaced;

// The faults of the sample with one thing changed.
std::string FaultsWith(std::string_view what, std::string_view with, bool lenient = false) {
  return Read(Replaced(kSample, what, with), lenient).Text();
}

constexpr std::string_view kItem =
    R"({"n_1030":"x","p_1079":1,"q_1023":1,"v_1199":6,"m_1214":4,"s_1212":1})";

std::string WithItems(std::string_view items, std::string_view payment = "1") {
  return "{" + std::string(items) + R"(,"payments":{"cash_1031":)" + std::string(payment) +
         R"(},"t_1055":1,"r_1054":1})";
}

BOOST_AUTO_TEST_SUITE(reader_test)

BOOST_AUTO_TEST_CASE(TheVendorsSampleIsAccepted) {
  const Reading reading = Read(kSample);
  BOOST_TEST(reading.Text() == "");
  const Receipt& receipt = reading.receipt;
  BOOST_TEST(receipt.type_1054 == 1);
  BOOST_TEST(receipt.taxation_1055 == 1);
  BOOST_TEST(receipt.buyer_contact_1008 == "buyer@example.ru");
  BOOST_TEST(receipt.cashier_name_1021 == "Иванова А. П.");
  BOOST_TEST(receipt.electronic);
  BOOST_REQUIRE(receipt.items.size() == 1u);
  BOOST_TEST(receipt.items[0].name_1030 == "чайник");
  BOOST_TEST(receipt.items[0].sum_1043.kopecks == 1100);
  BOOST_TEST(receipt.items[0].unit_2108 == 10);
  BOOST_TEST(receipt.items[0].vat_1199 == 6);
  BOOST_TEST(receipt.items[0].method_1214 == 2);
  BOOST_TEST(receipt.items[0].subject_1212 == 3);
  BOOST_TEST(receipt.Total().kopecks == 1100);
  BOOST_TEST(receipt.payments.Total().kopecks == 1100);
  BOOST_TEST(receipt.payments.NonCash().kopecks == 100);
}

BOOST_AUTO_TEST_CASE(ItemsMayStandInEveryDialect) {
  const std::string item(kItem);
  const std::string dialects[] = {
      WithItems("\"purchases\":[" + item + "," + item + "]", "2"),
      WithItems("\"1059\":[" + item + "," + item + "]", "2"),
      WithItems("\"goods_1059\":[" + item + "," + item + "]", "2"),
      WithItems("\"purchase1_1059\":" + item + ",\"purchase2_1059\":" + item, "2"),
      WithItems("\"pp_1059\":" + item + ",\"1059\":" + item, "2"),
  };
  for (const std::string& json : dialects) {
    const Reading reading = Read(json);
    BOOST_TEST(reading.Text() == "", json);
    BOOST_TEST(reading.receipt.items.size() == 2u, json);
    BOOST_TEST(reading.receipt.Total().kopecks == 200, json);
  }
}

BOOST_AUTO_TEST_CASE(SingleItemsKeepTheOrderOfTheSource) {
  const Reading reading =
      Read(WithItems("\"z_1059\":" + Replaced(kItem, "\"x\"", "\"first\"") +
                         ",\"a_1059\":" + Replaced(kItem, "\"x\"", "\"second\""),
                     "2"));
  BOOST_REQUIRE(reading.receipt.items.size() == 2u);
  BOOST_TEST(reading.receipt.items[0].name_1030 == "first");
  BOOST_TEST(reading.receipt.items[1].name_1030 == "second");
}

BOOST_AUTO_TEST_CASE(TwoListsOfItemsAreAFault) {
  const std::string list = "[" + std::string(kItem) + "]";
  BOOST_TEST(Read(WithItems("\"purchases\":" + list + ",\"1059\":" + list)).Text() ==
             "duplicate_tag /0/data/1059 (1059)\n");
  BOOST_TEST(Read(WithItems("\"1059\":" + list + ",\"pp_1059\":" + std::string(kItem))).Text() ==
             "duplicate_tag /0/data/pp_1059 (1059)\n");
  BOOST_TEST(Read(WithItems("\"pp_1059\":" + std::string(kItem) + ",\"1059\":" + list)).Text() ==
             "duplicate_tag /0/data/1059 (1059)\n");
}

BOOST_AUTO_TEST_CASE(EveryRequiredItemValueIsAsked) {
  BOOST_TEST(Read(WithItems("\"purchases\":[{}]")).Text() ==
             "missing /0/data/purchases/0/productName_1030\n"
             "missing /0/data/purchases/0/price_1079\n"
             "missing /0/data/purchases/0/qty_1023\n"
             "missing /0/data/purchases/0/tax_1199\n"
             "missing /0/data/purchases/0/paymentFormCode_1214\n"
             "missing /0/data/purchases/0/productTypeCode_1212\n");
}

BOOST_AUTO_TEST_CASE(EveryRequiredReceiptValueIsAsked) {
  BOOST_TEST(Read("{}").Text() ==
             "missing /0/data/receiptType_1054\n"
             "missing /0/data/taxationType_1055\n"
             "missing /0/data/purchases\n"
             "missing /0/data/payments\n");
  BOOST_TEST(
      Read(R"({"receiptType_1054":null,"x_1055":null,"purchases":[],"payments":{}})").Text() ==
      "empty /0/data/purchases\n"
      "missing /0/data/receiptType_1054\n"
      "missing /0/data/taxationType_1055\n");
}

BOOST_AUTO_TEST_CASE(WrongTypesAreNamed) {
  for (const std::string_view json : {"[]", "null", "1", "\"x\"", "true"}) {
    BOOST_TEST(Read(json).Text() == "wrong_type /0/data (object)\n", json);
  }
  BOOST_TEST(FaultsWith("\"чайник\"", "{}") ==
             "wrong_type /0/data/purchases/0/productName_1030 (string)\n");
  BOOST_TEST(FaultsWith("11.00", "[]") == "wrong_type /0/data/purchases/0/price_1079 (number)\n");
  BOOST_TEST(FaultsWith("true}", "1}") == "wrong_type /0/data/electronically (boolean)\n");
  BOOST_TEST(FaultsWith("\"со свистком\"", "[1]") ==
             "wrong_type /0/data/purchases/0/additionalAttribut_1191 (string)\n");
  BOOST_TEST(Read(WithItems("\"purchases\":{}")).Text() ==
             "wrong_type /0/data/purchases (array)\n");
  BOOST_TEST(Read(WithItems("\"purchases\":[1,\"x\"]")).Text() ==
             "wrong_type /0/data/purchases/0 (object)\n"
             "wrong_type /0/data/purchases/1 (object)\n");
  BOOST_TEST(Read(R"({"purchases":[],"payments":[],"x_1054":1,"x_1055":1})").Text() ==
             "empty /0/data/purchases\nwrong_type /0/data/payments (object)\n");
}

BOOST_AUTO_TEST_CASE(NumbersMayBeTexts) {
  std::string json = Replaced(kSample, "11.00", "\" 11.00 \"");
  json = Replaced(json, "\"qty_1023\": 1.00", "\"qty_1023\": \"1\"");
  json = Replaced(json, "\"tax_1199\": 6", "\"tax_1199\": \"6\"");
  json = Replaced(json, "\"cash_1031\": 10.00", "\"cash_1031\": \"10\"");
  json = Replaced(json, "\"taxationType_1055\": 1", "\"taxationType_1055\": \"1\"");
  json = Replaced(json, "\"receiptType_1054\": 1", "\"receiptType_1054\": 1.0");
  json = Replaced(json, "\"cashierInn_1203\": \"\"", "\"cashierInn_1203\": 123456789047");
  BOOST_TEST(Read(json).Text() == "");
}

BOOST_AUTO_TEST_CASE(BadNumbersAreNamed) {
  BOOST_TEST(FaultsWith("11.00", "\"11,00\"") ==
             "bad_number /0/data/purchases/0/price_1079 (11,00)\n");
  BOOST_TEST(FaultsWith("11.00", "1.1e1") == "bad_number /0/data/purchases/0/price_1079 (1.1e1)\n");
  BOOST_TEST(FaultsWith("11.00", "11.001") ==
             "too_many_places /0/data/purchases/0/price_1079 (2)\n");
  BOOST_TEST(FaultsWith("11.00", "-11") == "negative /0/data/purchases/0/price_1079 (-11)\n");
  BOOST_TEST(FaultsWith("11.00", "100000000") ==
             "out_of_range /0/data/purchases/0/price_1079 (100000000)\n");
  BOOST_TEST(FaultsWith("\"qty_1023\": 1.00", "\"qty_1023\": 0") ==
             "out_of_range /0/data/purchases/0/qty_1023 (0)\n");
  BOOST_TEST(FaultsWith("\"qty_1023\": 1.00", "\"qty_1023\": 0.0000001") ==
             "too_many_places /0/data/purchases/0/qty_1023 (6)\n");
  BOOST_TEST(FaultsWith("\"cash_1031\": 10.00", "\"cash_1031\": -10") ==
             "negative /0/data/payments/cash_1031 (-10)\n");
  BOOST_TEST(FaultsWith("\"tax_1199\": 6", "\"tax_1199\": 6.5") ==
             "bad_number /0/data/purchases/0/tax_1199 (6.5)\n");
  BOOST_TEST(FaultsWith("\"tax_1199\": 6", "\"tax_1199\": 99999999999999999999") ==
             "out_of_range /0/data/purchases/0/tax_1199 (99999999999999999999)\n");
  BOOST_TEST(FaultsWith("\"tax_1199\": 6", "\"tax_1199\": \"\"") ==
             "bad_number /0/data/purchases/0/tax_1199\n");
}

BOOST_AUTO_TEST_CASE(NumbersOutsideTheirEnumerationAreNamed) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"\"tax_1199\": 6", "tax_1199"},
      {"\"paymentFormCode_1214\": 2", "paymentFormCode_1214"},
      {"\"productTypeCode_1212\": 3", "productTypeCode_1212"}};
  for (const auto& [what, key] : kCases) {
    for (const std::string_view value : {"0", "28", "255"}) {
      BOOST_TEST(FaultsWith(what, "\"" + std::string(key) + "\": " + std::string(value)) ==
                 "bad_enum /0/data/purchases/0/" + std::string(key) + " (" + std::string(value) +
                     ")\n");
    }
  }
  BOOST_TEST(FaultsWith("\"tax_1199\": 6", "\"tax_1199\": 12") == "");
  BOOST_TEST(FaultsWith("\"tax_1199\": 6", "\"tax_1199\": 13") ==
             "bad_enum /0/data/purchases/0/tax_1199 (13)\n");
  BOOST_TEST(FaultsWith("\"productTypeCode_1212\": 3", "\"productTypeCode_1212\": 33") == "");
}

BOOST_AUTO_TEST_CASE(ReceiptTypeZeroIsASaleOnlyWhenLenient) {
  for (const std::string_view type : {"0", "5"}) {
    BOOST_TEST(
        FaultsWith("\"receiptType_1054\": 1", "\"receiptType_1054\": " + std::string(type)) ==
        "bad_enum /0/data/receiptType_1054 (" + std::string(type) + ")\n");
  }
  const Reading mended =
      Read(Replaced(kSample, "\"receiptType_1054\": 1", "\"receiptType_1054\": 0"), true);
  BOOST_TEST(mended.Text() == "");
  BOOST_TEST(mended.receipt.type_1054 == 1);
}

BOOST_AUTO_TEST_CASE(TaxationIsExactlyOneBit) {
  for (const int bit : {1, 2, 4, 8, 16, 32}) {
    const Reading reading = Read(Replaced(kSample, "\"taxationType_1055\": 1",
                                          "\"taxationType_1055\": " + std::to_string(bit)));
    BOOST_TEST(reading.Text() == "");
    BOOST_TEST(reading.receipt.taxation_1055 == bit);
  }
  BOOST_TEST(FaultsWith("\"taxationType_1055\": 1", "\"taxationType_1055\": 5") ==
             "several_bits /0/data/taxationType_1055 (5)\n");
  for (const std::string_view value : {"0", "64", "65"}) {
    BOOST_TEST(
        FaultsWith("\"taxationType_1055\": 1", "\"taxationType_1055\": " + std::string(value)) ==
        "bad_enum /0/data/taxationType_1055 (" + std::string(value) + ")\n");
  }
  const Reading mended =
      Read(Replaced(kSample, "\"taxationType_1055\": 1", "\"taxationType_1055\": 5"), true);
  BOOST_TEST(mended.Text() == "");
  BOOST_TEST(mended.receipt.taxation_1055 == 1);
}

BOOST_AUTO_TEST_CASE(AnEmptyNameIsAFault) {
  BOOST_TEST(FaultsWith("\"чайник\"", "\"  \"") == "empty /0/data/purchases/0/productName_1030\n");
}

BOOST_AUTO_TEST_CASE(TheItemSumMayDifferByAKopeck) {
  const auto with_sum = [](std::string_view sum, std::string_view cash) {
    const std::string item =
        R"("purchases":[{"n_1030":"x","p_1079":3.33,"q_1023":0.333,"a_1043":)" + std::string(sum) +
        R"(,"v_1199":6,"m_1214":4,"s_1212":1}])";
    return Read(WithItems(item, cash));
  };
  // 3.33 x 0.333 = 1.10889
  for (const std::string_view sum : {"1.10", "1.11", "1.12"}) {
    const Reading reading = with_sum(sum, sum);
    BOOST_TEST(reading.Text() == "", sum);
    BOOST_TEST(base::FormatMoney(reading.receipt.Total()) == sum);
  }
  for (const std::string_view sum : {"1.09", "1.13"}) {
    BOOST_TEST(with_sum(sum, sum).Text() ==
               "item_sum_mismatch /0/data/purchases/0/amount_1043 (1.11)\n");
  }
}

BOOST_AUTO_TEST_CASE(PaymentsMustCoverTheTotal) {
  BOOST_TEST(FaultsWith("10.00", "9.99") == "payments_too_low /0/data/payments (11.00)\n");
  BOOST_TEST(FaultsWith("10.00", "9.99", true) == "");
  BOOST_TEST(FaultsWith("10.00", "500.00") == "");  // change from cash
}

BOOST_AUTO_TEST_CASE(ChangeCannotComeFromNonCash) {
  BOOST_TEST(FaultsWith("\"ecash_1081\": 1.00", "\"ecash_1081\": 11.01") ==
             "non_cash_too_high /0/data/payments (11.00)\n");
  BOOST_TEST(FaultsWith("\"ecash_1081\": 1.00", "\"ecash_1081\": 11.01", true) == "");
  BOOST_TEST(FaultsWith("\"ecash_1081\": 1.00", "\"ecash_1081\": 11.00") == "");
}

BOOST_AUTO_TEST_CASE(SomethingMustBePaidUnlessTheTotalIsZero) {
  const std::string unpaid =
      Replaced(Replaced(kSample, "10.00", "0"), "\"ecash_1081\": 1.00", "\"ecash_1081\": 0");
  BOOST_TEST(Read(unpaid).Text() == "no_payment /0/data/payments\n");
  BOOST_TEST(Read(Replaced(unpaid, "11.00", "0")).Text() == "");
}

BOOST_AUTO_TEST_CASE(AGivenTotalIsTheSumOrTheSumWithoutKopecks) {
  const auto with_total = [](std::string_view total) {
    const std::string json = Replaced(kSample, "11.00", "10.99");
    return Read(Replaced(json, "{", "{\"total_1020\": " + std::string(total) + ",")).Text();
  };
  BOOST_TEST(with_total("10.99") == "");
  BOOST_TEST(with_total("10") == "");
  BOOST_TEST(with_total("10.98") == "total_mismatch /0/data/total_1020 (10.99)\n");
  BOOST_TEST(with_total("11") == "total_mismatch /0/data/total_1020 (10.99)\n");
}

BOOST_AUTO_TEST_CASE(ATotalBeyondTheLimitIsAFault) {
  const std::string item = Replaced(kItem, "\"p_1079\":1", "\"p_1079\":99999999.99");
  BOOST_TEST(
      Read(WithItems("\"purchases\":[" + item + "," + std::string(kItem) + "]", "99999999.99"))
          .Text() == "out_of_range /0/data (100000000.99)\n");
  BOOST_TEST(
      Read(WithItems("\"purchases\":[" + Replaced(item, "\"q_1023\":1", "\"q_1023\":2") + "]"))
          .Text() == "out_of_range /0/data/purchases/0/amount_1043\n");
}

BOOST_AUTO_TEST_CASE(KeysThatAreNoTagsAreFaults) {
  BOOST_TEST(FaultsWith("\"electronically\"", "\"electronicaly\"") ==
             "not_a_tag /0/data/electronicaly (electronicaly)\n");
  BOOST_TEST(FaultsWith("\"unit_2108\"", "\"unit_9108\"") ==
             "unknown_tag /0/data/purchases/0/unit_9108 (9108)\n");
  BOOST_TEST(FaultsWith("\"unit_2108\"", "\"sum\"") == "not_a_tag /0/data/purchases/0/sum (sum)\n");
  BOOST_TEST(FaultsWith("\"barter_1217\"", "\"barter\"") ==
             "not_a_tag /0/data/payments/barter (barter)\n");
}

BOOST_AUTO_TEST_CASE(TagsInTheWrongPlaceAreFaults) {
  BOOST_TEST(FaultsWith("\"electronically\": true", "\"cash_1031\": 5") ==
             "tag_not_here /0/data/cash_1031 (1031)\n");
  BOOST_TEST(FaultsWith("\"unit_2108\"", "\"x_1055\"") ==
             "tag_not_here /0/data/purchases/0/x_1055 (1055)\n");
  BOOST_TEST(FaultsWith("\"barter_1217\"", "\"x_1054\"") ==
             "tag_not_here /0/data/payments/x_1054 (1054)\n");
}

BOOST_AUTO_TEST_CASE(ATagGivenTwiceIsAFault) {
  BOOST_TEST(FaultsWith("\"additionalAttribut_1191\": \"со свистком\"", "\"cost_1079\": 11") ==
             "duplicate_tag /0/data/purchases/0/cost_1079 (1079)\n");
}

BOOST_AUTO_TEST_CASE(GroupsAreReadInEveryForm) {
  const auto with = [](std::string_view member) { return FaultsWith("\"unit_2108\": 10", member); };
  BOOST_TEST(with(R"("agent":{"agentCode_1222":1,"supplierPhone_1171":"+79160000000"})") == "");
  BOOST_TEST(with(R"("markirovka":{"markingCode_2000":"MDE=","part_1291":"1/10"})") == "");
  BOOST_TEST(with(R"("industryInfo_1261":[{"foivId_1262":"030","foivDate_1263":"21.11.2023"}])") ==
             "");
  BOOST_TEST(with(R"("x_1223":{"a_1044":"x"})") == "");
  BOOST_TEST(with(R"("agent":null)") == "");
  BOOST_TEST(with(R"("agent":{"phone":"x"})") ==
             "not_a_tag /0/data/purchases/0/agent/phone (phone)\n");
  BOOST_TEST(with(R"("agent":5)") == "wrong_type /0/data/purchases/0/agent (object)\n");
  BOOST_TEST(with(R"("x_1261":[{},5])") == "wrong_type /0/data/purchases/0/x_1261/1 (object)\n");
  BOOST_TEST(FaultsWith("\"electronically\": true",
                        R"("clientInfo":{"name_1227":"ООО","inn_1228":"1"})") == "");
}

BOOST_AUTO_TEST_CASE(PrintDocIsTheOppositeOfElectronically) {
  BOOST_TEST(!Read(Replaced(kSample, "\"electronically\": true", "\"electronically\": false"))
                  .receipt.electronic);
  BOOST_TEST(Read(Replaced(kSample, "\"electronically\": true", "\"printDoc\": false"))
                 .receipt.electronic);
  BOOST_TEST(!Read(Replaced(kSample, "\"electronically\": true", "\"printDoc\": true"))
                  .receipt.electronic);
}

BOOST_AUTO_TEST_CASE(AllFaultsComeBackAtOnce) {
  std::string json = Replaced(kSample, "\"taxationType_1055\": 1", "\"taxationType_1055\": 5");
  json = Replaced(json, "\"tax_1199\": 6", "\"tax_1199\": 77");
  json = Replaced(json, "11.00", "12.00");
  BOOST_TEST(Read(json).Text() ==
             "bad_enum /0/data/purchases/0/tax_1199 (77)\n"
             "several_bits /0/data/taxationType_1055 (5)\n"
             "payments_too_low /0/data/payments (12.00)\n");
}

std::string Many(std::size_t count) {
  std::string items = "\"purchases\":[" + std::string(kItem);
  for (std::size_t i = 1; i < count; ++i) items += "," + std::string(kItem);
  return items + "]";
}

BOOST_AUTO_TEST_CASE(TwoHundredAndFiftyItemsAreTheLimit) {
  BOOST_TEST(Read(WithItems(Many(base::kMaxItems), "250")).Text() == "");
  BOOST_TEST(Read(WithItems(Many(base::kMaxItems + 1), "251")).Text() ==
             "too_many_items /0/data/purchases (250)\n");
  std::string single;
  for (std::size_t i = 0; i < base::kMaxItems + 5; ++i) {
    single += "\"p" + std::to_string(i) + "_1059\":" + std::string(kItem) + ",";
  }
  single.pop_back();
  BOOST_TEST(Read(WithItems(single, "255")).Text() == "too_many_items /0/data/p250_1059 (250)\n");
}

BOOST_AUTO_TEST_CASE(FaultsAreCounted) {
  std::string json = "{";
  for (std::size_t i = 0; i < 2 * base::kMaxFaults; ++i)
    json += "\"k" + std::to_string(i) + "\":0,";
  json.back() = '}';
  BOOST_TEST(Read(json).faults.size() == base::kMaxFaults);
}

BOOST_AUTO_TEST_CASE(PathsAreJsonPointersOfLimitedLength) {
  const Reading reading = Read(R"({"a/b~c":1,")" + std::string(10'000, 'k') + R"(":1})");
  BOOST_REQUIRE(reading.faults.size() > 2);
  BOOST_TEST(reading.faults[0].path == "/0/data/a~1b~0c");
  BOOST_TEST(reading.faults[1].path.size() < 100u);
  BOOST_TEST(reading.faults[1].detail.size() < 100u);
}

BOOST_AUTO_TEST_CASE(TheContactNeverShowsInAFault) {
  const Reading reading = Read(Replaced(kSample, "\"buyer@example.ru\"", "[\"buyer@example.ru\"]"));
  BOOST_TEST(reading.Text() == "wrong_type /0/data/sendToEmail_1008 (string)\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
