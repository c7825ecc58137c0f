// Tasks at cloud registers: begun, kept between two moves, ended, and found when they are due.
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using std::chrono::minutes;
using std::chrono::seconds;
using task::State;

namespace {

task::NewTask Numbered(World& world, const std::string& order) {
  task::NewTask posted = world.NewTask(order);
  posted.wants_number = true;
  return posted;
}

std::int64_t NumberOf(World& world, const std::string& order) {
  return world.Accept(Numbered(world, order)).value().task.number;
}

bool Begun(World& world, const task::Task& task, const std::string& lease = "talk") {
  CloudBatch batch;
  batch.begins.push_back({task.seq, lease, "https://cloud.example", world.now()});
  return world.store().Apply(batch).value().begins.at(0);
}

task::Task Begin(World& world, const std::string& order) {
  const task::Task task = world.Accept(order);
  BOOST_REQUIRE(Begun(world, task));
  return world.View(task).task;
}

Progress StepOf(World& world, const task::Task& task, seconds pause) {
  Progress progress;
  progress.seq = task.seq;
  progress.lease = "talk";
  progress.due_at = world.now() + pause;
  progress.at = world.now();
  return progress;
}

bool Apply(World& world, const Progress& progress) {
  CloudBatch batch;
  batch.progress.push_back(progress);
  return world.store().Apply(batch).value().progress.at(0);
}

bool Apply(World& world, const CloudEnd& end) {
  CloudBatch batch;
  batch.ends.push_back(end);
  return world.store().Apply(batch).value().ends.at(0);
}

std::vector<std::string> OrdersOf(const std::vector<LaneHead>& heads) {
  std::vector<std::string> orders;
  for (const LaneHead& head : heads) orders.push_back(head.task.order_id);
  return orders;
}

std::vector<std::string> Due(World& world, int limit = 10) {
  return OrdersOf(world.store().DueConversations(world.lane, world.now(), limit).value());
}

using Orders = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(store_conversations)

STORE_TEST(NumbersOfARegisterHaveNoGapsAndNoTwins) {
  BOOST_TEST(NumberOf(world, "1") == 1);
  BOOST_TEST(NumberOf(world, "2") == 2);
  BOOST_TEST(world.Accept("plain").number == 0);
  const Accepted same = world.Accept(Numbered(world, "2")).value();
  BOOST_TEST((same.what == Acceptance::kSame));
  BOOST_TEST(same.task.number == 2);
  task::NewTask other = Numbered(world, "2");
  other.content_hash = std::string(32, 'x');
  BOOST_TEST((world.Accept(other)->what == Acceptance::kConflict));
  world.Restart();
  BOOST_TEST(NumberOf(world, "3") == 3);
  BOOST_TEST(world.store().ListTasks({}).value().front().number == 3);
}

STORE_TEST(EachRegisterCountsForItself) {
  const task::RegisterKey other = world.store().AddRegister(world.NewRegister("till-2")).value();
  BOOST_TEST(NumberOf(world, "1") == 1);
  task::NewTask posted = Numbered(world, "2");
  posted.register_key = other;
  BOOST_TEST(world.Accept(posted).value().task.number == 1);
}

STORE_TEST(ABeginningTakesAQueuedTaskOnceAndIsDueAtOnce) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(Begun(world, task));
  BOOST_TEST(!Begun(world, task, "another"));
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kSending));
  BOOST_TEST(view.task.lease == "talk");
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST((view.task.due_at == world.now()));
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].sent_to == "https://cloud.example");
  BOOST_TEST(Due(world) == Orders{"1"});
}

STORE_TEST(ATaskWhoseDeadlineIsOverIsNotBegun) {
  task::NewTask posted = world.NewTask("1");
  posted.deadline_at = world.now() + seconds(5);
  const task::Task task = world.Accept(posted).value().task;
  world.Pass(seconds(5));
  BOOST_TEST(!Begun(world, task));
  BOOST_TEST(world.store().ExpireTasks(world.now(), 10).value().size() == 1u);
}

STORE_TEST(ConversationsThatRunHaveNoDeadline) {
  task::NewTask posted = world.NewTask("1");
  posted.deadline_at = world.now() + seconds(5);
  BOOST_REQUIRE(Begun(world, world.Accept(posted).value().task));
  world.Pass(minutes(1));
  BOOST_TEST(world.store().ExpireTasks(world.now(), 10).value().empty());
}

STORE_TEST(NotesAreKeptAndBeginTheCountOfAsksAgain) {
  const task::Task task = Begin(world, "1");
  Progress step = StepOf(world, task, seconds(2));
  step.asked = true;
  step.wait_reason = "printing";
  BOOST_TEST(Apply(world, step));
  BOOST_TEST(Apply(world, step));
  BOOST_TEST(world.View(task).task.asks == 2);
  BOOST_TEST(world.View(task).task.notes == "");
  BOOST_TEST(world.View(task).task.wait_reason == "printing");
  step.notes = R"({"id":7})";
  BOOST_TEST(Apply(world, step));
  BOOST_TEST(world.View(task).task.asks == 0);
  BOOST_TEST(world.View(task).task.notes == R"({"id":7})");
  step.notes.reset();
  BOOST_TEST(Apply(world, step));
  BOOST_TEST(world.View(task).task.notes == R"({"id":7})");
  BOOST_TEST(world.View(task).task.asks == 1);
}

