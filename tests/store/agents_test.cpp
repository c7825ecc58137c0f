// What agents say of leases, and how they are known: the store's part.
#include "lib/base/limits.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;
using task::State;
using What = ProofApplied::What;

namespace {

Proof ProofOf(const World& world, const task::Task& task, const std::string& delivery,
              const std::string& lease = "lease") {
  Proof proof;
  proof.seq = task.seq;
  proof.lease = lease;
  proof.told = {delivery, delivery == "answered" ? 200 : 0, "as it came"};
  proof.at = world.now();
  return proof;
}

Proof Printed(const World& world, const task::Task& task, const std::string& lease = "lease") {
  Proof proof = ProofOf(world, task, "answered", lease);
  proof.meaning = Proof::Meaning::kOutcome;
  proof.outcome = {State::kDone, "", {Done(0), Done(1)}};
  return proof;
}

Proof NotDone(const World& world, const task::Task& task, const std::string& delivery,
              const std::string& lease = "lease") {
  Proof proof = ProofOf(world, task, delivery, lease);
  proof.meaning = Proof::Meaning::kNotDone;
  proof.wait_reason = "it never arrived";
  return proof;
}

ProofApplied Apply(World& world, const Proof& proof) {
  DispatchBatch batch;
  batch.proofs = {proof};
  return world.store().Apply(batch).value().proofs.at(0);
}

task::Register WithAgent(const World& world, const std::string& name, const std::string& key) {
  task::Register r = world.NewRegister(name);
  r.via = task::Via::kAgent;
  r.agent_key = base::Secret(key);
  return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_evidence)

STORE_TEST(ALateAnswerSettlesAnUnknownTaskOnce) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  const ProofApplied applied = Apply(world, Printed(world, task));
  BOOST_TEST((applied.what == What::kApplied));
  BOOST_TEST(!applied.contradicts);
  BOOST_TEST((applied.before == State::kUnknown));
  TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.error == "");
  BOOST_TEST(view.results.size() == 2u);
  BOOST_TEST(view.callback->url == "https://shop.example/ok");
  BOOST_TEST(view.attempts.at(0).result == "answered");
  BOOST_TEST(view.attempts.at(0).told_by_agent);
  BOOST_REQUIRE(view.evidence.size() == 1u);
  BOOST_TEST(view.evidence[0].lease == "lease");
  BOOST_TEST(view.evidence[0].told.delivery == "answered");
  BOOST_TEST(view.evidence[0].told.http_status == 200);
  BOOST_TEST(view.evidence[0].told.body == "as it came");
  BOOST_TEST(view.evidence[0].applied);
  BOOST_TEST(view.evidence[0].note == "");

  BOOST_TEST((Apply(world, Printed(world, task)).what == What::kRepeated));
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 2u);
  BOOST_TEST(world.View(task).evidence.size() == 1u);
}

STORE_TEST(ALateRefusalFailsAnUnknownTask) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  Proof proof = Printed(world, task);
  proof.outcome = {State::kFailed, "paper out", {Failed(0)}};
  BOOST_TEST((Apply(world, proof).what == What::kApplied));
  BOOST_TEST((world.View(task).task.state == State::kFailed));
  BOOST_TEST(world.View(task).callback->url == "https://shop.example/failed");
}

STORE_TEST(ProofThatNothingWasDoneQueuesItAgainAndCountsNoAttempt) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_TEST((Apply(world, NotDone(world, task, "never_received")).what == What::kApplied));
  TaskView view = world.View(task);
  BOOST_TEST((view.task.state == State::kQueued));
  BOOST_TEST(view.task.error == "");
  BOOST_TEST(view.task.wait_reason == "it never arrived");
  BOOST_TEST(view.task.attempts == 0);
  BOOST_TEST(view.attempts.at(0).result == "not_sent");
  BOOST_TEST(!view.attempts.at(0).told_by_agent);
  BOOST_TEST(world.Apply(world.SendOf(task, "second")));
  BOOST_TEST(world.View(task).attempts.size() == 1u);
  // The lease is still known, and a word of the agent on it now is an alarm.
  BOOST_TEST(world.store().FindLease("lease").value().has_value());
  const ProofApplied late = Apply(world, Printed(world, task));
  BOOST_TEST((late.what == What::kKept));
  BOOST_TEST(late.contradicts);
}

