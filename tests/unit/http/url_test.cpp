#include "lib/http/url.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::http {

BOOST_AUTO_TEST_SUITE(http_url)

BOOST_AUTO_TEST_CASE(PartsAreTakenApart) {
  const auto url = Url::Parse("HTTPS://Shop.Example:8443/a/b?x=1&y=2#part");
  BOOST_REQUIRE(url.ok());
  BOOST_TEST(url->scheme == "https");
  BOOST_TEST(url->host == "shop.example");
  BOOST_TEST(url->port == 8443);
  BOOST_TEST(url->path_and_query == "/a/b?x=1&y=2");
  BOOST_TEST(url->Origin() == "https://shop.example:8443");
}

BOOST_AUTO_TEST_CASE(UsualPortsAreLeftOutOfTheOrigin) {
  BOOST_TEST(Url::Parse("http://a.example:80/x")->Origin() == "http://a.example");
  BOOST_TEST(Url::Parse("https://a.example")->Origin() == "https://a.example");
  BOOST_TEST(Url::Parse("https://a.example:80")->Origin() == "https://a.example:80");
}

BOOST_AUTO_TEST_CASE(PathIsNeverEmpty) {
  BOOST_TEST(Url::Parse("http://a.example")->path_and_query == "/");
  BOOST_TEST(Url::Parse("http://a.example?x")->path_and_query == "/?x");
}

BOOST_AUTO_TEST_CASE(Ipv6HostHasNoBracketsButItsOriginHas) {
  const auto url = Url::Parse("http://[2001:DB8::1]:8080/");
  BOOST_REQUIRE(url.ok());
  BOOST_TEST(url->host == "2001:db8::1");
  BOOST_TEST(url->Origin() == "http://[2001:db8::1]:8080");
}

BOOST_AUTO_TEST_CASE(OtherWritingsOfAnIpv4AddressAreOneOrigin) {
  for (const char* text : {"http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/"}) {
    BOOST_TEST(Url::Parse(text)->Origin() == "http://127.0.0.1");
  }
}

const char* const kRefused[] = {"",
                                "shop.example/path",
                                "//shop.example/",
                                "/path",
                                "file:///etc/passwd",
                                "gopher://shop.example/",
                                "ftp://shop.example/",
                                "javascript:alert(1)",
                                "http:shop.example",
                                "http:/shop.example/",
                                "http:///shop.example/",
                                "http://",
                                "http://?x",
                                "http://:80/",
                                "http://user:pw@shop.example/",
                                "http://user@shop.example/",
                                "http://@shop.example/",
                                "http://shop.example:0/",
                                "http://shop.example:65536/",
                                "http://shop.example:x/",
                                "http://shop example/",
                                "http://shop.example/\r\nHost: other",
                                "http://shop.example%0d%0a/",
                                "http://a\\@shop.example/",
                                "http://[::1/",
                                " http://shop.example/"};

BOOST_DATA_TEST_CASE(WhatIsNoPlainAbsoluteHttpUrlIsRefused,
                     boost::unit_test::data::make(kRefused)) {
  const auto url = Url::Parse(sample);
  BOOST_REQUIRE(!url.ok());
  BOOST_TEST((url.error().code == base::Code::kMalformed));
}

BOOST_AUTO_TEST_CASE(NulAndOverlongAreRefused) {
  BOOST_TEST(!Url::Parse(std::string_view("http://a.example/\0b", 19)).ok());
  const std::string start = "http://a.example/";
  BOOST_TEST(Url::Parse(start + std::string(base::kMaxUrlBytes - start.size(), 'a')).ok());
  BOOST_TEST(!Url::Parse(start + std::string(base::kMaxUrlBytes - start.size() + 1, 'a')).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::http
