#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;
using task::State;

namespace {

// In a state each, to try an act on all of them.
std::vector<task::Task> OneOfEach(World& world) {
  std::vector<task::Task> tasks;
  tasks.push_back(world.AcceptAndEnd("done", State::kDone));
  tasks.push_back(world.AcceptAndEnd("failed", State::kFailed, "paper out"));
  tasks.push_back(world.AcceptAndEnd("unknown", State::kUnknown, "no answer"));
  task::Task sending = world.Accept("sending");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  tasks.push_back(world.View(sending).task);
  task::Task cancelled = world.Accept("cancelled");
  BOOST_REQUIRE(world.store().CancelTask(cancelled.id, "ann", "", world.now()).ok());
  tasks.push_back(world.View(cancelled).task);
  tasks.push_back(world.Accept("queued"));
  return tasks;
}

// The act is refused with kConflict and changes nothing, for all states but one.
void OnlyAllowedIn(World& world, State allowed,
                   const std::function<Status(const std::string&)>& act) {
  for (const task::Task& task : OneOfEach(world)) {
    if (task.state == allowed) continue;
    const std::int64_t version = world.store().OperatorVersion().value();
    const Status refused = act(task.id);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == Code::kConflict));
    BOOST_TEST((world.View(task).task.state == task.state));
    BOOST_TEST(world.View(task).task.error == task.error);
    BOOST_TEST(world.store().OperatorVersion().value() == version);
  }
  BOOST_TEST((act("no such id").error().code == Code::kNotFound));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_operator)

STORE_TEST(ACancelledTaskIsOverAndTheShopIsTold) {
  const task::Task task = world.Accept("1");
  const std::int64_t version = world.store().OperatorVersion().value();
  BOOST_TEST(world.store().CancelTask(task.id, "ann", "the buyer left", world.now()).ok());
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kCancelled));
  BOOST_TEST(view.task.error == "cancelled: the buyer left");
  BOOST_TEST(view.callback->url == "https://shop.example/failed");
  const std::vector<Event> events = world.store().EventsAfter(world.shop, 0, 10).value();
  BOOST_TEST((events.at(0).state == State::kCancelled));
  BOOST_TEST(!world.store().HeadOf(world.lane, false).value().has_value());
  BOOST_TEST(world.store().OperatorVersion().value() > version);
}

STORE_TEST(OnlyAQueuedTaskIsCancelled) {
  OnlyAllowedIn(world, State::kQueued, [&](const std::string& id) {
    return world.store().CancelTask(id, "ann", "", world.now());
  });
}

STORE_TEST(AFailedTaskIsRetriedInItsOldPlace) {
  const task::Task failed = world.AcceptAndEnd("1", State::kFailed, "paper out");
  world.Accept("2");
  const std::int64_t version = world.store().OperatorVersion().value();
  BOOST_TEST(world.store().RetryTask(failed.id, "ann", "paper is in", world.now()).ok());
  const TaskView view = world.View(failed);
  BOOST_TEST((view.task.state == State::kQueued));
  BOOST_TEST(view.task.error == "");
  BOOST_TEST(world.store().HeadOf(world.lane, false).value()->task.id == failed.id);
  BOOST_TEST(world.store().OperatorVersion().value() > version);
  BOOST_TEST(world.Apply(world.SendOf(failed)));
  BOOST_TEST(world.View(failed).task.attempts == 2);
}

STORE_TEST(OnlyAFailedTaskIsRetried) {
  OnlyAllowedIn(world, State::kFailed, [&](const std::string& id) {
    return world.store().RetryTask(id, "ann", "", world.now());
  });
}

STORE_TEST(AnUnknownTaskSettledAsPrintedIsDone) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  BOOST_REQUIRE(world.Apply(world.EndOf(task, State::kUnknown, "lease", "no answer")));
  const std::int64_t version = world.store().OperatorVersion().value();
  BOOST_TEST(
      world.store().SettleTask(task.id, true, Mark(), "ann", "seen on paper", world.now()).ok());
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.error == "");
  BOOST_REQUIRE(view.results.size() == 2u);  // as the package says
  BOOST_TEST(view.results[0].name == "r");
  BOOST_TEST(view.results[0].type == "kktReceiptFiscalization");
  BOOST_TEST((view.results[0].state == task::CommandState::kDone));
  BOOST_TEST(view.results[0].text == "settled as done by ann");
  BOOST_TEST(view.results[0].mark->fd_1040 == 42);
  BOOST_TEST(!view.results[1].mark.has_value());
  BOOST_TEST(view.callback->url == "https://shop.example/ok");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 2u);
  BOOST_TEST(world.store().OperatorVersion().value() > version);
}

STORE_TEST(SettlingKeepsWhatTheRegisterSaid) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion end = world.EndOf(task, State::kUnknown, "lease", "cut off");
  end.outcome.commands = {Done(0, "printed at noon")};
  BOOST_REQUIRE(world.Apply(end));
  BOOST_REQUIRE(world.store().SettleTask(task.id, true, {}, "ann", "", world.now()).ok());
  const TaskView view = world.View(task);
  BOOST_TEST(view.results.at(0).text == "printed at noon");
  BOOST_TEST(view.results.at(1).text == "settled as done by ann");
  BOOST_TEST(view.results.at(1).type == "kktCloseShift");
}

STORE_TEST(AnUnknownTaskSettledAsNotPrintedIsQueuedAgain) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "no answer");
  BOOST_TEST(world.store().SettleTask(task.id, false, {}, "ann", "no paper", world.now()).ok());
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kQueued));
  BOOST_TEST(view.task.error == "");
  BOOST_TEST(!view.callback.has_value());
  BOOST_TEST(world.Apply(world.SendOf(task)));
}

STORE_TEST(SettlingTakesTheLeaseOfARunningAsk) {
  for (const bool printed : {true, false}) {
    const task::Task task = world.AcceptAndEnd(printed ? "1" : "2", State::kUnknown, "no answer");
    BOOST_REQUIRE(world.Apply(world.AskOf(task)));
    BOOST_REQUIRE(world.store().SettleTask(task.id, printed, {}, "ann", "", world.now()).ok());
    BOOST_TEST(!world.Apply(world.EndOf(task, State::kFailed, "ask")));
    const TaskView view = world.View(task);
    BOOST_TEST((view.task.state == (printed ? State::kDone : State::kQueued)));
    BOOST_TEST(view.task.lease == "");
    BOOST_TEST(view.attempts.at(1).ended_at.has_value());
    BOOST_TEST(view.attempts.at(1).detail == "settled by an operator meanwhile");
    BOOST_TEST(view.attempts.at(0).detail == "no answer");
  }
}

STORE_TEST(OnlyAnUnknownTaskIsSettled) {
  OnlyAllowedIn(world, State::kUnknown, [&](const std::string& id) {
    return world.store().SettleTask(id, true, {}, "ann", "", world.now());
  });
}

STORE_TEST(OnlyAnUnknownTaskIsSettledAsNotPrinted) {
  OnlyAllowedIn(world, State::kUnknown, [&](const std::string& id) {
    return world.store().SettleTask(id, false, {}, "ann", "", world.now());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
