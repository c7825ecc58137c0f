#include "fcgi/handlers/courier.h"

#include <boost/test/unit_test.hpp>

#include "fcgi/courier_sale.h"
#include "fcgi/handlers/courier_receipt.h"
#include "lib/base/password.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

constexpr char kSale[] =
    R"({"order":"courier-ann-1","pay":"card","contact":"buyer@example.com","items":[)"
    R"({"name":"Чай","price":"11.50","quantity":"2"},{"name":"Сок","price":100,"quantity":1,"vat":2}]})";

store::Courier Ann() {
  static const std::string hashed = base::HashPassword("right");
  store::Courier ann;
  ann.login = "ann";
  ann.name = "Анна";
  ann.password = hashed;
  return ann;
}

struct Fixture : testing::GatewayFixture {
  Fixture() {
    store::Courier ann = Ann();
    ann.shop = shop;
    ann.register_key = lane;
    BOOST_REQUIRE(store.couriers().Add(ann, {}).ok());
  }
  // The cookie to send back.
  std::string SignIn() {
    std::string cookie;
    const auto answer = door.SignIn("ann", "right", "192.0.2.1", &cookie);
    BOOST_REQUIRE((answer == CourierDoor::Answer::kWelcome));
    return cookie.substr(0, cookie.find(';'));
  }
  static http::Request With(const std::string& cookie, std::string body = "",
                            const std::string& secret = "") {
    http::Request request{"POST", "/courier/receipts", "", {{"Cookie", "a=b; " + cookie}}, ""};
    request.headers.emplace_back("X-Courier-Secret", secret);
    request.body = std::move(body);
    return request;
  }
  http::Response Sell(const std::string& cookie, const std::string& body = kSale) {
    const auto session = door.Enter(With(cookie));
    return Ask(receipts, With(cookie, body, session ? session->secret : ""));
  }

  CourierDoor door{{store.couriers(), clock, keys, true}};
  CourierReceipt receipts{{store, clock, directory, rate_limiter, disk, waiters, intake, metrics,
                           links, [this](task::RegisterKey key) { notified.push_back(key); }},
                          door};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(CourierSaleTest)

BOOST_AUTO_TEST_CASE(CardPaymentComesBeforeTheReceipt) {
  const auto sale = ReadCourierSale(kSale);
  BOOST_REQUIRE(sale.ok());
  BOOST_TEST(sale->total.kopecks == 12300);
  const auto package = base::ParseJson(PackageOf(*sale, Ann()));
  BOOST_REQUIRE(package.ok());
  const auto& commands = package->root().items;
  BOOST_REQUIRE(commands.size() == 2u);
  BOOST_TEST(commands[0].FindText("type") == "bnkCardPayment");
  BOOST_TEST(commands[0].Find("data")->Find("sum")->text == "123.00");
  BOOST_TEST(commands[1].FindText("type") == "kktReceiptFiscalization");
  const base::JsonValue& receipt = *commands[1].Find("data");
  BOOST_TEST(receipt.Find("payments")->Find("ecash_1081")->text == "123.00");
  BOOST_TEST(receipt.FindText("cashierName_1021") == "Анна");
  BOOST_TEST(receipt.Find("1059")->items[0].Find("tax_1199")->text == "6");
  BOOST_TEST(receipt.Find("1059")->items[1].Find("tax_1199")->text == "2");
  BOOST_TEST(receipt.Find("electronically")->boolean);
}

BOOST_AUTO_TEST_CASE(CashIsOneCommandAndPaperWithoutAnAddress) {
  const auto sale = ReadCourierSale(
      R"({"order":"o","pay":"cash","items":[{"name":"Чай","price":"1","quantity":"0.5"}]})");
  BOOST_REQUIRE(sale.ok());
  const auto package = base::ParseJson(PackageOf(*sale, Ann()));
  BOOST_REQUIRE(package->root().items.size() == 1u);
  const base::JsonValue& receipt = *package->root().items[0].Find("data");
  BOOST_TEST(receipt.Find("payments")->Find("cash_1031")->text == "0.50");
  BOOST_TEST(!receipt.Find("electronically")->boolean);
  BOOST_TEST(receipt.Find("sendToEmail_1008") == nullptr);
}

BOOST_AUTO_TEST_CASE(WrongSalesNameTheirPlace) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"order":"","pay":"cash","items":[]})", "/order"},
      {R"({"order":"o","pay":"barter","items":[]})", "/pay"},
      {R"({"order":"o","pay":"cash","items":[]})", "/items"},
      {R"({"order":"o","pay":"cash","items":[{"name":" ","price":"1","quantity":"1"}]})",
       "/items/0/name"},
      {R"({"order":"o","pay":"cash","items":[{"name":"a","price":"0","quantity":"1"}]})",
       "/items/0/price"},
      {R"({"order":"o","pay":"cash","items":[{"name":"a","price":"1.005","quantity":"1"}]})",
       "/items/0/price"},
      {R"({"order":"o","pay":"cash","items":[{"name":"a","price":"1","quantity":"-1"}]})",
       "/items/0/quantity"},
      {R"({"order":"o","pay":"cash","items":[{"name":"a","price":"99999999","quantity":"2"}]})",
       "/items"},
      {R"({"order":"o","pay":"cash","items":[{"name":"a","price":"1","quantity":"1","vat":"x"}]})",
       "/items/0/vat"},
  };
  for (const auto& [json, place] : wrong) {
    const auto sale = ReadCourierSale(json);
    BOOST_REQUIRE(!sale.ok());
    BOOST_TEST(sale.error().what.starts_with(place), json);
  }
  BOOST_TEST(!ReadCourierSale("[").ok());
}

