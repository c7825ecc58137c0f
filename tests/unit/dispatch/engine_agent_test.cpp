// Registers reached by an agent: what is carried, what is told, and what silence comes to.
#include "tests/unit/dispatch/agent_world.h"

namespace fiscalgate::dispatch {

BOOST_AUTO_TEST_SUITE(dispatch_agent)

BOOST_AUTO_TEST_CASE_TEMPLATE(RequestIsCarriedUnderTheLeaseOfItsAttempt, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_REQUIRE(world.carrier.errands.size() == 1u);
  BOOST_TEST(world.sender.count() == 0u);
  const agents::Errand& errand = world.carrier.errands[0].errand;
  BOOST_TEST(errand.instance == kInstance);
  BOOST_TEST(errand.message == "POST / HTTP/1.1\r\n\r\norder-1");
  const auto view = world.View(id);
  BOOST_TEST((view.task.state == State::kSending));
  BOOST_TEST(view.task.lease == errand.lease);
  BOOST_TEST(view.attempts.at(0).sent_to == "agent");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnswerIsAcknowledgedAfterItIsStored, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.store.disk_full = true;
  const auto word = world.TellDone(world.LastLease());
  BOOST_TEST(!word->has_value());
  BOOST_TEST(world.carrier.told == std::vector<std::string>{world.LastLease()});
  const auto again = world.TellDone(world.LastLease());
  BOOST_TEST(Is(word, Recorded::kNotNow));  // its call has long ended
  BOOST_TEST(!again->has_value());
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(Is(again, Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kRepeated));
  BOOST_TEST(world.View(id).evidence.size() == 1u);
  BOOST_TEST(world.changes.size() == 1u);
  BOOST_TEST(world.engine->counters().evidence_repeated == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(NobodyThereKeepsTheTaskQueued, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kNobody);
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(world.View(id).attempts.at(0).detail.find("агент") != std::string::npos);
  BOOST_TEST(world.View(id).evidence.empty());
  BOOST_TEST(world.carrier.errands.size() == 1u);
  world.engine->mailbox().Put(AgentIsBack{world.lane});
  world.Run();  // at once, whatever its pause
  BOOST_TEST(world.carrier.errands.size() == 2u);
  BOOST_TEST(world.Lease(0) != world.Lease(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(NeverReceivedIsSentAgainAndRemembered, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kNeverReceived);
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(world.View(id).evidence.at(0).told.delivery == "never_received");
  world.Pass(seconds(1));
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);
  BOOST_TEST(Is(world.TellDone(world.Lease(1)), Recorded::kApplied));
  // Against what was proven, the first was printed too: somebody must look.
  BOOST_TEST(Is(world.TellDone(world.Lease(0)), Recorded::kEvidence));
  BOOST_TEST(world.engine->counters().contradictions == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LostLeaseIsUnknownUntilItsAnswerComes, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Post(world.lane, "order-2");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  world.Pass(minutes(60));
  BOOST_TEST(world.carrier.errands.size() == 1u);
  BOOST_TEST(Is(world.TellDone(world.Lease(0)), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST((world.changes.back().state == State::kDone));
  BOOST_TEST(world.engine->counters().evidence_applied == 1);
  BOOST_TEST(world.engine->counters().done == 1);
  BOOST_TEST(world.carrier.errands.size() == 2u);  // the lane goes on
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LateWordThatNothingWasSentQueuesItAgain, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  const auto word =
      world.Tell(world.Lease(0), NotAnswered(Delivery::kNotSent, "refused"), "not_sent");
  BOOST_TEST(Is(word, Recorded::kApplied));
  BOOST_TEST(world.carrier.errands.size() == 2u);
  BOOST_TEST(Is(world.TellDone(world.Lease(1)), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LateWordOfNoAnswerIsKeptAndDisprovesNothing, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  const auto word =
      world.Tell(world.Lease(0), NotAnswered(Delivery::kNoAnswer, "time-out"), "no_answer");
  BOOST_TEST(Is(word, Recorded::kEvidence));
  world.Sync();
  world.engine->mailbox().Put(NeverReceived{world.lane, world.Lease(0)});
  world.Run();
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.carrier.errands.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnswerThatMeetsTheEndOfItsLeaseCounts, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.store.disk_full = true;
  world.BeSilent(Silence::kLost);
  const auto word = world.TellDone(world.Lease(0));
  BOOST_TEST(!word->has_value());
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(Is(word, Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AfterARestartWhatTheAgentDoesNotHoldNeverArrived, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  const std::string lease = world.LastLease();
  world.Restart();
  world.Run();
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  world.Sync({lease});
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  world.Sync({}, "bbbbbbbbbbbbbbbbbbbbbbbbbb");
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  world.Sync();
  BOOST_TEST(world.carrier.errands.size() == 2u);
  BOOST_TEST((world.StateOf(id) == State::kSending));
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SyncThatCameBeforeTheStoreRecoversIsNotForgotten, Stores, AllStores) {
  AgentWorld<Stores> world;
  world.Post(world.lane, "order-1");
  world.Run();
  world.Restart();
  world.store.disk_full = true;
  world.Sync();
  BOOST_TEST(world.carrier.errands.size() == 1u);
  world.store.disk_full = false;
  world.Pass(seconds(2));
  BOOST_TEST(world.carrier.errands.size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AttemptByPushIsNotDisprovedByAnAgent, Stores, AllStores) {
  AgentWorld<Stores> world;
  world.ChangeRegister(world.lane, [](task::Register& r) { r.via = task::Via::kPush; });
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_REQUIRE(world.sender.count() == 1u);
  world.Answer(NotAnswered(Delivery::kNoAnswer, "time-out"));
  world.Bind(kInstance);
  world.Sync();
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.carrier.errands.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LeaseOfAnotherRegisterSettlesNothing, Stores, AllStores) {
  AgentWorld<Stores> world;
  const auto other = world.AddRegister("other");
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_TEST(Is(world.Tell(world.LastLease(), Answered(200, "done"), "answered", other),
                Recorded::kEvidence));
  BOOST_TEST(Is(world.TellDone("nonsense"), Recorded::kUnknownLease));
  BOOST_TEST((world.StateOf(id) == State::kSending));
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(QuestionThatWasNotPutSaysNothing, Stores, AllStores) {
  AgentWorld<Stores> world;
  world.provider->can_ask = true;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  world.Pass(seconds(2));
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);
  BOOST_TEST((world.View(id).attempts.back().kind == task::AttemptKind::kAsk));
  world.BeSilent(Silence::kLost);
  BOOST_TEST(Is(world.Tell(world.Lease(1), NotAnswered(Delivery::kNotSent, "off"), "not_sent"),
                Recorded::kEvidence));
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ALeaseIsOneRequest, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_TEST(
      Is(world.Tell(world.LastLease(), Answered(200, "again"), "answered"), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.carrier.errands.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OperatorIsOutweighedBeforeItIsSentAgain, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, false, {}, "op", "", world.clock.Now()).ok());
  BOOST_TEST(Is(world.TellDone(world.Lease(0)), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.engine->counters().contradictions == 1);
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.carrier.errands.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(StoppingWaitsForTheAgentsAnswer, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.engine->mailbox().AskStop();
  world.Run();
  BOOST_TEST(!world.engine->finished());
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
  BOOST_TEST(world.engine->finished());
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
