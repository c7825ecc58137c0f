#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/faults.h"
#include "lib/base/crypto.h"
#include "lib/base/text.h"
#include "lib/ffd/fault_table.h"
#include "tests/unit/support/fake_exchange.h"

namespace fiscalgate {
namespace {

http::Response Page(const std::string& query, http::Headers headers = {}) {
  Faults handler;
  auto exchange = std::make_unique<testing::FakeExchange>(
      http::Request{"GET", "/docs/faults", query, std::move(headers), ""});
  const auto answer = exchange->answer();
  handler.Handle(std::move(exchange));
  return answer->Wait();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FaultsPageTest)

BOOST_AUTO_TEST_CASE(EveryCodeIsThereInBothLanguages) {
  for (const std::string query : {"lang=ru", "lang=en"}) {
    const http::Response response = Page(query);
    BOOST_TEST(response.status == 200);
    for (const ffd::FaultRow& row : ffd::AllFaults()) {
      const std::string anchor = "<section id=\"" + std::string(row.name) + "\">";
      BOOST_TEST(response.body.find(anchor) != std::string::npos, row.name);
    }
    BOOST_TEST(response.body.find("%s") == std::string::npos);
  }
  BOOST_TEST(Page("lang=en").body.find("Fault codes") != std::string::npos);
  BOOST_TEST(Page("").body.find("Коды ошибок") != std::string::npos);
  BOOST_TEST(Page("", {{"accept-language", "en"}}).body.find("Fault codes") != std::string::npos);
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

BOOST_AUTO_TEST_CASE(EveryCodeHasItsSourceAndAnExampleInThePagesLanguage) {
  const std::string russian = Page("lang=ru").body, english = Page("lang=en").body;
  for (const ffd::FaultRow& row : ffd::AllFaults()) {
    BOOST_TEST(russian.find(": " + Escaped(row.source_ru) + "</p>") != std::string::npos, row.name);
    BOOST_TEST(english.find(": " + Escaped(row.source_en) + "</p>") != std::string::npos, row.name);
    BOOST_TEST(russian.find("<code>" + Escaped(row.example_ru) + "</code>") != std::string::npos,
               row.name);
    BOOST_TEST(english.find("<code>" + Escaped(row.ExampleEn()) + "</code>") != std::string::npos,
               row.name);
  }
}

BOOST_AUTO_TEST_CASE(ItMayLoadNothingAndRunNothing) {
  const http::Response response = Page("lang=en");
  const std::string policy(http::FindHeader(response.headers, "Content-Security-Policy"));
  const auto begin = response.body.find("<style>") + 7;
  const std::string style = response.body.substr(begin, response.body.find("</style>") - begin);
  BOOST_TEST(policy.find(base::Base64Encode(base::Sha256(style))) != std::string::npos);
  BOOST_TEST(policy.find("default-src 'none'") == 0u);
  BOOST_TEST(response.body.find("<script") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