STORE_TEST(WaitingNeverGoesBackToSending) {
  const task::Task task = Begin(world, "1");
  world.Pass(seconds(1));
  Progress step = StepOf(world, task, seconds(2));
  step.state = State::kWaiting;
  BOOST_TEST(Apply(world, step));
  BOOST_TEST((world.View(task).task.state == State::kWaiting));
  const WallTime since = world.View(task).task.changed_at;
  BOOST_TEST((since == world.now()));
  world.Pass(seconds(1));
  BOOST_TEST(Apply(world, StepOf(world, task, seconds(2))));
  BOOST_TEST((world.View(task).task.state == State::kWaiting));
  BOOST_TEST((world.View(task).task.changed_at == since));
}

STORE_TEST(OnlyItsLeaseMovesAConversation) {
  const task::Task task = Begin(world, "1");
  Progress step = StepOf(world, task, seconds(2));
  step.lease = "another";
  BOOST_TEST(!Apply(world, step));
  CloudEnd end{world.EndOf(task, State::kDone, "another"), "{}"};
  BOOST_TEST(!Apply(world, end));
  BOOST_TEST((world.View(task).task.state == State::kSending));
}

STORE_TEST(WhatAProviderHasTakenIsNotReleased) {
  const task::Task task = Begin(world, "1");
  Progress step = StepOf(world, task, seconds(2));
  step.state = State::kWaiting;
  BOOST_REQUIRE(Apply(world, step));
  BOOST_TEST(!world.Apply(world.ReleaseOf(task, "talk")));
  BOOST_TEST((world.View(task).task.state == State::kWaiting));
  BOOST_TEST(world.View(task).task.lease == "talk");
}

STORE_TEST(AnEndKeepsNotesWritesTheOutcomeAndIsNoLongerDue) {
  const task::Task task = Begin(world, "1");
  CloudEnd end{world.EndOf(task, State::kDone, "talk"), R"({"id":7})"};
  end.conclusion.outcome.commands = {Done(0)};
  BOOST_TEST(Apply(world, end));
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.notes == R"({"id":7})");
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(!view.task.due_at.has_value());
  BOOST_TEST(view.event_seq > 0);
  BOOST_TEST(view.callback.has_value());
  BOOST_TEST(view.attempts.at(0).result == "answered");
  BOOST_TEST(Due(world).empty());
  BOOST_TEST(!Apply(world, end));
  BOOST_TEST(!Apply(world, StepOf(world, task, seconds(2))));
}

STORE_TEST(BeginningNotesAndEndMayBeInOneBatch) {
  const task::Task task = world.Accept("1");
  CloudBatch batch;
  batch.begins.push_back({task.seq, "talk", "", world.now()});
  batch.progress.push_back(StepOf(world, task, seconds(2)));
  batch.progress[0].notes = "first";
  batch.ends.push_back({world.EndOf(task, State::kFailed, "talk", "refused"), "last"});
  const CloudApplied applied = world.store().Apply(batch).value();
  BOOST_TEST(applied.begins == std::vector<bool>{true});
  BOOST_TEST(applied.progress == std::vector<bool>{true});
  BOOST_TEST(applied.ends == std::vector<bool>{true});
  BOOST_TEST((world.View(task).task.state == State::kFailed));
  BOOST_TEST(world.View(task).task.notes == "last");
}

STORE_TEST(QueuedTasksComeInTheOrderOfTheirLane) {
  world.Accept("sale");
  world.Accept("second sale");
  task::NewTask refund = world.NewTask("refund");
  refund.priority = task::Priority::kRefund;
  BOOST_REQUIRE(world.Accept(refund).ok());
  Begin(world, "begun");
  BOOST_TEST(OrdersOf(world.store().QueuedOf(world.lane, 2).value()) == (Orders{"refund", "sale"}));
  BOOST_TEST(world.store().QueuedOf(world.lane, 10)->size() == 3u);
  BOOST_TEST(world.store().QueuedOf(world.lane, 1)->at(0).package.commands ==
             world.NewTask("1").package.commands);
  BOOST_TEST(world.store().QueuedOf(world.lane + 1, 10)->empty());
}