STORE_TEST(AWordOnAnAttemptInFlightEndsIt) {
  for (const bool printed : {true, false}) {
    const task::Task task = world.Accept(printed ? "1" : "2");
    BOOST_REQUIRE(world.Apply(world.SendOf(task)));
    const Proof proof = printed ? Printed(world, task) : NotDone(world, task, "not_sent");
    BOOST_TEST((Apply(world, proof).what == What::kApplied));
    const TaskView view = world.View(task);
    BOOST_TEST((view.task.state == (printed ? State::kDone : State::kQueued)));
    BOOST_TEST(view.task.lease == "");
    BOOST_TEST((view.attempts.at(0).ended_at == world.now()));
    BOOST_TEST(view.attempts.at(0).detail == (printed ? "" : "it never arrived"));
    BOOST_TEST(!world.Apply(world.EndOf(task, State::kFailed)));
  }
}

STORE_TEST(AWordOnASendLeavesTheAskAfterItThatWasNotSent) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.Apply(world.AskOf(task)));
  BOOST_REQUIRE(world.Apply(world.ReleaseOf(task, "ask")));
  BOOST_TEST((Apply(world, NotDone(world, task, "not_sent")).what == What::kApplied));
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "second")));
  const TaskView view = world.View(task);
  BOOST_TEST(view.task.attempts == 1);
  BOOST_REQUIRE(view.attempts.size() == 2u);
  BOOST_TEST(view.attempts[0].tries == 2);
  BOOST_TEST((view.attempts[1].kind == task::AttemptKind::kAsk));
  BOOST_TEST(world.store().FindLease("second").value()->is_last);
}

STORE_TEST(AWordLeavesWhatIsKnownToBeDone) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion end = world.EndOf(task, State::kUnknown, "lease", "cut off");
  end.outcome.commands = {Done(0, "printed at noon")};
  BOOST_REQUIRE(world.Apply(end));
  BOOST_TEST((Apply(world, Printed(world, task)).what == What::kApplied));
  BOOST_TEST(world.View(task).results.at(0).text == "printed at noon");
  BOOST_TEST(world.View(task).results.at(1).text == "printed");
}

STORE_TEST(SilenceProvesNothingAgainstAWord) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_TEST((Apply(world, ProofOf(world, task, "no_answer")).what == What::kKept));
  BOOST_TEST((Apply(world, NotDone(world, task, "never_received")).what == What::kRepeated));
  BOOST_TEST((world.View(task).task.state == State::kUnknown));
  BOOST_TEST(world.View(task).attempts.at(0).told_by_agent);
  BOOST_TEST(world.store().UnknownLeases(world.lane).value().at(0).told);
}

STORE_TEST(OnlyTheLastAttemptIsSettled) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.store().SettleTask(task.id, false, {}, "ann", "", world.now()).ok());
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "second")));
  ProofApplied applied = Apply(world, Printed(world, task));
  BOOST_TEST((applied.what == What::kKept));
  BOOST_TEST(applied.contradicts);
  BOOST_TEST((world.View(task).task.state == State::kSending));
  BOOST_TEST(!world.View(task).evidence.at(0).applied);
  BOOST_TEST(!world.View(task).evidence.at(0).note.empty());
  BOOST_TEST(world.Apply(world.EndOf(task, State::kUnknown, "second")));
  applied = Apply(world, NotDone(world, task, "not_sent", "second"));
  BOOST_TEST((applied.what == What::kApplied));
  BOOST_TEST((world.View(task).task.state == State::kQueued));
}

STORE_TEST(WhatAnOperatorQueuedAgainIsDoneIfItWasPrinted) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.store().SettleTask(task.id, false, {}, "ann", "", world.now()).ok());
  BOOST_TEST((Apply(world, NotDone(world, task, "not_sent", "other")).what == What::kKept));
  const ProofApplied applied = Apply(world, Printed(world, task));
  BOOST_TEST((applied.what == What::kApplied));
  BOOST_TEST(applied.contradicts);
  BOOST_TEST((applied.before == State::kQueued));
  BOOST_TEST((world.View(task).task.state == State::kDone));
  BOOST_TEST(!world.store().HeadOf(world.lane, false).value().has_value());
}

