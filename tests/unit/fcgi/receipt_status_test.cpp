#include "fcgi/handlers/receipt_status.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

struct Fixture : testing::GatewayFixture {
  http::Request Request(const std::string& id, const std::string& query = "") {
    return {"GET", "/api/fiscal/receipts/" + id, query, {}, ""};
  }
  http::Response Status(const std::string& id, const std::string& query = "") {
    return Ask(status, Request(id, query));
  }
  ReceiptStatus status{store, waiters, links};
};

std::string StateOf(const http::Response& response) {
  const auto document = base::ParseJson(response.body);
  BOOST_REQUIRE(document.ok());
  return std::string(document->root().FindText("state"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ReceiptStatusTest, Fixture)

BOOST_AUTO_TEST_CASE(QueuedTaskIsDescribedAtOnce) {
  const std::string id = Accept("7");
  const http::Response response = Status(id);
  BOOST_TEST(response.status == 200);
  BOOST_TEST(StateOf(response) == "queued");
  BOOST_TEST(response.body.find("\"order_id\":\"7\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(DoneTaskShowsItsMarkAndQrTextButNoAddresses) {
  const std::string id = Accept("7");
  Conclude(id, task::State::kDone, Mark());
  const http::Response response = Status(id, "wait=25");
  BOOST_TEST(StateOf(response) == "done");
  BOOST_TEST(response.body.find("9999000011112222") != std::string::npos);
  BOOST_TEST(response.body.find(ffd::QrText(Mark())) != std::string::npos);
  BOOST_TEST(response.body.find("till.example") == std::string::npos);
  BOOST_TEST(response.body.find("shop.example") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(WaiterIsAnsweredWhenTheTaskIsOver) {
  const std::string id = Accept("7");
  auto exchange = std::make_unique<testing::FakeExchange>(Request(id, "wait=25"));
  const auto answer = exchange->answer();
  status.Handle(std::move(exchange));
  const task::Task done = Conclude(id, task::State::kDone, Mark());
  waiters.Wake(Waiters::OfTask(done.seq));
  BOOST_TEST(StateOf(answer->Wait()) == "done");
}

BOOST_AUTO_TEST_CASE(SecondTaskSaysThatItWaitsForTheFirst) {
  Accept("1");
  const std::string second = Accept("2");
  http::Request request = Request(second);
  request.headers = {{"accept-language", "en"}};
  BOOST_TEST(Ask(status, request).body.find("an earlier task") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(UnknownIdsAre404) {
  BOOST_TEST(Status("x").status == 404);
  BOOST_TEST(Status(std::string(26, '0')).status == 404);
  BOOST_TEST(Status(std::string(26, '0'), "wait=5").status == 404);
}

BOOST_AUTO_TEST_CASE(WaitMustBeANumber) {
  const std::string id = Accept("7");
  BOOST_TEST(Status(id, "wait=soon").status == 400);
  BOOST_TEST(Status(id, "wait=-1").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
