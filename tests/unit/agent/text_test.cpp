#include "fcgi/agent/text.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/agent/address.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

BOOST_AUTO_TEST_SUITE(agent_text)

BOOST_AUTO_TEST_CASE(HeaderTextsArePercentEncoded) {
  BOOST_TEST(PercentEncode("a b%") == "a b%25");
  BOOST_TEST(PercentEncode("нет\r\n") == "%D0%BD%D0%B5%D1%82%0D%0A");
}

BOOST_AUTO_TEST_CASE(LongTextsAreCutBetweenCharacters) {
  BOOST_TEST(Shorten("нет", 6) == "нет");
  BOOST_TEST(Shorten("нет", 5) == "не");
  BOOST_TEST(Shorten("нет", 1) == "");
}

BOOST_AUTO_TEST_CASE(NumbersAreDigitsWithinTheirLimit) {
  BOOST_TEST(ParseNumber("60", 60).value() == 60);
  for (const char* bad : {"", "61", "-1", "+1", "1.5", " 1", "99999999999999999999"}) {
    BOOST_TEST(!ParseNumber(bad, 60), bad);
  }
}

BOOST_AUTO_TEST_CASE(OnlyHarmlessLeasesAndTurns) {
  BOOST_TEST(IsLease("Abc-09_z"));
  BOOST_TEST(IsLease(std::string(64, 'a')));
  for (const char* bad : {"", "a b", "a/b", "..", "a,b", "é"}) BOOST_TEST(!IsLease(bad), bad);
  BOOST_TEST(!IsLease(std::string(65, 'a')));
  BOOST_TEST(IsTurn("17.5:x"));
  for (const char* bad : {"", "a b", "a,b", "a\n"}) BOOST_TEST(!IsTurn(bad), bad);
}

BOOST_AUTO_TEST_CASE(InstanceNamesHave26Characters) {
  BOOST_TEST(Base32(std::string(16, '\0')) == std::string(26, 'a'));
  BOOST_TEST(Base32(std::string(16, '\xff')) == std::string(25, '7') + "4");
}

BOOST_AUTO_TEST_CASE(DatesOfHttp) {
  BOOST_TEST(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT").value() == 784'111'777'000);
  BOOST_TEST(UtcStamp(784'111'777'000) == "1994-11-06T08:49:37Z");
  for (const char* bad : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 MSK"}) {
    BOOST_TEST(!ParseHttpDate(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(Addresses) {
  const auto address = Address::Parse("HTTPS://gate.example:8443/shop/");
  BOOST_REQUIRE(address);
  BOOST_TEST(address->Text() == "https://gate.example:8443/shop");
  BOOST_TEST(address->HostPort() == "gate.example:8443");
  BOOST_TEST(Address::Parse("http://[::1]:44735")->HostPort() == "[::1]:44735");
  BOOST_TEST(Address::Parse("http://localhost")->HostPort() == "localhost");
  for (const char* bad :
       {"", "gate.example", "ftp://x", "http://", "http://u@x", "http://x:0", "http://x:99999",
        "http://x:1x", "http://x?y", "http://x/a b", "http://x\r\nA: b", "http://[x]/"}) {
    BOOST_TEST(!Address::Parse(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(LoopbackIsKnown) {
  for (const char* local : {"http://localhost", "http://127.0.0.1:1", "http://[::1]"}) {
    BOOST_TEST(Address::Parse(local)->IsLoopback(), local);
  }
  for (const char* far : {"http://127.example", "http://10.0.0.1", "http://localhost.example"}) {
    BOOST_TEST(!Address::Parse(far)->IsLoopback(), far);
  }
}

BOOST_AUTO_TEST_CASE(ProxiesMayHaveALogin) {
  const auto proxy = Proxy::Parse("http://user:p@ss@proxy:3128");
  BOOST_REQUIRE(proxy);
  BOOST_TEST(proxy->user == "user");
  BOOST_TEST(proxy->password == "p@ss");
  BOOST_TEST(proxy->address.Text() == "http://proxy:3128");
  BOOST_TEST(!Proxy::Parse("https://proxy"));
  BOOST_TEST(!Proxy::Parse("proxy:3128"));
}

BOOST_AUTO_TEST_CASE(LanguagesAreTakenFromLocales) {
  BOOST_TEST(SetLanguage("en_US.UTF-8"));
  BOOST_TEST(Tr("да", "yes") == std::string("yes"));
  for (const char* other : {"C", "", "english", "de_DE"}) BOOST_TEST(!SetLanguage(other), other);
  BOOST_TEST(LanguageName() == "en");
  BOOST_TEST(SetLanguage("ru"));
  BOOST_TEST(Tr("да", "yes") == std::string("да"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::agent
