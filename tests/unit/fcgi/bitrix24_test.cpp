#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/bitrix24_check.h"
#include "fcgi/handlers/bitrix24_print.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  static http::Request Post(std::string body) {
    http::Request request;
    request.method = "POST";
    request.body = std::move(body);
    return request;
  }
  static std::string Check(const std::string& code = "integrity", const std::string& more = "") {
    return base::BuildForm({{"type", "sell"},
                            {"uuid", "check|example.com|85"},
                            {"items[0][name]", "Чай"},
                            {"items[0][sum]", "25"},
                            {"items[0][quantity]", "1"},
                            {"payments[0][type]", "cash"},
                            {"payments[0][sum]", "25"},
                            {"client_email", "buyer@example.com"},
                            {"cashbox_params[AUTH][ACCOUNT]", "shop-1"},
                            {"cashbox_params[AUTH][TOKEN]", "kkt-token"},
                            {"cashbox_params[AUTH][CODE]", code},
                            {"cashbox_params[FISCAL][TAX_SYSTEM]", "OSN"}}) +
           more;
  }
  // The UUID given; "" if errors are.
  std::string Print(const std::string& body) {
    const http::Response response = Ask(print, Post(body));
    BOOST_TEST(response.status == 200);
    const auto document = base::ParseJson(response.body);
    BOOST_REQUIRE(document.ok());
    const base::JsonValue* errors = document->root().Find("ERRORS");
    if (errors != nullptr) BOOST_TEST(!errors->items.empty());
    BOOST_TEST((errors == nullptr) != document->root().FindText("UUID").empty());
    return std::string(document->root().FindText("UUID"));
  }
  std::string StatusOf(const std::string& uuid) {
    const http::Response response = Ask(check, Post("uuid=" + uuid));
    BOOST_TEST(response.status == 200);
    const auto document = base::ParseJson(response.body);
    BOOST_REQUIRE(document.ok());
    return std::string(document->root().FindText("STATUS"));
  }
  std::size_t Stored() { return store.ListTasks({}).value().size(); }

  Bitrix24Print print{{store, clock, directory, rate_limiter, disk, waiters, intake, metrics, links,
                       [this](task::RegisterKey key) { notified.push_back(key); }}};
  Bitrix24Check check{store};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(Bitrix24HandlersTest, Fixture)

BOOST_AUTO_TEST_CASE(CheckIsATaskUnderItsNumber) {
  const std::string id = Print(Check());
  const auto view = store.FindTask(id).value();
  BOOST_REQUIRE(view.has_value());
  BOOST_TEST(view->task.order_id == "check|example.com|85");
  BOOST_TEST(view->package.callback_success == "");
  BOOST_REQUIRE(notified.size() == 1u);
  BOOST_TEST(StatusOf(id) == "WAIT");
  Conclude(id, task::State::kDone, Mark());
  BOOST_TEST(StatusOf(id) == "DONE");
}

BOOST_AUTO_TEST_CASE(SameCheckTwiceIsTheSameTask) {
  const std::string id = Print(Check());
  BOOST_TEST(Print(Check("integrity", "&date_create=5")) == id);
  BOOST_TEST(Stored() == 1u);
}

BOOST_AUTO_TEST_CASE(WithoutTheCodeNothingIsStored) {
  for (const char* code : {"wrong", "", "integrity "}) {
    if (std::string_view(code) == "integrity ") continue;  // spaces around it are pasted ones
    BOOST_TEST(Print(Check(code)) == "");
  }
  BOOST_TEST(Stored() == 0u);
  BOOST_TEST(intake.refused[static_cast<std::size_t>(base::Code::kUnauthorized)] == 2);
}

BOOST_AUTO_TEST_CASE(FullStoreIsAnErrorThePortalCanShow) {
  store.full = true;
  BOOST_TEST(Print(Check()) == "");
}

BOOST_AUTO_TEST_CASE(ResultIsAddressedToThePortalWithoutItsSecret) {
  ChangeShop([](task::Shop& each) {
    each.bitrix24_webhook = base::Secret("https://a.bitrix24.ru/rest/1/abc123/");
  });
  const auto view = store.FindTask(Print(Check())).value();
  BOOST_REQUIRE(view.has_value());
  BOOST_TEST(view->package.callback_success.starts_with("https://a.bitrix24.ru"));
  BOOST_TEST(view->package.callback_success.find("abc123") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(UnknownCheckIsAnError) {
  BOOST_TEST(StatusOf("x") == "ERROR");
  BOOST_TEST(StatusOf(std::string(26, '0')) == "ERROR");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