BOOST_AUTO_TEST_CASE(GoodsAreKeptInOneForm) {
  const auto goods = NormalGoods(
      R"([{"name":" Чай ","price":11.5},{"name":"Сок","price":"7","vat":2,"unit":10}])");
  BOOST_REQUIRE(goods.ok());
  BOOST_TEST(
      *goods ==
      R"([{"name":"Чай","price":"11.50","unit":0},{"name":"Сок","price":"7.00","unit":10,"vat":2}])");
  BOOST_TEST(!NormalGoods(R"({"name":"Чай"})").ok());
  BOOST_TEST(!NormalGoods(R"([{"name":"Чай","price":"-1"}])").ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(CourierTest, Fixture)

BOOST_AUTO_TEST_CASE(CookieIsOutOfReachAndOpensTheSession) {
  std::string cookie;
  BOOST_TEST((door.SignIn("ann", "right", "192.0.2.1", &cookie) == CourierDoor::Answer::kWelcome));
  for (const char* part : {"HttpOnly", "SameSite=Strict", "Secure", "Path=/courier"}) {
    BOOST_TEST(cookie.find(part) != std::string::npos, part);
  }
  const auto session = door.Enter(With(cookie.substr(0, cookie.find(';'))));
  BOOST_REQUIRE(session.has_value());
  BOOST_TEST(session->courier.login == "ann");
}

BOOST_AUTO_TEST_CASE(ForgedAndOldCookiesOpenNothing) {
  const std::string cookie = SignIn();
  std::string forged = cookie;
  forged.back() = forged.back() == '0' ? '1' : '0';
  BOOST_TEST(!door.Enter(With(forged)).has_value());
  for (const char* text :
       {"", "fiscalgate_courier=", "fiscalgate_courier=ann", "fiscalgate_courier=ann.1.", "x=1"}) {
    BOOST_TEST(!door.Enter(With(text)).has_value(), text);
  }
  clock.Advance(std::chrono::hours(13));
  BOOST_TEST(!door.Enter(With(cookie)).has_value());
}

BOOST_AUTO_TEST_CASE(SessionEndsWithThePasswordAndWithTheCourier) {
  const std::string cookie = SignIn();
  store::Courier ann = *store.couriers().Find("ann").value();
  ann.enabled = false;
  BOOST_REQUIRE(store.couriers().Update(ann, {}).ok());
  BOOST_TEST(!door.Enter(With(cookie)).has_value());
  ann.enabled = true;
  ann.password = base::HashPassword("new");
  BOOST_REQUIRE(store.couriers().Update(ann, {}).ok());
  BOOST_TEST(!door.Enter(With(cookie)).has_value());
}

BOOST_AUTO_TEST_CASE(TriesAreLimitedForALoginAndForgottenInTime) {
  std::string cookie;
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST((door.SignIn("ann", "wrong", "192.0.2.1", &cookie) == CourierDoor::Answer::kWrong));
  }
  BOOST_TEST((door.SignIn("ann", "right", "192.0.2.2", &cookie) == CourierDoor::Answer::kTooMany));
  clock.Advance(std::chrono::minutes(16));
  BOOST_TEST((door.SignIn("ann", "right", "192.0.2.2", &cookie) == CourierDoor::Answer::kWelcome));
}

BOOST_AUTO_TEST_CASE(SaleBecomesOneTaskHoweverOftenItIsPosted) {
  const std::string cookie = SignIn();
  const http::Response created = Sell(cookie);
  BOOST_TEST(created.status == 202, created.body);
  const http::Response again = Sell(cookie);
  BOOST_TEST(again.status == 200);
  BOOST_TEST(created.body == again.body);
  BOOST_TEST(created.body.find("\"dialog\":\"/d/") != std::string::npos);
  BOOST_TEST(store.ListTasks({}).value().size() == 1u);
  BOOST_TEST(notified.size() == 1u);
}

BOOST_AUTO_TEST_CASE(SaleNeedsSessionSecretAndANumberOfItsOwn) {
  const std::string cookie = SignIn();
  BOOST_TEST(Ask(receipts, With("", kSale)).status == 401);
  BOOST_TEST(Ask(receipts, With(cookie, kSale, "guessed")).status == 403);
  std::string body = kSale;
  body.replace(body.find("courier-ann-1"), 13, "courier-bob-1");
  BOOST_TEST(Sell(cookie, body).status == 422);
  ChangeRegister([](task::Register& kkt) { kkt.enabled = false; });
  BOOST_TEST(Sell(cookie).status == 403);
  BOOST_TEST(store.ListTasks({}).value().empty());
}

BOOST_AUTO_TEST_CASE(PageIsTheSignInUntilSomebodyIsSignedIn) {
  const Courier pages(door, store.couriers());
  const auto show = [&](const std::string& cookie) {
    auto exchange = std::make_unique<testing::FakeExchange>(With(cookie));
    const auto answer = exchange->answer();
    pages.ShowPage(std::move(exchange));
    return answer->Wait();
  };
  BOOST_TEST(show("").body.find("id=\"sign-in\"") != std::string::npos);
  const http::Response page = show(SignIn());
  BOOST_TEST(page.body.find("id=\"courier\"") != std::string::npos);
  BOOST_TEST(page.body.find("Анна") != std::string::npos);
  BOOST_TEST(
      http::FindHeader(page.headers, "Content-Security-Policy").find("frame-ancestors 'none'") !=
      std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(NobodyIsSignedInByAFormOfAnotherSite) {
  const Courier pages(door, store.couriers());
  http::Request request{"POST",
                        "/courier/sign-in",
                        "",
                        {{"Sec-Fetch-Site", "cross-site"}},
                        "login=ann&password=right"};
  auto exchange = std::make_unique<testing::FakeExchange>(request);
  const auto answer = exchange->answer();
  pages.SignIn(std::move(exchange));
  const http::Response response = answer->Wait();
  BOOST_TEST(response.status == 403);
  BOOST_TEST(http::FindHeader(response.headers, "Set-Cookie").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