STORE_TEST(ConversationsAreDueInTheirTime) {
  const task::Task first = Begin(world, "1");
  const task::Task second = Begin(world, "2");
  BOOST_TEST(!world.store().NextConversation(world.lane, world.now()).value().has_value());
  BOOST_TEST(Apply(world, StepOf(world, first, seconds(20))));
  BOOST_TEST(Apply(world, StepOf(world, second, seconds(10))));
  BOOST_TEST(Due(world).empty());
  const auto next = world.store().NextConversation(world.lane, world.now()).value();
  BOOST_TEST((next == world.now() + seconds(10)));
  world.Pass(seconds(10));
  BOOST_TEST(Due(world) == Orders{"2"});
  world.Pass(seconds(10));
  BOOST_TEST(Due(world) == (Orders{"2", "1"}));
  BOOST_TEST(Due(world, 1) == Orders{"2"});
  BOOST_TEST(world.store().DueConversations(world.lane + 1, world.now(), 10)->empty());
}

STORE_TEST(AHastenedConversationIsDueAndOthersAreLeftAlone) {
  const task::Task running = Begin(world, "1");
  const task::Task queued = world.Accept("2");
  BOOST_TEST(Apply(world, StepOf(world, running, seconds(60))));
  CloudBatch batch;
  batch.hastens = {{running.seq, world.now()}, {queued.seq, world.now()}};
  BOOST_TEST(world.store().Apply(batch).ok());
  BOOST_TEST(Due(world) == Orders{"1"});
  BOOST_TEST(!world.View(queued).task.due_at.has_value());
}

STORE_TEST(ARestartLeavesConversationsAndMakesOtherAttemptsUnknown) {
  const task::Task sending = Begin(world, "sending");
  const task::Task waiting = Begin(world, "waiting");
  Progress step = StepOf(world, waiting, minutes(5));
  step.state = State::kWaiting;
  step.notes = "notes";
  BOOST_TEST(Apply(world, step));
  const task::Task driver = world.Accept("driver");
  BOOST_REQUIRE(world.Apply(world.SendOf(driver)));
  world.Restart();
  world.Pass(seconds(1));
  const Recovered recovered = world.store().Recover(world.now()).value();
  BOOST_TEST(recovered.unknown == std::vector<task::TaskSeq>{driver.seq});
  BOOST_TEST((world.View(driver).task.state == State::kUnknown));
  BOOST_TEST((world.View(sending).task.state == State::kSending));
  BOOST_TEST((world.View(waiting).task.state == State::kWaiting));
  BOOST_TEST(world.View(waiting).task.lease == "talk");
  BOOST_TEST(Due(world) == (Orders{"sending", "waiting"}));
  BOOST_TEST(world.store().DueConversations(world.lane, world.now(), 2)->at(1).task.notes ==
             "notes");
}

STORE_TEST(ARetryOfWhatFailedGoesOnFromItsNotes) {
  const task::Task task = Begin(world, "1");
  Progress step = StepOf(world, task, seconds(0));
  step.asked = true;
  BOOST_TEST(Apply(world, step));
  BOOST_TEST(Apply(world, {world.EndOf(task, State::kFailed, "talk", "expired"), "notes"}));
  BOOST_TEST(world.store().RetryTask(task.id, "ivan", "again", world.now()).ok());
  const task::Task again = world.View(task).task;
  BOOST_TEST((again.state == State::kQueued));
  BOOST_TEST(again.notes == "notes");
  BOOST_TEST(again.asks == 0);
  BOOST_TEST(!again.due_at.has_value());
  BOOST_TEST(Begun(world, again, "second"));
  BOOST_TEST(world.View(task).attempts.size() == 2u);
  BOOST_TEST(world.View(task).task.notes == "notes");
}

STORE_TEST(APersonCancelsOnlyWhatIsNotBegunAndSettlesOnlyWhatIsUnknown) {
  const task::Task task = Begin(world, "1");
  BOOST_TEST(!world.store().CancelTask(task.id, "ivan", "", world.now()).ok());
  BOOST_TEST(!world.store().SettleTask(task.id, true, {}, "ivan", "", world.now()).ok());
  const auto taken = world.store().WithdrawTask(task.id, world.shop, "shop", world.now());
  BOOST_TEST((taken->state == State::kSending));
  BOOST_TEST(Apply(world, {world.EndOf(task, State::kUnknown, "talk", "who knows"), "notes"}));
  BOOST_TEST(world.store().SettleTask(task.id, false, {}, "ivan", "", world.now()).ok());
  BOOST_TEST((world.View(task).task.state == State::kQueued));
  BOOST_TEST(world.View(task).task.notes == "notes");
}

STORE_TEST(WhatAServiceTellsOfItsDevicesIsKept) {
  task::DeviceState state;
  state.register_key = world.lane;
  state.fn_memory_1052 = true;
  CloudBatch batch;
  batch.devices = {state};
  batch.holds = {{world.Accept("1").seq, "the service is down", world.now()}};
  BOOST_TEST(world.store().Apply(batch).ok());
  BOOST_TEST((world.store().DeviceStates().value() == std::vector<task::DeviceState>{state}));
  BOOST_TEST(world.store().QueuedOf(world.lane, 1)->at(0).task.wait_reason ==
             "the service is down");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
