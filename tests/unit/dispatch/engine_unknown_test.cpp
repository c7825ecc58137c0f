// What becomes of tasks whose outcome is not known.
#include <boost/test/unit_test.hpp>

#include "lib/dispatch/engine.h"
#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {

using testing::AllStores;

namespace {

const http::Answer kSilence = NotAnswered(Delivery::kNoAnswer, "time-out");

std::vector<std::string> OrdersSent(const testing::FakeSender& sender) {
  std::vector<std::string> orders;
  for (std::size_t i = 0; i < sender.count(); ++i) orders.push_back(sender.at(i).request.body);
  return orders;
}

using Orders = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(dispatch_unknown)

BOOST_AUTO_TEST_CASE_TEMPLATE(LaneStandsStillBehindAnUnknownTask, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  world.Post(lane, "order-3");
  world.Pass(std::chrono::hours(100));
  BOOST_TEST(OrdersSent(world.sender) == Orders{"order-1"});
  BOOST_TEST(!world.next.has_value());
  BOOST_TEST(world.engine->counters().unknown == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SettledTaskLetsTheLaneGoOn, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  BOOST_TEST(world.store.SettleTask(id, true, {}, "op", "", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.LastOrderSent() == "order-2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TaskSettledAsNotPrintedIsSentAgain, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  BOOST_TEST(world.store.SettleTask(id, false, {}, "op", "", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(OrdersSent(world.sender) == (Orders{"order-1", "order-1"}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RegisterThatCanTellIsAskedWithGrowingPauses, Stores, AllStores) {
  World<Stores> world;
  world.provider->can_ask = true;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  for (const int pause_s : {2, 10, 60, 300, 300}) {
    const std::size_t before = world.sender.count();
    world.Pass(seconds(pause_s) - milliseconds(1));
    BOOST_TEST(world.sender.count() == before);
    world.Pass(milliseconds(1));
    BOOST_REQUIRE(world.sender.count() == before + 1);
    BOOST_TEST((world.StateOf(id) == State::kUnknown));
    world.Answer(kSilence);
  }
  BOOST_TEST(world.changes.size() == 1u);
  world.Pass(minutes(5));
  world.AnswerDone();
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.changes.size() == 2u);
  BOOST_TEST(world.LastOrderSent() == "order-2");
  BOOST_TEST((world.View(id).attempts.back().kind == task::AttemptKind::kAsk));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnotherAddressIsNotAskedWhatItNeverHeardOf, Stores, AllStores) {
  for (const bool pass_unknown : {false, true}) {
    World<Stores> world;
    world.provider->can_ask = true;
    const auto lane = world.AddRegister("kkt", pass_unknown);
    const std::string id = world.Post(lane, "order-1");
    world.Run();
    world.Answer(kSilence);
    world.ChangeRegister(lane, [](task::Register& r) { r.url = "http://other/"; });
    world.engine->mailbox().AskRescan();
    world.Pass(std::chrono::hours(1));
    BOOST_TEST(world.sender.count() == 1u);
    BOOST_TEST((world.StateOf(id) == State::kUnknown));
    world.ChangeRegister(lane, [](task::Register& r) { r.url = "http://kkt/"; });
    world.engine->mailbox().AskRescan();
    world.Pass(minutes(6));
    BOOST_REQUIRE(world.sender.count() == 2u);
    world.AnswerDone();
    BOOST_TEST((world.StateOf(id) == State::kDone));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(QuestionThatCouldNotBeSentKeepsTheTaskUnknown, Stores, AllStores) {
  World<Stores> world;
  world.provider->can_ask = true;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.Answer(kSilence);
  world.Pass(seconds(2));
  world.Answer(NotAnswered(Delivery::kNotSent, "refused"));
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.sender.count() == 2u);
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnswerToAQuestionOfATaskSettledMeanwhileIsDropped, Stores,
                              AllStores) {
  World<Stores> world;
  world.provider->can_ask = true;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.Answer(kSilence);
  world.Pass(seconds(2));
  const auto settled = world.store.SettleTask(id, true, {}, "op", "", world.clock.Now());
  BOOST_REQUIRE(settled.ok());
  world.Answer(Answered(200, "failed"));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.engine->counters().lost_leases == 1);
  BOOST_TEST(!world.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RegisterMayPassUnknownTasks, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt", true);
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  world.Pass(seconds(1));
  BOOST_TEST(OrdersSent(world.sender) == (Orders{"order-1", "order-2"}));
  world.AnswerDone();
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(!world.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SilentRegisterDoesNotMakeEveryTaskUnknownAtOnce, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt", true);
  for (int i = 0; i < 20; ++i) world.Post(lane, "order-" + std::to_string(i));
  world.Run();
  for (const int pause_s : {1, 2, 5, 10, 30, 60}) {
    const std::size_t before = world.sender.count();
    world.Answer(kSilence);
    world.Pass(seconds(pause_s) - milliseconds(1));
    BOOST_TEST(world.sender.count() == before);
    world.Pass(milliseconds(1));
    BOOST_TEST(world.sender.count() == before + 1);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PassedTasksAreAskedAboutInBetween, Stores, AllStores) {
  World<Stores> world;
  world.provider->can_ask = true;
  const auto lane = world.AddRegister("kkt", true);
  const std::string first = world.Post(lane, "order-1"), second = world.Post(lane, "order-2");
  world.Run();
  world.Answer(kSilence);
  world.Pass(seconds(1));
  world.Answer(kSilence);
  BOOST_TEST(OrdersSent(world.sender) == (Orders{"order-1", "order-2"}));
  world.Pass(seconds(2));  // the newer first, for its pause has just begun
  BOOST_TEST(world.LastOrderSent() == "order-2");
  world.AnswerDone();
  BOOST_TEST((world.StateOf(second) == State::kDone));
  BOOST_TEST(world.LastOrderSent() == "order-1");
  world.AnswerDone();
  BOOST_TEST((world.StateOf(first) == State::kDone));
  BOOST_TEST(world.sender.count() == 4u);
  world.Pass(std::chrono::hours(1));
  BOOST_TEST(world.sender.count() == 4u);
  BOOST_TEST(!world.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AskingInBetweenNeverStopsTheLane, Stores, AllStores) {
  World<Stores> world;
  world.provider->can_ask = true;
  const auto lane = world.AddRegister("kkt", true);
  const std::string lost = world.Post(lane, "lost");
  world.Run();
  world.Answer(kSilence);
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    world.Post(lane, "order-" + std::to_string(i));
    world.Pass(seconds(5));
    while (world.sender.open() > 0) {
      const bool asked = world.LastOrderSent() == "lost";
      done += asked ? 0 : 1;
      world.Answer(asked ? Answered(200, "garbage") : Answered(200, "done"));
    }
  }
  BOOST_TEST(done == 100);
  BOOST_TEST((world.StateOf(lost) == State::kUnknown));
  BOOST_TEST(world.View(lost).task.attempts > 3);
  BOOST_TEST(world.View(lost).task.attempts < 10);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(InterruptedTaskIsUnknownAfterARestartAndNotSentAgain, Stores,
                              AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  world.Run();
  world.Restart();
  BOOST_TEST(world.engine->Recover());
  world.Pass(std::chrono::hours(1));
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(OrdersSent(world.sender) == Orders{"order-1"});
  BOOST_REQUIRE(world.changes.size() == 1u);
  BOOST_TEST(world.changes[0].id == id);
  BOOST_TEST((world.changes[0].state == State::kUnknown));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(InterruptedTaskIsAskedAboutAfterARestart, Stores, AllStores) {
  for (const bool pass : {false, true}) {
    World<Stores> world;
    world.provider->can_ask = true;
    const std::string id = world.Post(world.AddRegister("kkt", pass), "order-1");
    world.Run();
    world.Restart();
    world.Run();
    BOOST_TEST(world.sender.count() == 1u);
    world.Pass(seconds(2));
    BOOST_REQUIRE(world.sender.count() == 2u);
    world.AnswerDone();
    BOOST_TEST((world.StateOf(id) == State::kDone));
    BOOST_TEST(!world.next.has_value());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(QueuedTasksAreFoundAfterARestart, Stores, AllStores) {
  World<Stores> world;
  world.Put(world.AddRegister("a"), "1");
  world.Put(world.AddRegister("b"), "2");
  world.Restart();
  world.Run();
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
