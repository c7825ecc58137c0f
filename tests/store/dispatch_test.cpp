#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;

BOOST_AUTO_TEST_SUITE(store_dispatch)

STORE_TEST(TheHeadOfALaneIsItsOldestLiveTask) {
  BOOST_TEST(!world.store().HeadOf(world.lane, false).value().has_value());
  const task::Task first = world.Accept("1");
  world.Accept("2");
  const LaneHead head = world.store().HeadOf(world.lane, false).value().value();
  BOOST_TEST(head.task.id == first.id);
  BOOST_TEST(head.package.commands == world.NewTask("1").package.commands);
  BOOST_TEST(head.results.empty());
}

STORE_TEST(LanesDoNotSeeEachOther) {
  const task::RegisterKey other = world.store().AddRegister(world.NewRegister("till-2")).value();
  world.Accept("1");
  task::NewTask posted = world.NewTask("2");
  posted.register_key = other;
  const task::Task second = world.Accept(posted).value().task;
  BOOST_TEST(world.store().HeadOf(other, false).value()->task.id == second.id);
}

STORE_TEST(AFinishedTaskLeavesTheLane) {
  world.AcceptAndEnd("1", State::kDone);
  world.AcceptAndEnd("2", State::kFailed);
  const task::Task third = world.Accept("3");
  BOOST_TEST(world.store().HeadOf(world.lane, false).value()->task.id == third.id);
}

STORE_TEST(AnUnknownTaskStandsAtTheHeadUnlessItIsPassed) {
  const task::Task unknown = world.AcceptAndEnd("1", State::kUnknown, "no answer");
  const task::Task next = world.Accept("2");
  const LaneHead head = world.store().HeadOf(world.lane, false).value().value();
  BOOST_TEST(head.task.id == unknown.id);
  BOOST_TEST((head.task.state == State::kUnknown));
  BOOST_TEST(world.store().HeadOf(world.lane, true).value()->task.id == next.id);
}

STORE_TEST(UnknownTasksOfALaneAreFoundOneAfterTheOther) {
  BOOST_TEST(!world.store().OldestUnknown(world.lane, 0).value().has_value());
  const task::Task first = world.AcceptAndEnd("1", State::kUnknown, "no answer");
  world.AcceptAndEnd("2", State::kDone);
  const task::Task third = world.AcceptAndEnd("3", State::kUnknown, "no answer");
  BOOST_TEST(world.store().OldestUnknown(world.lane, 0).value()->task.id == first.id);
  BOOST_TEST(world.store().OldestUnknown(world.lane, first.seq).value()->task.id == third.id);
  BOOST_TEST(!world.store().OldestUnknown(world.lane, third.seq).value().has_value());
  BOOST_TEST(!world.store().OldestUnknown(world.lane + 1, 0).value().has_value());
}

STORE_TEST(AClaimWritesTheAttemptBeforeAnythingIsSent) {
  const task::Task task = world.Accept("1");
  world.Pass(std::chrono::seconds(2));
  BOOST_TEST(world.Apply(world.SendOf(task, "mine")));
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kSending));
  BOOST_TEST(view.task.lease == "mine");
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST((view.task.changed_at == world.now()));
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].number == 1);
  BOOST_TEST((view.attempts[0].kind == task::AttemptKind::kSend));
  BOOST_TEST(view.attempts[0].sent_to == "http://till:44735");
  BOOST_TEST(view.attempts[0].result == "");
  BOOST_TEST(!view.attempts[0].ended_at.has_value());
}

STORE_TEST(ATaskIsClaimedOnce) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(world.Apply(world.SendOf(task, "mine")));
  BOOST_TEST(!world.Apply(world.SendOf(task, "theirs")));
  BOOST_TEST(world.View(task).task.lease == "mine");
  BOOST_TEST(world.View(task).task.attempts == 1);
}

STORE_TEST(OnlyAQueuedTaskIsSentAndOnlyAnUnknownOneIsAsked) {
  for (const State state : {State::kDone, State::kFailed, State::kUnknown}) {
    const task::Task task =
        world.AcceptAndEnd("sent " + std::string(task::StateName(state)), state, "e");
    BOOST_TEST(!world.Apply(world.SendOf(task)));
    if (state != State::kUnknown) BOOST_TEST(!world.Apply(world.AskOf(task)));
    BOOST_TEST((world.View(task).task.state == state));
  }
  const task::Task queued = world.Accept("queued");
  BOOST_TEST(!world.Apply(world.AskOf(queued)));
  BOOST_REQUIRE(world.store().CancelTask(queued.id, "ann", "", world.now()).ok());
  BOOST_TEST(!world.Apply(world.SendOf(queued)));
  Claim nobody = world.SendOf(queued);
  nobody.seq = 999;
  BOOST_TEST(!world.Apply(nobody));
}

