#include "lib/protocol/bit/priority.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::protocol::bit {
namespace {

task::Priority Of(const std::string& commands) {
  const auto package = ReadPackage(commands, {.lenient = true});
  BOOST_REQUIRE(package.ok());
  BOOST_REQUIRE(package->faults.empty());
  return PriorityOf(*package);
}

std::string Receipt(const std::string& type_1054) {
  return R"({"name":"Чек","type":"kktReceiptFiscalization","data":{"purchases":[)"
         R"({"productName_1030":"Чай","price_1079":11,"qty_1023":1,"unit_2108":0,)"
         R"("paymentFormCode_1214":4,"productTypeCode_1212":1,"tax_1199":6}],)"
         R"("payments":{"ecash_1081":11},"taxationType_1055":1,"receiptType_1054":)" +
         type_1054 + "}}";
}

BOOST_AUTO_TEST_SUITE(bit_priority)

BOOST_AUTO_TEST_CASE(ReturnsGoBeforeSales) {
  BOOST_TEST((Of("[" + Receipt("1") + "]") == task::Priority::kOrdinary));
  BOOST_TEST((Of("[" + Receipt("2") + "]") == task::Priority::kRefund));
  BOOST_TEST((Of("[" + Receipt("3") + "]") == task::Priority::kOrdinary));
  BOOST_TEST((Of("[" + Receipt("4") + "]") == task::Priority::kRefund));
}

BOOST_AUTO_TEST_CASE(OneReturnInThePackageIsEnough) {
  BOOST_TEST((Of("[" + Receipt("1") + "," + Receipt("2") + "]") == task::Priority::kRefund));
  BOOST_TEST((Of(R"([{"type":"bnkCardReturn","data":{"sum":5,"rrn":"123456789012"}}])") ==
              task::Priority::kRefund));
}

BOOST_AUTO_TEST_CASE(AShopDoesNotGetThePlaceOfServiceTasks) {
  BOOST_TEST((Of(R"([{"type":"kktCloseShift"}])") == task::Priority::kOrdinary));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
