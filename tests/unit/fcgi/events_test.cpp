#include "fcgi/handlers/events.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  std::string Ts() { return std::to_string(base::ToMillis(clock.Now()) / 1000); }
  http::Request Request(const std::string& query, const std::string& code = "integrity") {
    const std::string signature = Events::Sign(query, base::Secret(code));
    return {"GET", "/api/fiscal/events", query + "&signature=" + signature, {}, ""};
  }
  http::Response Get(const std::string& fields) {
    return Ask(events, Request("account=shop-1&ts=" + Ts() + fields));
  }
  Events events{store, clock, directory, waiters};
};

base::JsonDocument Parse(const http::Response& response) {
  auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  return std::move(document).value();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(EventsTest, Fixture)

BOOST_AUTO_TEST_CASE(SignatureIsHmacOverTheRequestLineUpToIt) {
  BOOST_TEST(Events::Sign("account=a&ts=1", base::Secret("code")) ==
             base::HexEncode(base::HmacSha256("code", "GET /api/fiscal/events?account=a&ts=1")));
}

BOOST_AUTO_TEST_CASE(OutcomesComeInOrderAfterTheGivenOne) {
  for (const char* order : {"1", "2", "3"}) Conclude(Accept(order), task::State::kDone);
  const auto all = Parse(Get("&after=0"));
  const base::JsonValue* list = all.root().Find("events");
  BOOST_REQUIRE(list->items.size() == 3u);
  BOOST_TEST(list->items[0].FindText("order_id") == "1");
  BOOST_TEST(list->items[2].Find("outcome")->FindText("state") == "done");
  BOOST_TEST(!all.root().Find("more")->boolean);

  const std::string first_seq(list->items[0].Find("seq")->text);
  const auto page = Parse(Get("&after=" + first_seq + "&limit=1"));
  BOOST_REQUIRE(page.root().Find("events")->items.size() == 1u);
  BOOST_TEST(page.root().Find("events")->items[0].FindText("order_id") == "2");
  BOOST_TEST(page.root().Find("more")->boolean);
  BOOST_TEST(page.root().Find("next")->text == list->items[1].Find("seq")->text);
}

BOOST_AUTO_TEST_CASE(OtherShopsSeeNothingOfIt) {
  Conclude(Accept("1"), task::State::kDone);
  const auto answer = Parse(Ask(events, Request("account=other&ts=" + Ts(), "another")));
  BOOST_TEST(answer.root().Find("events")->items.empty());
}

BOOST_AUTO_TEST_CASE(UnknownAccountWrongSignatureAndStaleTimeLookTheSame) {
  const auto now = base::ToMillis(clock.Now()) / 1000;
  const std::string stale = "account=shop-1&ts=" + std::to_string(now - 301);
  const std::string early = "account=shop-1&ts=" + std::to_string(now + 301);
  const http::Request refused[] = {
      Request("account=shop-1&ts=" + Ts(), "guess"),
      Request("account=nobody&ts=" + Ts()),
      Request(stale),
      Request(early),
      Request("account=shop-1"),
      {"GET", "/api/fiscal/events", "account=shop-1&ts=" + Ts(), {}, ""},
      {"GET", "/api/fiscal/events", "", {}, ""},
  };
  const std::string body = Ask(events, refused[0]).body;
  for (const http::Request& request : refused) {
    const http::Response response = Ask(events, request);
    BOOST_TEST(response.status == 401, request.query);
    BOOST_TEST(response.body == body);
  }
  BOOST_TEST(Ask(events, Request("account=shop-1&ts=" + std::to_string(now - 299))).status == 200);
}

BOOST_AUTO_TEST_CASE(FieldsAfterTheSignatureDoNotCount) {
  http::Request request = Request("account=shop-1&ts=" + Ts());
  request.query += "&after=5";
  BOOST_TEST(Ask(events, request).status == 401);
}

BOOST_AUTO_TEST_CASE(NumbersOutOfRangeAreMalformed) {
  BOOST_TEST(Get("&after=-1").status == 400);
  BOOST_TEST(Get("&limit=0").status == 400);
  BOOST_TEST(Get("&limit=100000").status == 400);
}

BOOST_AUTO_TEST_CASE(WaiterIsAnsweredWhenThereIsAnOutcome) {
  auto exchange =
      std::make_unique<testing::FakeExchange>(Request("account=shop-1&wait=25&ts=" + Ts()));
  const auto answer = exchange->answer();
  events.Handle(std::move(exchange));
  Conclude(Accept("1"), task::State::kDone);
  waiters.Wake(Waiters::OfShop(shop));
  BOOST_TEST(Parse(answer->Wait()).root().Find("events")->items.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