STORE_TEST(AnOutcomeWritesTaskAttemptResultsEventAndCallbackTogether) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  world.Pass(std::chrono::seconds(3));
  Conclusion end = world.EndOf(task, State::kDone);
  end.outcome.commands = {Done(0), Done(1, "closed")};
  BOOST_TEST(world.Apply(end));

  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST((view.task.changed_at == world.now()));
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].result == "answered");
  BOOST_TEST(view.attempts[0].http_status == 200);
  BOOST_TEST((view.attempts[0].ended_at == world.now()));
  BOOST_REQUIRE(view.results.size() == 2u);
  BOOST_TEST(view.results[1].text == "closed");
  BOOST_TEST(view.results[0].raw == R"({"name":"c"})");
  BOOST_TEST(view.results[0].mark->fpd_1077 == Mark().fpd_1077);
  BOOST_TEST(view.results[0].mark->total_1020.kopecks == 1100);

  const std::vector<Event> events = world.store().EventsAfter(world.shop, 0, 10).value();
  BOOST_REQUIRE(events.size() == 1u);
  BOOST_TEST(events[0].seq == view.event_seq);
  BOOST_TEST(events[0].task_id == task.id);
  BOOST_TEST(events[0].order_id == "1");
  BOOST_TEST((events[0].state == State::kDone));
  const std::string seq = std::to_string(events[0].seq);
  BOOST_TEST(events[0].result_json == "done|0=done,1=done,|" + seq);

  BOOST_REQUIRE(view.callback.has_value());
  BOOST_TEST(view.callback->url == "https://shop.example/ok");
  BOOST_TEST(view.callback->body == "json=done%7C0%3Ddone%2C1%3Ddone%2C%7C" + seq);
  BOOST_TEST((view.callback->state == CallbackState::kPending));
  BOOST_TEST((view.callback->due_at == world.now()));
  BOOST_TEST(!view.callback->webhook_id.empty());
}

STORE_TEST(AFailureCallsTheOtherAddress) {
  const task::Task task = world.AcceptAndEnd("1", State::kFailed, "paper out");
  const TaskView view = world.View(task);
  BOOST_TEST(view.task.error == "paper out");
  BOOST_TEST(view.callback->url == "https://shop.example/failed");
}

STORE_TEST(AShopWithoutAddressGetsAnEventAndNoCallback) {
  task::NewTask posted = world.NewTask("1");
  posted.package.callback_success.clear();
  const task::Task task = world.Accept(posted).value().task;
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  BOOST_REQUIRE(world.Apply(world.EndOf(task, State::kDone)));
  BOOST_TEST(!world.View(task).callback.has_value());
  BOOST_TEST(world.View(task).event_seq > 0);
  BOOST_TEST(world.store().ShopsWithCallbacks().value().empty());
}

STORE_TEST(AnUnknownOutcomeIsAnEventButNoCallback) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.error == "timed out");
  BOOST_TEST(view.attempts.at(0).result == "no_answer");
  BOOST_TEST(!view.callback.has_value());
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
}

STORE_TEST(AConclusionWithALostLeaseChangesNothing) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(!world.Apply(world.EndOf(task, State::kDone, "")));
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "mine")));
  Conclusion late = world.EndOf(task, State::kDone, "theirs");
  late.outcome.commands = {Done(0)};
  BOOST_TEST(!world.Apply(late));
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kSending));
  BOOST_TEST(view.results.empty());
  BOOST_TEST(!view.attempts.at(0).ended_at.has_value());
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().empty());

  BOOST_TEST(world.Apply(world.EndOf(task, State::kDone, "mine")));
  BOOST_TEST(!world.Apply(world.EndOf(task, State::kFailed, "mine")));
  BOOST_TEST((world.View(task).task.state == State::kDone));
}

STORE_TEST(AReleaseBringsTheTaskBackAndCountsNoAttempt) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  BOOST_TEST(world.Apply(world.ReleaseOf(task)));
  TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kQueued));
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(view.task.attempts == 0);
  BOOST_TEST(view.task.wait_reason == "the register is off");
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].result == "not_sent");
  BOOST_TEST(view.attempts[0].detail == "connection refused");

  // The next try takes the same number.
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "second")));
  view = world.View(task);
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].tries == 2);
  BOOST_TEST(view.attempts[0].result == "");
  BOOST_TEST(view.attempts[0].detail == "");
  BOOST_TEST(!view.attempts[0].ended_at.has_value());
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST(view.task.wait_reason == "");
}

