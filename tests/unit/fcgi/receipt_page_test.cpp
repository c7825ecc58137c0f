#include "fcgi/handlers/receipt_page.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/web/receipt_page.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  http::Response Page(const std::string& token, const std::string& query = "") {
    return Ask(page, {"GET", "/r/" + token, query, {}, ""});
  }
  std::string TokenOf(const std::string& id) {
    const std::string link = links.Receipt(id);
    return link.substr(link.rfind('/') + 1);
  }
  ReceiptPage page{store, links};
};

bool Has(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ReceiptPageTest, Fixture)

BOOST_AUTO_TEST_CASE(PageOfATaskInWorkRefreshesItself) {
  const http::Response response = Page(TokenOf(Accept("7")));
  BOOST_TEST(response.status == 200);
  BOOST_TEST(Has(response, "http-equiv=\"refresh\""));
  BOOST_TEST(Has(response, "Чек оформляется"));
  BOOST_TEST(Has(response, "Чай"));
  BOOST_TEST(Has(response, "11.00"));
}

BOOST_AUTO_TEST_CASE(PageOfADoneTaskShowsMarkAndQr) {
  const std::string id = Accept("7");
  Conclude(id, task::State::kDone, Mark());
  const http::Response response = Page(TokenOf(id), "lang=en");
  BOOST_TEST(!Has(response, "http-equiv=\"refresh\""));
  BOOST_TEST(Has(response, "The receipt is made"));
  BOOST_TEST(Has(response, "9999000011112222"));
  BOOST_TEST(Has(response, "<svg"));
  BOOST_TEST(!Has(response, "buyer@example.com"));
}

BOOST_AUTO_TEST_CASE(PageSaysWhatABuyerCanDoWithoutAReceipt) {
  const std::string failed = Accept("7"), unknown = Accept("8");
  Conclude(failed, task::State::kFailed);
  Conclude(unknown, task::State::kUnknown);
  BOOST_TEST(Has(Page(TokenOf(failed)), "обратитесь в магазин"));
  BOOST_TEST(Has(Page(TokenOf(failed), "lang=en"), "Ask the shop"));
  BOOST_TEST(!Has(Page(TokenOf(failed)), "http-equiv=\"refresh\""));
  BOOST_TEST(Has(Page(TokenOf(unknown)), "Ответ кассы не получен"));
  BOOST_TEST(Has(Page(TokenOf(unknown), "lang=en"), "was lost"));
  BOOST_TEST(Has(Page(TokenOf(unknown)), "http-equiv=\"refresh\""));
}

BOOST_AUTO_TEST_CASE(PageShowsTheWholeReceiptInBothLanguages) {
  std::string data = testing::kReceipt;
  const std::string_view rate = R"("tax_1199":6)";
  data.replace(data.find(rate), rate.size(), R"("tax_1199":11)");
  data.replace(data.find("Чай"), std::string("Чай").size(), "Чай «Утро»");
  const http::Response created = Create(Signed(Form("7", data)));
  BOOST_REQUIRE(created.status == 202);
  const std::string token =
      TokenOf(std::string(base::ParseJson(created.body)->root().FindText("id")));
  const http::Response russian = Page(token, "lang=ru"), english = Page(token, "lang=en");
  for (const std::string_view text :
       {"Чай &quot;Утро&quot;", "1 г × 11.00", "= 11.00", "НДС 22 %", "1.98 ₽", "Наличными",
        "10.00 ₽", "Безналичными", "Пупкин", "ОСН", "Полный расчёт", "href=\"?lang=en\""}) {
    BOOST_TEST(Has(russian, text), text);
  }
  for (const std::string_view text :
       {"The receipt is being processed", "1 g × 11.00", "VAT 22%", "Cash", "Cashless",
        "Full payment", "href=\"?lang=ru\"", "lang=\"en\""}) {
    BOOST_TEST(Has(english, text), text);
  }
}

