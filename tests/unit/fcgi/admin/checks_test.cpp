#include "fcgi/admin/checks.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/admin/desk.h"

namespace fiscalgate::admin {

BOOST_AUTO_TEST_SUITE(admin_checks)

BOOST_AUTO_TEST_CASE(AccountIdsAreShortAndPlain) {
  for (const char* good : {"1", "demo-shop", "a.b_c@d", "0123456789abcdef"}) {
    BOOST_TEST(CheckAccountId(good).ok());
  }
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("магазин"),
                                 std::string(129, 'a'), std::string("a\nb")}) {
    const base::Status refused = CheckAccountId(bad);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == base::Code::kInvalid));
    BOOST_TEST(refused.error().what.find("--account") != std::string::npos);
  }
  BOOST_TEST(CheckAccountId(std::string(128, 'a')).ok());
}

BOOST_AUTO_TEST_CASE(NamesAreTextOnOneLine) {
  BOOST_TEST(CheckName("Касса у входа").ok());
  for (const char* bad : {"", " a", "a ", "a\nb", "a\x1b[31m", "\xff"}) {
    BOOST_TEST(!CheckName(bad).ok());
  }
  BOOST_TEST(!CheckName(std::string(201, 'a')).ok());
}

BOOST_AUTO_TEST_CASE(CodesAreVisibleAndNotTooShort) {
  BOOST_TEST(CheckCode("12345678").ok());
  BOOST_TEST(!CheckCode("1234567").ok());
  BOOST_TEST(!CheckCode("1234 5678").ok());
  BOOST_TEST(!CheckCode(std::string(129, 'a')).ok());
}

BOOST_AUTO_TEST_CASE(ARefusalDoesNotRepeatASecret) {
  BOOST_TEST(CheckCode("hidden").error().what.find("hidden") == std::string::npos);
  BOOST_TEST(CheckToken("hidden token").error().what.find("hidden") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(TokensCanBeNamesOfHeaders) {
  BOOST_TEST(CheckToken("90f0a573506977131e53ee540c347223").ok());
  BOOST_TEST(CheckToken("a-b_c.~").ok());
  for (const char* bad : {"", "a b", "a:b", "a\r\nb", "токен"}) BOOST_TEST(!CheckToken(bad).ok());
}

BOOST_AUTO_TEST_CASE(AddressesAreAbsolute) {
  BOOST_TEST(CheckRegisterUrl("http://192.168.1.20:44735/").ok());
  BOOST_TEST(CheckRegisterUrl("https://till.example").ok());
  for (const char* bad : {"", "till.example", "ftp://till.example/", "http://user:pw@till/"}) {
    const base::Status refused = CheckRegisterUrl(bad);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().what.find("http://192.168.1.20:44735/") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(PinsAreHashesInBase64) {
  const std::string good = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  BOOST_TEST(CheckPin(good).ok());
  BOOST_TEST(CheckPin(good + ";" + good).ok());
  for (const std::string& bad :
       {std::string(), std::string("sha256//"), std::string("sha256//abc"), good.substr(8),
        good + ";", good + ";x", good.substr(0, good.size() - 1), good + "\n"}) {
    BOOST_TEST(!CheckPin(bad).ok(), "taken: " << bad);
  }
}

BOOST_AUTO_TEST_CASE(ChoicesAndRangesAreNamed) {
  BOOST_TEST(CheckOneOf("--headers", "1.2", {"1.2", "1.5"}).ok());
  const base::Status choice = CheckOneOf("--headers", "1.3", {"1.2", "1.5"});
  BOOST_REQUIRE(!choice.ok());
  BOOST_TEST(choice.error().what.find("1.2, 1.5") != std::string::npos);
  BOOST_TEST(CheckRange("--rate", 0, 0, 10).ok());
  BOOST_TEST(CheckRange("--rate", 10, 0, 10).ok());
  BOOST_TEST(!CheckRange("--rate", -1, 0, 10).ok());
  BOOST_TEST(!CheckRange("--rate", 11, 0, 10).ok());
}

BOOST_AUTO_TEST_CASE(FiscalTimeIsAsPrinted) {
  BOOST_TEST(CheckFiscalTime("2026-11-21T13:15:00").ok());
  for (const char* bad :
       {"", "2026-11-21", "2026-11-21 13:15:00", "2026-11-21T13:15:00Z", "2026-1x-21T13:15:00"}) {
    BOOST_TEST(!CheckFiscalTime(bad).ok());
  }
}

BOOST_AUTO_TEST_CASE(TheFirstSetVariableChoosesTheLanguage) {
  BOOST_TEST(MeansRussian({"ru_RU.UTF-8"}));
  BOOST_TEST(MeansRussian({nullptr, "", "ru"}));
  BOOST_TEST(!MeansRussian({"C", "ru_RU.UTF-8"}));
  BOOST_TEST(!MeansRussian({"rum"}));
  BOOST_TEST(!MeansRussian({nullptr, nullptr, nullptr}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::admin