STORE_TEST(AReleaseWithALostLeaseChangesNothing) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(!world.Apply(world.ReleaseOf(task, "")));
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "mine")));
  BOOST_TEST(!world.Apply(world.ReleaseOf(task, "theirs")));
  BOOST_TEST((world.View(task).task.state == State::kSending));
  BOOST_TEST(world.View(task).task.attempts == 1);
}

STORE_TEST(AskingLeavesTheTaskUnknownUntilThereIsAnAnswer) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  const base::WallTime since = task.changed_at;
  world.Pass(std::chrono::minutes(1));
  BOOST_TEST(world.Apply(world.AskOf(task)));
  BOOST_TEST(!world.Apply(world.AskOf(task, "another")));
  TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.lease == "ask");
  BOOST_TEST((view.task.changed_at == since));
  BOOST_TEST(view.attempts.size() == 2u);
  BOOST_TEST((view.attempts[1].kind == task::AttemptKind::kAsk));

  BOOST_TEST(world.Apply(world.EndOf(task, State::kUnknown, "ask", "timed out again")));
  view = world.View(task);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.error == "timed out");
  BOOST_TEST(view.task.lease == "");
  BOOST_TEST(view.attempts[1].detail == "timed out again");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);

  BOOST_REQUIRE(world.Apply(world.AskOf(task)));
  Conclusion end = world.EndOf(task, State::kDone, "ask");
  end.outcome.commands = {Done(0), Done(1)};
  BOOST_TEST(world.Apply(end));
  view = world.View(task);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.error == "");
  BOOST_TEST(view.task.attempts == 3);
  BOOST_TEST(view.callback->url == "https://shop.example/ok");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 2u);
}

STORE_TEST(AnAskThatWasNotSentLeavesTheTaskUnknown) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.Apply(world.AskOf(task)));
  BOOST_TEST(world.Apply(world.ReleaseOf(task, "ask")));
  const TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kUnknown));
  BOOST_TEST(view.task.error == "timed out");
  BOOST_TEST(view.task.attempts == 1);
  BOOST_TEST(view.attempts.at(1).result == "not_sent");
}

STORE_TEST(ACommandThatWasDoneKeepsItsResult) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion first = world.EndOf(task, State::kFailed, "lease", "paper out");
  first.outcome.commands = {Done(0, "printed at noon"), Failed(1)};
  BOOST_REQUIRE(world.Apply(first));
  BOOST_REQUIRE(world.store().RetryTask(task.id, "ann", "paper is in", world.now()).ok());
  const LaneHead head = world.store().HeadOf(world.lane, false).value().value();
  BOOST_REQUIRE(head.results.size() == 2u);
  BOOST_TEST((head.results[0].state == task::CommandState::kDone));

  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion second = world.EndOf(task, State::kDone);
  second.outcome.commands = {Failed(0, "nonsense"), Done(1, "closed")};
  BOOST_REQUIRE(world.Apply(second));
  const TaskView view = world.View(task);
  BOOST_TEST(view.results.at(0).text == "printed at noon");
  BOOST_TEST(view.results.at(1).text == "closed");
  BOOST_TEST(view.task.attempts == 2);
  // Each outcome has its event and its callback; the view shows the last.
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 2u);
  BOOST_TEST(world.store().ListCallbacks(std::nullopt, 10).value().size() == 2u);
  BOOST_TEST(view.callback->url == "https://shop.example/ok");
}

STORE_TEST(AWholeTurnIsOneBatchWithAFlagForEachEntry) {
  const task::Task ended = world.Accept("1");
  const task::Task released = world.Accept("2");
  const task::Task claimed = world.Accept("3");
  BOOST_REQUIRE(world.Apply(world.SendOf(ended, "a")));
  BOOST_REQUIRE(world.Apply(world.SendOf(released, "b")));
  DispatchBatch batch;
  batch.claims = {world.SendOf(claimed, "c"), world.SendOf(ended, "d")};
  batch.conclusions = {world.EndOf(claimed, State::kDone, "lost"),
                       world.EndOf(ended, State::kDone, "a")};
  batch.releases = {world.ReleaseOf(released, "b")};
  const std::int64_t groups = world.store().group_stats().groups;
  const DispatchApplied applied = world.store().Apply(batch).value();
  BOOST_TEST(world.store().group_stats().groups == groups + 1);
  BOOST_TEST((applied.claims == std::vector<bool>{true, false}));
  BOOST_TEST((applied.conclusions == std::vector<bool>{false, true}));
  BOOST_TEST((applied.releases == std::vector<bool>{true}));
}

