// What an agent tells after an operator has decided, or under the wrong key.
#include "tests/unit/dispatch/agent_world.h"

namespace fiscalgate::dispatch {

BOOST_AUTO_TEST_SUITE(dispatch_agent_late)

BOOST_AUTO_TEST_CASE_TEMPLATE(WordThatItWasPrintedTakesTheNextAttemptBack, Stores, AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, false, {}, "op", "", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);  // begun again, and nobody has come for it
  world.carrier.handed_over = false;
  BOOST_TEST(Is(world.TellDone(world.Lease(0)), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.View(id).task.attempts == 1);
  BOOST_TEST(world.engine->counters().contradictions == 1);
  world.Pass(minutes(10));
  BOOST_TEST(world.carrier.errands.size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WordThatMeetsAStoreThatRefusesTakesTheNextAttemptBackToo, Stores,
                              AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, false, {}, "op", "", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);
  world.carrier.handed_over = false;
  world.store.disk_full = true;
  const auto word = world.TellDone(world.Lease(0));
  BOOST_TEST(!word->has_value());
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(Is(word, Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(WordThatComesAfterTheNextAttemptWasHandedOverIsAnAlarm, Stores,
                              AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, false, {}, "op", "", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(Is(world.TellDone(world.Lease(0)), Recorded::kEvidence));
  BOOST_TEST((world.StateOf(id) == State::kSending));
  BOOST_TEST(world.engine->counters().contradictions == 1);
}

// Reads an answer as one entry for each command that is not done.
BOOST_AUTO_TEST_CASE_TEMPLATE(ErrorOfWhatAnOperatorCalledPrintedIsAnAlarm, Stores, AllStores) {
  AgentWorld<Stores> world;
  world.provider->on_answer = [](const protocol::Work& work, const http::Answer& answer) {
    if (!work.head.results.empty()) return ScriptedProvider::End(State::kUnknown, "too many");
    return ScriptedProvider::Read(work, answer);
  };
  const std::string id = world.PutCommand(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, true, {}, "op", "", world.clock.Now()).ok());
  const auto word = world.Tell(world.Lease(0), Answered(200, "failed"), "answered");
  BOOST_TEST(Is(word, Recorded::kEvidence));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.engine->counters().contradictions == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PartOfWhatAnOperatorCalledPrintedIsAnAlarmToo, Stores, AllStores) {
  AgentWorld<Stores> world;
  world.provider->on_answer = [](const protocol::Work& work, const http::Answer& answer) {
    if (answer.delivery != Delivery::kAnswered) return ScriptedProvider::Read(work, answer);
    task::Outcome outcome{State::kFailed, "no paper", {}};
    outcome.commands.push_back({0, "a", "", task::CommandState::kDone, "", "{}", {}});
    outcome.commands.push_back({1, "b", "", task::CommandState::kFailed, "no paper", "{}", {}});
    return protocol::Step(protocol::FinishStep{outcome});
  };
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE(world.store.SettleTask(id, true, {}, "op", "", world.clock.Now()).ok());
  BOOST_TEST(
      Is(world.Tell(world.Lease(0), Answered(200, "part"), "answered"), Recorded::kEvidence));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.engine->counters().contradictions == 1);
}

// Keys of two registers were mixed up: the agent brings what it holds under the wrong one, forgets
// it, and gets its own back.
BOOST_AUTO_TEST_CASE_TEMPLATE(WordUnderAnotherKeySettlesNothingButSilenceProvesNothingAfterIt,
                              Stores, AllStores) {
  AgentWorld<Stores> world;
  const auto other = world.AddRegister("other");
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_TEST(Is(world.Tell(world.Lease(0), Answered(200, "done"), "answered", other),
                Recorded::kEvidence));
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_REQUIRE(world.View(id).evidence.size() == 1u);
  BOOST_TEST(world.View(id).evidence[0].told.body == "done");
  world.Sync();
  world.engine->mailbox().Put(NeverReceived{world.lane, world.Lease(0)});
  world.Run();
  BOOST_TEST((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.carrier.errands.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
