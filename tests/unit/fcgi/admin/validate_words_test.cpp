#include "fcgi/admin/validate_words.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate::admin {
namespace {

bool Has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_validate_words)

BOOST_AUTO_TEST_CASE(OnlyWhatIsGivenChanges) {
  ffd::CheckOptions check;
  check.lenient = true;
  ValidateOptions options;
  options.ffd_version = "1.05";
  options.inn_policy = "refuse";
  options.date = "2025-12-31";
  BOOST_TEST(ApplyValidateOptions(options, &check).ok());
  BOOST_TEST((check.version == ffd::FfdVersion::k105));
  BOOST_TEST(check.strict_inn);
  BOOST_TEST((check.date == ffd::MakeDay(2025, 12, 31)));
  BOOST_TEST(check.lenient);
  BOOST_TEST((check.vat_policy == ffd::VatPolicy::kRefuse));
}

BOOST_AUTO_TEST_CASE(WrongWordsAreNamed) {
  std::vector<ValidateOptions> wrong(6);
  wrong[0].ffd_version = "2";
  wrong[1].profile = "abacus";
  wrong[2].vat_policy = "maybe";
  wrong[3].inn_policy = "maybe";
  wrong[4].date = "tomorrow";
  wrong[5].taxation_mask = 64;
  for (const ValidateOptions& options : wrong) {
    ffd::CheckOptions check;
    const base::Status status = ApplyValidateOptions(options, &check);
    BOOST_REQUIRE(!status.ok());
    BOOST_TEST(status.error().what.starts_with("--"));
  }
}

BOOST_AUTO_TEST_CASE(TheSheetShowsLinesSumsAndWhatIsReplaced) {
  std::string text = testing::kReceipt;
  text.replace(text.find("Чай"), std::string("Чай").size(), "Чай «Утро»");
  const ffd::CheckOptions check;
  const auto package = protocol::bit::ReadPackage(text, check);
  BOOST_REQUIRE(package.ok());
  const std::string sheet = CheckSheet(*package, check);
  BOOST_TEST(Has(sheet, "characters_replaced"));
  BOOST_TEST(Has(sheet, "Чай \"Утро\""));
  BOOST_TEST(Has(sheet, "11.00"));
  BOOST_TEST(Has(sheet, "/ 32768"));
}

BOOST_AUTO_TEST_CASE(FaultsStandWithTheirPlaceAndCannotSteerATerminal) {
  const ffd::CheckOptions check;
  const auto package = protocol::bit::ReadPackage(R"([{"type":"kkt\u001b[2JFly"}])", check);
  BOOST_REQUIRE(package.ok());
  const std::string sheet = CheckSheet(*package, check);
  BOOST_TEST(Has(sheet, "/0/type  unknown_command"));
  BOOST_TEST(!Has(sheet, "\x1b"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::admin