BOOST_AUTO_TEST_CASE(OnlyARealDriveIsSentToTheTaxService) {
  ffd::FiscalMark mark;
  mark.fd_1040 = 42;
  mark.fpd_1077 = "1234567890";
  for (const bool is_test : {true, false}) {
    const std::string id = Accept(is_test ? "test" : "real");
    mark.fn_1041 = is_test ? "9999000011112222" : "7380440700000001";
    Conclude(id, task::State::kDone, mark);
    BOOST_TEST(Has(Page(TokenOf(id)), "kkt-online.nalog.ru") != is_test);
    BOOST_TEST(Has(Page(TokenOf(id)), "учебный") == is_test);
  }
}

BOOST_AUTO_TEST_CASE(WordsFromOutsideAreEscaped) {
  std::string data = testing::kReceipt;
  data.replace(data.find("Чай"), std::string("Чай").size(), "<script>alert('1')</script>&");
  auto form = Form("<b>7</b>", data);
  const http::Response created = Create(Signed(form));
  BOOST_REQUIRE(created.status == 202);
  const std::string id(base::ParseJson(created.body)->root().FindText("id"));
  Conclude(id, task::State::kFailed);
  const http::Response response = Page(TokenOf(id));
  BOOST_TEST(!Has(response, "<script>"));
  BOOST_TEST(!Has(response, "<b>7"));
  BOOST_TEST(!Has(response, "paper <out>"));
  BOOST_TEST(Has(response, "paper &lt;out&gt;"));
}

BOOST_AUTO_TEST_CASE(PageMayLoadNothingAndRunNothing) {
  for (const std::string& token : {TokenOf(Accept("7")), std::string("nobody's")}) {
    const http::Response response = Page(token);
    const std::string policy(http::FindHeader(response.headers, "Content-Security-Policy"));
    BOOST_TEST(policy.find("default-src 'none'") == 0u);
    BOOST_TEST(policy.find("unsafe") == std::string::npos);
    const auto begin = response.body.find("<style>") + 7;
    const std::string style = response.body.substr(begin, response.body.find("</style>") - begin);
    BOOST_TEST(policy.find(base::Base64Encode(base::Sha256(style))) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(LinkThatOpensNothingIsAPageInBothLanguages) {
  const std::string id = Accept("7");
  std::string altered = TokenOf(id);
  altered.front() = altered.front() == 'a' ? 'b' : 'a';
  for (const std::string& token :
       {altered, links.DialogToken(id), id, std::string("x"), std::string(), std::string("<b>")}) {
    const http::Response russian = Page(token), english = Page(token, "lang=en");
    BOOST_TEST(russian.status == 404);
    BOOST_TEST(http::FindHeader(russian.headers, "Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(Has(russian, "Чек не найден"));
    BOOST_TEST(Has(russian, "noindex"));
    BOOST_TEST(Has(russian, "href=\"?lang=en\""));
    BOOST_TEST(english.status == 404);
    BOOST_TEST(Has(english, "No receipt here"));
    BOOST_TEST(!Has(english, "<b>"));
  }
}

BOOST_AUTO_TEST_CASE(ReceiptThatCannotBeReadNowIsNotCalledMissing) {
  struct Silent final : testing::MemoryStore {
    store::Result<std::optional<store::TaskView>> FindTask(std::string_view) override {
      return base::Error{base::Code::kUnavailable, "on purpose"};
    }
  } silent;
  ReceiptPage page_of_silent{silent, links};
  const http::Response response =
      Ask(page_of_silent, {"GET", "/r/" + TokenOf(Accept("7")), "", {}, ""});
  BOOST_TEST(response.status == 503);
  BOOST_TEST(http::FindHeader(response.headers, "Retry-After") == "60");
  BOOST_TEST(Has(response, "Чек сейчас не открыть"));
  BOOST_TEST(!Has(response, "не найден"));
}

BOOST_AUTO_TEST_CASE(TokenIsNotTheIdAndTheIdIsNoToken) {
  const std::string id = Accept("7");
  BOOST_TEST(TokenOf(id) != id);
  BOOST_TEST(Page(id).status == 404);
  BOOST_TEST(Page("x").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
