#include "lib/protocol/bit/commands.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::protocol::bit {
namespace {

BOOST_AUTO_TEST_SUITE(bit_commands_test)

BOOST_AUTO_TEST_CASE(EveryTypeIsFoundByItsName) {
  for (int i = 0; i <= static_cast<int>(CommandType::kCardLastResult); ++i) {
    const auto type = static_cast<CommandType>(i);
    BOOST_TEST((CommandTypeFromName(CommandTypeName(type)) == type), CommandTypeName(type));
  }
}

BOOST_AUTO_TEST_CASE(NamesAreTheVendors) {
  BOOST_TEST(CommandTypeName(CommandType::kReceipt) == "kktReceiptFiscalization");
  BOOST_TEST(CommandTypeName(CommandType::kCardReconciliation) == "bnkCardSverkaItogov");
  BOOST_TEST(CommandTypeName(CommandType::kCardLastResult) == "bnkCardLastOperationResult");
}

BOOST_AUTO_TEST_CASE(CyrillicLetterOfTheDocumentationIsRead) {
  BOOST_TEST((CommandTypeFromName("kktСashIn") == CommandType::kCashIn));
  BOOST_TEST((CommandTypeFromName("kktСashOu") == CommandType::kCashOut));
  BOOST_TEST((CommandTypeFromName("kktСashOut") == CommandType::kCashOut));
}

BOOST_AUTO_TEST_CASE(OtherNamesAreUnknown) {
  for (const char* name : {"", "kkt", "kktcashin", "kktCashIn ", "KKTCASHIN", "kktXReportX"}) {
    BOOST_TEST(!CommandTypeFromName(name).has_value(), name);
  }
}

BOOST_AUTO_TEST_CASE(BankCommandsAreThoseOfTheTerminal) {
  BOOST_TEST(IsBankCommand(CommandType::kCardPayment));
  BOOST_TEST(IsBankCommand(CommandType::kCardLastResult));
  BOOST_TEST(!IsBankCommand(CommandType::kReceipt));
  BOOST_TEST(!IsBankCommand(CommandType::kCheckMark));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