STORE_TEST(AWordThatAgreesWithTheOperatorIsKeptWithoutAlarm) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.store().SettleTask(task.id, true, {}, "ann", "", world.now()).ok());
  const ProofApplied applied = Apply(world, Printed(world, task));
  BOOST_TEST((applied.what == What::kKept));
  BOOST_TEST(!applied.contradicts);
}

STORE_TEST(AWordAgainstTheOperatorIsAnAlarm) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  BOOST_REQUIRE(world.store().SettleTask(task.id, true, {}, "ann", "", world.now()).ok());
  const ProofApplied applied = Apply(world, NotDone(world, task, "not_sent"));
  BOOST_TEST((applied.what == What::kKept));
  BOOST_TEST(applied.contradicts);
  BOOST_TEST((world.View(task).task.state == State::kDone));
}

STORE_TEST(ALiveAnswerIsKeptWithItsOutcome) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion end = world.EndOf(task, State::kDone);
  end.told = Told{"answered", 200, "as it came"};
  BOOST_REQUIRE(world.Apply(end));
  BOOST_TEST(world.View(task).evidence.at(0).applied);
  BOOST_TEST((Apply(world, Printed(world, task)).what == What::kRepeated));
}

STORE_TEST(ALiveAnswerOfALostLeaseComesBackAsProof) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  BOOST_REQUIRE(world.store().Recover(world.NewTask("2").accepted_at).ok());
  Conclusion end = world.EndOf(task, State::kDone);
  end.told = Told{"answered", 200, "as it came"};
  BOOST_TEST(!world.Apply(end));
  BOOST_TEST(world.View(task).evidence.empty());
  BOOST_TEST((Apply(world, Printed(world, task)).what == What::kApplied));
  BOOST_TEST((world.View(task).task.state == State::kDone));
}

STORE_TEST(AReleaseByTheAgentsWordIsKnownAfterwards) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Release release = world.ReleaseOf(task);
  release.told = Told{"not_sent", 0, "the driver is off"};
  BOOST_REQUIRE(world.Apply(release));
  BOOST_REQUIRE(world.Apply(world.SendOf(task, "second")));
  const std::optional<LeaseHolder> holder = world.store().FindLease("lease").value();
  BOOST_REQUIRE(holder.has_value());
  BOOST_TEST(holder->head.task.id == task.id);
  BOOST_TEST(!holder->is_last);
  BOOST_TEST((Apply(world, NotDone(world, task, "not_sent")).what == What::kRepeated));
}

STORE_TEST(ALongAnswerIsCutInTheEvidence) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "timed out");
  Proof proof = ProofOf(world, task, "answered");
  proof.told.body = std::string(base::kKeptEvidenceBytes + 1, '\xff');
  Apply(world, proof);
  BOOST_TEST(world.View(task).evidence.at(0).told.body.size() == base::kKeptEvidenceBytes);
}

STORE_TEST(ALeaseLeadsToItsTask) {
  BOOST_TEST(!world.store().FindLease("lease").value().has_value());
  BOOST_TEST(!world.store().FindLease("").value().has_value());
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  const std::optional<LeaseHolder> holder = world.store().FindLease("lease").value();
  BOOST_REQUIRE(holder.has_value());
  BOOST_TEST(holder->head.task.seq == task.seq);
  BOOST_TEST(holder->head.package.commands == world.NewTask("1").package.commands);
  BOOST_TEST((holder->kind == task::AttemptKind::kSend));
  BOOST_TEST(holder->is_last);
}

