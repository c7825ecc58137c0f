#include "fcgi/handlers/provider_callback.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/begateway/provider.h"
#include "tests/unit/support/fake_exchange.h"

namespace fiscalgate::testing {
namespace {

using protocol::begateway::BegatewayProvider;
using protocol::begateway::FindProfile;
using task::State;

constexpr char kTask[] = "01jd3q4c5e6f7g8h9jkmnpqrst";

task::Register CloudRegister(task::RegisterKey key, const std::string& provider) {
  task::Register r;
  r.key = key;
  r.name = provider;
  r.provider = provider;
  r.settings = {{"shop_id", "361"}, {"operator_group", "MAIN"}};
  r.secrets = {{"secret_key", base::Secret("right")}};
  return r;
}

struct Fixture {
  Fixture() {
    task::Register broken = CloudRegister(9, "bepaid");
    broken.secrets.clear();
    task::Register till = CloudRegister(8, "bit");
    directory = std::make_shared<const task::Directory>(
        std::vector<task::Shop>(),
        std::vector<task::Register>{CloudRegister(7, "bepaid"), till, broken,
                                    CloudRegister(10, "freepayment")},
        1);
    Put(State::kWaiting);
  }
  void Put(State state, task::RegisterKey lane = 7) {
    store::TaskView view;
    view.task.id = kTask;
    view.task.seq = 42;
    view.task.register_key = lane;
    view.task.state = state;
    tasks[kTask] = view;
  }
  int Tell(const std::string& place, const std::string& body,
           const std::string& password = "right") {
    http::Request request;
    request.method = "POST";
    request.url = "/api/callback/" + place;
    request.headers = {{"authorization", "Basic " + base::Base64Encode("361:" + password)}};
    request.body = body;
    auto exchange = std::make_unique<FakeExchange>(std::move(request));
    const auto answer = exchange->answer();
    handler.Handle(std::move(exchange));
    return answer->Wait().status;
  }
  static std::string Body(const std::string& id = kTask) {
    return R"({"transaction":{"uid":"p-1","status":"successful","tracking_id":")" + id + "\"}}";
  }

  task::DirectoryPtr directory;
  std::map<std::string, store::TaskView, std::less<>> tasks;
  bool is_store_well = true;
  std::vector<std::pair<task::RegisterKey, task::TaskSeq>> nudged;
  protocol::CloudAccounts accounts{
      {std::make_shared<BegatewayProvider>(*FindProfile("bepaid"), protocol::CloudSurroundings{}),
       std::make_shared<BegatewayProvider>(*FindProfile("freepayment"),
                                           protocol::CloudSurroundings{})}};
  ProviderCallback handler{
      {accounts, [this] { return directory; },
       [this](std::string_view id) -> base::Result<std::optional<store::TaskView>> {
         if (!is_store_well) return base::Error{base::Code::kUnavailable, "on purpose"};
         const auto found = tasks.find(id);
         if (found == tasks.end()) return std::optional<store::TaskView>();
         return std::optional(found->second);
       },
       [this](task::RegisterKey lane, task::TaskSeq seq) { nudged.emplace_back(lane, seq); }}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(provider_callback, Fixture)

BOOST_AUTO_TEST_CASE(AGenuineOneHastensItsTaskEveryTimeItComes) {
  BOOST_TEST(Tell("bepaid/7", Body()) == 200);
  BOOST_TEST(Tell("bepaid/7", Body()) == 200);
  Put(State::kSending);
  BOOST_TEST(Tell("bepaid/7", Body()) == 200);
  BOOST_REQUIRE_EQUAL(nudged.size(), 3u);
  for (const auto& [lane, seq] : nudged) BOOST_TEST((lane == 7 && seq == 42));
}

BOOST_AUTO_TEST_CASE(OneThatIsNotGenuineOrNotUnderstoodDoesNothing) {
  BOOST_TEST(Tell("bepaid/7", Body(), "wrong") == 401);
  BOOST_TEST(Tell("bepaid/7", "", "wrong") == 401);
  BOOST_TEST(Tell("bepaid/7", "x") == 400);
  BOOST_TEST(Tell("bepaid/7", "{}") == 400);
  BOOST_TEST(Tell("bepaid/7", std::string(base::kMaxJsonBytes + 1, ' ')) == 413);
  BOOST_TEST(nudged.empty());
}

BOOST_AUTO_TEST_CASE(ARegisterHasToBeThereAndAtThatProvider) {
  for (const char* place : {"bepaid/1", "bepaid/10", "freepayment/7", "bit/8", "bepaid/x",
                            "bepaid/7x", "bepaid/-7", "bepaid/99999999999999999999", "bepaid/"}) {
    BOOST_TEST(Tell(place, Body()) == 404, place);
  }
  BOOST_TEST(nudged.empty());
}

BOOST_AUTO_TEST_CASE(WhatIsNoTaskOfTheRegisterIsTakenAndLeftAlone) {
  BOOST_TEST(Tell("bepaid/7", Body("01jd3q4c5e6f7g8h9jkmnpqrsv")) == 200);
  BOOST_TEST(Tell("bepaid/7", Body("order 5 of the shop's own")) == 200);
  BOOST_TEST(Tell("freepayment/10", Body()) == 200);
  for (const State state :
       {State::kQueued, State::kDone, State::kFailed, State::kUnknown, State::kCancelled}) {
    Put(state);
    BOOST_TEST(Tell("bepaid/7", Body()) == 200);
  }
  BOOST_TEST(nudged.empty());
}

BOOST_AUTO_TEST_CASE(WhatCannotBeReadNowMayComeAgain) {
  BOOST_TEST(Tell("bepaid/9", Body()) == 503);
  is_store_well = false;
  BOOST_TEST(Tell("bepaid/7", Body()) == 503);
  BOOST_TEST(nudged.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