// Each by itself, whatever else is in the batch.
STORE_TEST(ABatchEndsEachOfItsTasksInItsOwnWay) {
  const task::Task done = world.Accept("done"), failed = world.Accept("failed");
  const task::Task repeated = world.Accept("repeated"), lost = world.Accept("lost");
  for (const task::Task& task : {done, failed, repeated, lost}) {
    BOOST_REQUIRE(world.Apply(world.SendOf(task, "lease")));
  }
  const task::Task unknown = world.AcceptAndEnd("unknown", State::kUnknown, "no answer");
  BOOST_REQUIRE(world.Apply(world.AskOf(unknown, "ask")));
  DispatchBatch batch;
  batch.conclusions = {world.EndOf(done, State::kDone), world.EndOf(failed, State::kFailed),
                       world.EndOf(repeated, State::kFailed),
                       world.EndOf(lost, State::kDone, "old"),
                       world.EndOf(unknown, State::kUnknown, "ask"),
                       // The same once more: too late.
                       world.EndOf(done, State::kFailed)};
  batch.conclusions[0].outcome.commands = {Done(0), Done(1)};
  batch.conclusions[1].outcome.commands = {Done(0), Failed(1)};
  batch.conclusions[2].repeat_because = "the shift is over";
  batch.conclusions[2].outcome.commands = {Failed(0)};
  const DispatchApplied applied = world.store().Apply(batch).value();
  BOOST_TEST((applied.conclusions == std::vector<bool>{true, true, true, false, true, false}));

  BOOST_TEST((world.View(done).task.state == State::kDone));
  BOOST_TEST(world.View(done).results.size() == 2u);
  BOOST_TEST(world.View(done).callback->url == "https://shop.example/ok");
  BOOST_TEST((world.View(failed).task.state == State::kFailed));
  BOOST_TEST(world.View(failed).callback->url == "https://shop.example/failed");
  BOOST_TEST((world.View(repeated).task.state == State::kQueued));
  BOOST_TEST(world.View(repeated).task.wait_reason == "the shift is over");
  BOOST_TEST(!world.View(repeated).callback.has_value());
  BOOST_TEST((world.View(lost).task.state == State::kSending));
  BOOST_TEST((world.View(unknown).task.state == State::kUnknown));
  BOOST_TEST(world.View(unknown).task.lease == "");
  BOOST_TEST(world.View(unknown).attempts.at(1).result == "no_answer");
  const auto events = world.store().EventsAfter(world.shop, 0, 10).value();
  BOOST_REQUIRE(events.size() == 3u);  // unknown, when it became so, then done and failed
  BOOST_TEST(events[1].result_json == "done|0=done,1=done,|" + std::to_string(events[1].seq));
  BOOST_TEST(events[2].result_json == "failed|0=done,1=failed,|" + std::to_string(events[2].seq));
  BOOST_TEST(world.View(done).event_seq == events[1].seq);
}

STORE_TEST(AReleasedTaskCanBeClaimedInTheSameBatch) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "a")));
  DispatchBatch batch;
  batch.releases = {world.ReleaseOf(task, "a")};
  batch.claims = {world.SendOf(task, "b")};
  const DispatchApplied applied = world.store().Apply(batch).value();
  BOOST_TEST(applied.releases.at(0));
  BOOST_TEST(applied.claims.at(0));
  BOOST_TEST(world.View(task).attempts.at(0).tries == 2);
}

STORE_TEST(AHoldSaysWhyAQueuedTaskWaitsAndTouchesNoOther) {
  const task::Task queued = world.Accept("1");
  const task::Task sending = world.Accept("2");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  DispatchBatch batch;
  batch.holds = {{queued.seq, "the register is switched off", world.now()},
                 {sending.seq, "no", world.now()}};
  BOOST_REQUIRE(world.store().Apply(batch).ok());
  BOOST_TEST(world.View(queued).task.wait_reason == "the register is switched off");
  BOOST_TEST((world.View(queued).task.state == State::kQueued));
  BOOST_TEST(world.View(sending).task.wait_reason == "");
}

STORE_TEST(LongErrorsAreCutAtACharacter) {
  std::string error;
  for (int i = 0; i < 400; ++i) error += "ж";
  const task::Task task = world.AcceptAndEnd("1", State::kFailed, error);
  BOOST_TEST(task.error.size() == 500u);
  BOOST_TEST(error.compare(0, 500, task.error) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
