// Ten thousand tasks at a slow provider cost rows, not memory; and the engine on its own thread.
#include "lib/dispatch/conversations.h"

#include <condition_variable>
#include <mutex>

#include "lib/base/clock.h"
#include "tests/unit/dispatch/talk_world.h"

namespace fiscalgate::dispatch {

BOOST_FIXTURE_TEST_SUITE(talk_many, TalkWorld)

BOOST_AUTO_TEST_CASE(TenThousandThatWaitAreNotInMemory) {
  constexpr int kTasks = 10'000;
  FakeService service;
  service.polls_until_done = 1;
  serve = [&](const http::Request& request) { return service.Serve(request); };
  const auto lane = AddRegister("one");
  PutMany(lane, kTasks);
  for (int i = 0; i < 4 && engine->counters().begun < kTasks; ++i) Run();
  BOOST_TEST(engine->counters().begun == kTasks);
  BOOST_TEST(engine->in_flight() == 0u);
  const int reads = store.conversations_read + store.queues_read;
  Run();
  BOOST_TEST(store.conversations_read + store.queues_read == reads);
  Restart();
  for (int i = 0; i < 20 && engine->counters().done < kTasks; ++i) Pass(seconds(3));
  BOOST_TEST(engine->counters().done == kTasks);
  BOOST_TEST(most_in_memory <= base::kMaxConversationsInFlight);
  BOOST_TEST(service.documents.size() == kTasks);
  BOOST_TEST(store.cloud_applies < 4 * kTasks / 10);
}

BOOST_AUTO_TEST_CASE(AllRegistersTogetherHaveALimitToo) {
  const int lanes =
      static_cast<int>(base::kMaxAllConversationsInFlight / base::kMaxConversationsInFlight) + 2;
  for (int i = 0; i < lanes; ++i) {
    PutMany(AddRegister("r" + std::to_string(i)), 0);
    for (std::size_t n = 0; n < base::kMaxConversationsInFlight; ++n) {
      task::NewTask post = NewPost(i + 1, std::to_string(i) + "-" + std::to_string(n));
      BOOST_REQUIRE(store.Accept(post, [](auto) {}));
    }
  }
  BOOST_REQUIRE(store.Probe().ok());
  Run();
  BOOST_TEST(sender.count() == base::kMaxAllConversationsInFlight);
  sender.Answer(0, Answered(422));
  Run();
  BOOST_TEST(sender.count() == base::kMaxAllConversationsInFlight + 1);
}

BOOST_AUTO_TEST_CASE(ThreadCarriesConversationsToTheirEnd) {
  FakeService service;
  service.polls_until_done = 0;
  std::mutex mutex;
  std::condition_variable came;
  std::vector<State> ends;
  serve = [&](const http::Request& request) { return service.Serve(request); };
  const auto lane = AddRegister("one");
  base::SystemClock real;
  Conversations conversations(
      store, sender, real, accounts, [this] { return directory; },
      [&](const task::Task& task) {
        std::lock_guard lock(mutex);
        ends.push_back(task.state);
        came.notify_all();
      },
      {});
  conversations.Start();
  const task::Task task = Put(lane, "order-1");
  conversations.Notify(lane);
  std::unique_lock lock(mutex);
  const auto nudged = [&] {
    conversations.Nudge(lane, task.seq);
    return !ends.empty();
  };
  for (int i = 0; i < 2'000 && !nudged(); ++i) came.wait_for(lock, milliseconds(10));
  BOOST_TEST(ends.size() == 1u);
  lock.unlock();
  conversations.Rescan();
  conversations.Stop();
  BOOST_TEST(conversations.counters().done == 1);
  BOOST_TEST(conversations.health().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
