// The dispatcher with its thread and the system's clock.
#include "lib/dispatch/dispatcher.h"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

#include "lib/base/id.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {
namespace {

template <typename Stores>
struct Running {
  explicit Running(testing::FakeSender::Script script) : sender(std::move(script)) {
    task::Shop account;
    account.account_id = "A1";
    account.name = "shop";
    account.code = base::Secret("code");
    shop = stores.store->AddShop(account).value();
  }
  task::RegisterKey AddRegister(const std::string& name) {
    task::Register r;
    r.name = name;
    r.provider = "bit";
    r.kkt_token = base::Secret("token of " + name);
    r.url = "http://" + name + "/";
    r.shops = {shop};
    return stores.store->AddRegister(r).value();
  }
  void Start() {
    directory = stores.store->LoadDirectory().value();
    dispatcher = std::make_unique<Dispatcher>(
        *stores.store, sender, clock,
        Dispatcher::Providers{{"bit", std::make_shared<ScriptedProvider>()}},
        [this] { return directory; },
        [this](const task::Task& task) {
          std::lock_guard lock(mutex);
          states[task.order_id] = task.state;
          changed.notify_all();
        },
        options);
    dispatcher->Start();
  }
  void Post(task::RegisterKey lane, const std::string& order) {
    task::NewTask post;
    post.id = base::NewId(clock.Now());
    post.shop = shop;
    post.register_key = lane;
    post.order_id = order;
    post.content_hash = std::string(32, 'h');
    post.package.commands = "[]";
    post.accepted_at = clock.Now();
    testing::Accept(*stores.store, post);
    dispatcher->Notify(lane);
  }
  bool WaitForEnds(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, seconds(20), [&] { return states.size() >= count; });
  }

  base::SystemClock clock;
  Stores stores;
  testing::FakeSender sender;
  Options options;
  task::ShopKey shop = 0;
  task::DirectoryPtr directory;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, State> states;
  std::unique_ptr<Dispatcher> dispatcher;
};

std::optional<http::Answer> Done(const http::Request&) { return Answered(200, "done"); }
std::optional<http::Answer> Nothing(const http::Request&) { return std::nullopt; }

}  // namespace

BOOST_AUTO_TEST_SUITE(dispatcher)

BOOST_AUTO_TEST_CASE_TEMPLATE(EveryAcceptedTaskIsDoneOnce, Stores, testing::AllStores) {
  Running<Stores> running(Done);
  std::vector<task::RegisterKey> lanes;
  for (int i = 0; i < 8; ++i) lanes.push_back(running.AddRegister("kkt" + std::to_string(i)));
  running.Start();
  for (std::size_t i = 0; i < 200; ++i) {
    running.Post(lanes[i % lanes.size()], "order-" + std::to_string(i));
  }
  BOOST_REQUIRE(running.WaitForEnds(200));
  running.dispatcher->Stop();
  BOOST_TEST(running.sender.count() == 200u);
  BOOST_TEST(running.dispatcher->counters().done == 200);
  BOOST_TEST(running.dispatcher->counters().lost_leases == 0);
}

BOOST_AUTO_TEST_CASE(StopWithNothingRunningIsAtOnce) {
  Running<testing::InMemory> running(Done);
  running.options.grace = std::chrono::hours(1);
  running.Start();
  running.dispatcher->Stop();
  running.dispatcher->Stop();
  BOOST_TEST(running.sender.count() == 0u);
}

BOOST_AUTO_TEST_CASE(StopWaitsForTheRunningAttempt) {
  Running<testing::InMemory> running(Nothing);
  running.options.grace = std::chrono::hours(1);
  const auto lane = running.AddRegister("kkt");
  running.Start();
  running.Post(lane, "order-1");
  BOOST_REQUIRE(running.sender.WaitForCount(1));
  std::thread stopper([&] { running.dispatcher->Stop(); });
  running.sender.Answer(0, Answered(200, "done"));
  stopper.join();
  BOOST_TEST((running.states["order-1"] == State::kDone));
}

BOOST_AUTO_TEST_CASE(StopGivesUpAfterItsGrace) {
  Running<testing::InMemory> running(Nothing);
  running.options.grace = milliseconds(20);
  const auto lane = running.AddRegister("kkt");
  running.Start();
  running.Post(lane, "order-1");
  BOOST_REQUIRE(running.sender.WaitForCount(1));
  running.dispatcher->Stop();
  running.sender.Answer(0, Answered(200, "done"));
  BOOST_TEST(running.states.empty());
  BOOST_TEST(running.dispatcher->counters().lost_leases == 1);
}

BOOST_AUTO_TEST_CASE(NoticesFromManyThreadsAreCheap) {
  Running<testing::InMemory> running(Done);
  const auto lane = running.AddRegister("kkt");
  running.Start();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20'000; ++n) running.dispatcher->Notify(lane);
    });
  }
  for (std::thread& thread : threads) thread.join();
  running.Post(lane, "order-1");
  BOOST_TEST(running.WaitForEnds(1));
  running.dispatcher->Stop();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