STORE_TEST(UnknownTasksNameTheirLastLeaseAndItsAgent) {
  const task::Task task = world.Accept("1");
  Claim claim = world.SendOf(task);
  claim.agent = "instance";
  BOOST_REQUIRE(world.Apply(claim));
  BOOST_TEST(world.store().UnknownLeases(world.lane).value().empty());
  BOOST_REQUIRE(world.store().Recover(world.now()).ok());
  const std::vector<UnknownLease> leases = world.store().UnknownLeases(world.lane).value();
  BOOST_REQUIRE(leases.size() == 1u);
  BOOST_TEST(leases[0].lease == "lease");
  BOOST_TEST(leases[0].agent == "instance");
  BOOST_TEST(!leases[0].told);
  BOOST_TEST(world.store().UnknownLeases(world.lane + 1).value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(store_agents)

STORE_TEST(AKeyIsBoundToTheFirstInstance) {
  const base::Secret key("agent key");
  const task::RegisterKey lane =
      world.store().AddRegister(WithAgent(world, "till-2", "agent key")).value();
  const std::int64_t version = world.store().OperatorVersion().value();
  BOOST_TEST(world.store().BindAgent(lane, key, "first").value() == "first");
  BOOST_TEST(world.store().OperatorVersion().value() == version + 1);
  BOOST_TEST(world.store().BindAgent(lane, key, "second").value() == "first");
  BOOST_TEST(world.store().OperatorVersion().value() == version + 1);
  BOOST_TEST((world.store().BindAgent(lane, base::Secret("another"), "second").error().code ==
              Code::kNotFound));
  BOOST_TEST((world.store().BindAgent(world.lane, base::Secret(), "second").error().code ==
              Code::kNotFound));
  world.Restart();
  const task::DirectoryPtr directory = world.store().LoadDirectory().value();
  const task::Register* found = directory->FindRegisterByAgentKey("agent key");
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->key == lane);
  BOOST_TEST((found->via == task::Via::kAgent));
  BOOST_TEST(found->agent_instance == "first");
  BOOST_TEST(directory->FindRegisterByAgentKey("another") == nullptr);
  BOOST_TEST(directory->FindRegisterByAgentKey("") == nullptr);
}

STORE_TEST(ABindingIsLostOnlyWithItsKey) {
  task::Register r = WithAgent(world, "till-2", "agent key");
  r.key = world.store().AddRegister(r).value();
  BOOST_REQUIRE(world.store().BindAgent(r.key, r.agent_key, "first").ok());
  const auto now = [&] {
    return world.store().LoadDirectory().value()->FindRegister(r.key)->agent_instance;
  };
  r.name = "renamed";
  BOOST_REQUIRE(world.store().UpdateRegister(r).ok());  // read before it was bound
  BOOST_TEST(now() == "first");
  r.agent_key = base::Secret("rotated");
  r.agent_instance = "first";
  BOOST_REQUIRE(world.store().UpdateRegister(r).ok());
  BOOST_TEST(now() == "first");
  r.agent_key = base::Secret("for another computer");
  r.agent_instance = "";
  BOOST_REQUIRE(world.store().UpdateRegister(r).ok());
  BOOST_TEST(now() == "");
}

STORE_TEST(TwoRegistersMustNotShareAKey) {
  world.store().AddRegister(WithAgent(world, "till-2", "agent key")).value();
  BOOST_TEST((world.store().AddRegister(WithAgent(world, "till-3", "agent key")).error().code ==
              Code::kConflict));
  world.store().AddRegister(WithAgent(world, "till-3", "")).value();
  world.store().AddRegister(WithAgent(world, "till-4", "")).value();
}

STORE_TEST(TheLastWordOfEachAgentIsKept) {
  BOOST_TEST(world.store().ListAgents().value().empty());
  BOOST_REQUIRE(world.store()
                    .RecordAgents({{2, world.now(), "1.0.0", "ok", -5},
                                   {1, world.now(), "1.0.0", "unknown", 0}})
                    .ok());
  world.Pass(std::chrono::minutes(1));
  BOOST_REQUIRE(world.store().RecordAgents({{2, world.now(), "1.0.1", "unreachable", 7}}).ok());
  const std::vector<AgentStatus> agents = world.store().ListAgents().value();
  BOOST_REQUIRE(agents.size() == 2u);
  BOOST_TEST(agents[0].register_key == 1);
  BOOST_TEST(agents[1].version == "1.0.1");
  BOOST_TEST(agents[1].driver == "unreachable");
  BOOST_TEST(agents[1].clock_skew_ms == 7);
  BOOST_TEST((agents[1].seen_at == world.now()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
