#include "fcgi/handlers/cancel_receipt.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate::testing {
namespace {

struct Fixture : GatewayFixture {
  http::Response Cancel(const std::string& id, const std::string& account = "shop-1",
                        const std::string& code = "integrity") {
    http::Request request;
    request.method = "POST";
    request.url = "/api/fiscal/receipts/" + id + "/cancel";
    request.headers = {{"Authorization", "Bearer " + code}, {"BIT-Account-ID", account}};
    return Ask(cancel, request);
  }
  std::vector<task::Task> changes;
  CancelReceipt cancel{{store, clock, directory, intake,
                        [this](const task::Task& task) { changes.push_back(task); }}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cancel_receipt, Fixture)

BOOST_AUTO_TEST_CASE(AQueuedTaskIsCancelledAndWaitersAreTold) {
  const std::string id = Accept("1");
  const http::Response response = Cancel(id);
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body.find(R"("state":"cancelled")") != std::string::npos);
  BOOST_REQUIRE(changes.size() == 1u);
  BOOST_TEST(changes[0].id == id);
}

BOOST_AUTO_TEST_CASE(AskedAgainItIsToldAgainAndNobodyElseHearsOfIt) {
  const std::string id = Accept("1");
  BOOST_TEST(Cancel(id).status == 200);
  const http::Response again = Cancel(id);
  BOOST_TEST(again.status == 200);
  BOOST_TEST(again.body.find(R"("state":"cancelled")") != std::string::npos);
  BOOST_TEST(changes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(ATaskThatIsOverIsAConflictWithItsState) {
  const std::string id = Accept("1");
  Conclude(id, task::State::kDone);
  const http::Response response = Cancel(id);
  BOOST_TEST(response.status == 409);
  BOOST_TEST(response.body.find(R"("state":"done")") != std::string::npos);
  BOOST_TEST(response.body.find(R"("result":false)") != std::string::npos);
  BOOST_TEST(changes.empty());
}

BOOST_AUTO_TEST_CASE(OnlyTheShopItselfMay) {
  const std::string id = Accept("1");
  BOOST_TEST(Cancel(id, "shop-1", "wrong").status == 401);
  BOOST_TEST(Cancel(id, "nobody").status == 401);
  BOOST_TEST(Cancel(id, "other", "another").status == 404);
  BOOST_TEST((store.FindTask(id).value()->task.state == task::State::kQueued));
}

BOOST_AUTO_TEST_CASE(WhatIsNotThereIsNotFound) {
  BOOST_TEST(Cancel("nothing").status == 404);
  BOOST_TEST(Cancel(std::string(26, 'a')).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
