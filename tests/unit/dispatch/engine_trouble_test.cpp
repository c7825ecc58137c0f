// Full disks, lost leases, stopping, and many dead registers.
#include <boost/test/unit_test.hpp>

#include "lib/dispatch/engine.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {

using testing::AllStores;
using testing::InMemory;

BOOST_AUTO_TEST_SUITE(dispatch_trouble)

BOOST_AUTO_TEST_CASE_TEMPLATE(NothingIsSentWhileClaimsCannotBeStored, Stores, AllStores) {
  World<Stores> world;
  world.Post(world.AddRegister("kkt"), "order-1");
  world.store.disk_full = true;
  world.Restart();
  for (int i = 0; i < 10; ++i) world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 0u);
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RefusedClaimsAreTriedOnceASecondNotMore, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  world.Run();
  world.store.disk_full = true;
  world.Post(lane, "order-1");
  world.Run();
  const int before = world.store.applies;
  for (int i = 0; i < 100; ++i) world.Pass(milliseconds(100));
  BOOST_TEST(world.store.applies <= before + 10);
  BOOST_TEST(world.store.applies >= before + 9);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ConclusionIsKeptUntilItCanBeStored, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.store.disk_full = true;
  world.AnswerDone();
  for (int i = 0; i < 30; ++i) {
    world.Pass(seconds(1));
    BOOST_TEST(world.sender.count() == 1u);  // the lane stays busy
  }
  BOOST_TEST((world.StateOf(id) == State::kSending));
  BOOST_TEST(world.changes.empty());
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.changes.size() == 1u);
  BOOST_TEST(world.LastOrderSent() == "order-2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ConclusionsPassWhereNewClaimsAreRefused, Stores, AllStores) {
  World<Stores> world;
  const auto a = world.AddRegister("a"), b = world.AddRegister("b");
  const std::string id = world.Post(a, "1");
  world.Run();
  world.store.refuse = [](const store::DispatchBatch& batch) { return !batch.claims.empty(); };
  world.Post(b, "2");
  world.Answer(Answered(200, "done"));
  for (int i = 0; i < 3; ++i) world.Pass(seconds(1));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ReasonsToWaitOutliveARefusedCommit, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  world.ChangeRegister(lane, [](task::Register& r) { r.enabled = false; });
  world.Run();
  world.store.disk_full = true;
  const std::string id = world.Post(lane, "order-1");
  world.Run();
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(world.View(id).task.wait_reason == "касса отключена");
}

BOOST_AUTO_TEST_CASE(AnswerToAnEarlierAttemptIsDroppedAndCounted) {
  World<InMemory> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Run();
  const auto late = world.sender.at(0).done;
  world.Answer(NotAnswered(Delivery::kNotSent, "refused"));
  world.Pass(seconds(1));
  BOOST_REQUIRE(world.sender.count() == 2u);
  late(Answered(200, "failed"));
  world.Run();
  BOOST_TEST((world.StateOf(id) == State::kSending));
  BOOST_TEST(world.engine->counters().lost_leases == 1);
  world.AnswerDone();
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(StopTakesNoNewWorkAndWaitsForAnswers, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.engine->mailbox().AskStop();
  world.Run();
  BOOST_TEST(!world.engine->finished());
  world.AnswerDone();
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.engine->finished());
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(StopGivesUpAfterItsGraceAndLeavesTheTaskSending, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.engine->mailbox().AskStop();
  world.Run();
  BOOST_TEST((*world.next - world.clock.Mono()).count() == world.options.grace.count());
  world.Pass(world.options.grace);
  BOOST_TEST(world.engine->finished());
  BOOST_TEST((world.StateOf(id) == State::kSending));
}

BOOST_AUTO_TEST_CASE(AnswersAfterTheEndAreDroppedAndCounted) {
  World<InMemory> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.engine->mailbox().Close();
  world.sender.AnswerLast(Answered(200, "done"));
  BOOST_TEST(world.engine->counters().lost_leases == 1);
  world.Restart();
  BOOST_TEST((world.StateOf(id) == State::kSending));
}

BOOST_AUTO_TEST_CASE(AnswerAfterTheEngineIsGoneIsHarmless) {
  World<InMemory> world;
  world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.engine.reset();
  world.sender.AnswerLast(Answered(200, "done"));
  BOOST_TEST(world.sender.open() == 0u);
}

BOOST_AUTO_TEST_CASE(ThousandDeadRegistersDoNotSlowALiveOne) {
  World<InMemory> world;
  world.options.max_in_flight = 64;
  world.Restart();
  for (int i = 0; i < 1000; ++i) {
    world.Post(world.AddRegister("dead" + std::to_string(i)), "d" + std::to_string(i));
  }
  const auto live = world.AddRegister("live");
  world.Run();
  while (world.sender.open() > 0) {  // every dead one fails once
    world.sender.AnswerAll("http://dead", NotAnswered(Delivery::kNotSent, "time-out"));
    world.Run();
  }
  world.Pass(minutes(10));  // all of them are tried again, and hang
  BOOST_TEST(world.sender.open() == 32u);
  const int read = world.store.heads_read;
  for (int i = 0; i < 100; ++i) {
    world.Post(live, "l" + std::to_string(i));
    world.engine->Turn();
    BOOST_REQUIRE(world.sender.CountTo("http://live") == static_cast<std::size_t>(i + 1));
    world.sender.AnswerAll("http://live", Answered(200, "done"));
    world.Run();
  }
  BOOST_TEST(world.engine->counters().done == 100);
  // One look that finds the task, one that finds none: the dead are not looked at.
  BOOST_TEST(world.store.heads_read - read <= 200);
}

BOOST_AUTO_TEST_CASE(PausedLanesCostNoTurnOfALiveOne) {
  World<InMemory> world;
  for (int i = 0; i < 1000; ++i) {
    world.Post(world.AddRegister("dead" + std::to_string(i)), "d" + std::to_string(i));
  }
  world.Run();
  world.sender.AnswerAll("http://dead", NotAnswered(Delivery::kNotSent, "refused"));
  world.Run();
  const int read = world.store.heads_read;
  const auto live = world.AddRegister("live");
  world.Post(live, "l");
  world.Run();
  BOOST_TEST(world.store.heads_read == read + 1);
  BOOST_TEST(world.LastOrderSent() == "l");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
