// A register's lane goes to another node and comes back, and what was under way here meanwhile.
#include <set>

#include "tests/unit/dispatch/agent_world.h"

namespace fiscalgate::dispatch {
namespace {

constexpr char kToken[] = "token-of-this-node";

// This node has what a test says it has.
class FakeHoldings final : public cluster::Holdings {
 public:
  bool Has(task::RegisterKey lane) const override { return lanes.contains(lane); }
  std::string Token() const override { return kToken; }
  std::function<bool()> Permit(const std::string&) const override {
    return [] { return true; };
  }
  std::set<task::RegisterKey> lanes;
};

// Of several nodes: the store in memory does not ask whose lane it is.
struct NodeWorld : AgentWorld<testing::InMemory> {
  NodeWorld() {
    options.holdings = &holdings;
    Restart();
    holdings.lanes = {lane};
    Move({{lane}, {}, {}});
  }
  void Move(cluster::LanesMoved moved) {
    engine->mailbox().Put(std::move(moved));
    Run();
  }

  FakeHoldings holdings;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(dispatch_nodes)

// News of a loss may be read after the lane is here again and something else was claimed on it.
BOOST_AUTO_TEST_CASE(WhatWasClaimedAfterALaneCameBackGoesOn) {
  NodeWorld world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_REQUIRE(world.carrier.errands.size() == 1u);
  world.Move({{}, {world.lane}, {}});
  world.Move({{world.lane}, {}, {}});
  BOOST_TEST(world.carrier.told.empty());
  world.BeSilent(Silence::kNobody);
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  world.engine->mailbox().Put(AgentIsBack{world.lane});
  world.Run();
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE(WhatEndedElsewhereIsLetGoWithItsLane) {
  NodeWorld world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  const std::string lease = world.LastLease();
  // The agent has told another node, and that one has the lane now.
  store::Proof proof;
  proof.seq = world.View(id).task.seq;
  proof.lease = lease;
  proof.told = {"answered", 200, "done"};
  proof.meaning = store::Proof::Meaning::kOutcome;
  proof.outcome = {State::kDone, "", {}};
  proof.at = world.clock.Now();
  store::DispatchBatch batch;
  batch.proofs.push_back(proof);
  BOOST_REQUIRE(world.store.Apply(batch).ok());
  BOOST_REQUIRE((world.StateOf(id) == State::kDone));
  world.Move({{}, {world.lane}, {}});
  BOOST_TEST(world.carrier.told == std::vector<std::string>{lease});
  world.Move({{world.lane}, {}, {}});
  world.Post(world.lane, "order-2");
  world.Run();
  BOOST_TEST(world.carrier.errands.size() == 2u);
}

BOOST_AUTO_TEST_CASE(WhatWasQueuedAgainElsewhereIsLetGoWhenItsLaneIsRung) {
  NodeWorld world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  store::Proof proof;
  proof.seq = world.View(id).task.seq;
  proof.lease = world.LastLease();
  proof.told = {"not_sent", 0, "too late to begin"};
  proof.meaning = store::Proof::Meaning::kNotDone;
  proof.at = world.clock.Now();
  store::DispatchBatch batch;
  batch.proofs.push_back(proof);
  BOOST_REQUIRE(world.store.Apply(batch).ok());
  world.Run();
  BOOST_TEST(world.carrier.errands.size() == 1u);
  world.Move({{world.lane}, {}, {}});
  BOOST_TEST(world.carrier.errands.size() == 2u);
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
}

// As for a node that was taken for dead while its agent's answer came to it.
BOOST_AUTO_TEST_CASE_TEMPLATE(WordOfAnAttemptThatBecameUnknownSettlesIt, Stores,
                              testing::AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_REQUIRE(world.store.Recover(world.clock.Now()).ok());
  BOOST_REQUIRE((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.View(id).evidence.size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ProvenSilenceOfAnAttemptThatBecameUnknownQueuesItAgain, Stores,
                              testing::AllStores) {
  AgentWorld<Stores> world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  BOOST_REQUIRE(world.store.Recover(world.clock.Now()).ok());
  world.BeSilent(Silence::kNeverReceived);
  BOOST_REQUIRE(world.carrier.errands.size() == 2u);
  BOOST_TEST(Is(world.TellDone(world.LastLease()), Recorded::kApplied));
  BOOST_TEST((world.StateOf(id) == State::kDone));
}

// Its agent may be polling here already, with a poll from before.
BOOST_AUTO_TEST_CASE(TheAgentOfALaneTakenWithAnUnknownTaskIsCalledOnce) {
  NodeWorld world;
  const std::string id = world.Post(world.lane, "order-1");
  world.Run();
  world.BeSilent(Silence::kLost);
  BOOST_REQUIRE((world.StateOf(id) == State::kUnknown));
  BOOST_TEST(world.carrier.called.size() == 1u);
  world.Move({{world.lane}, {}, {}});
  world.Move({{world.lane}, {}, {}});
  BOOST_TEST(world.carrier.called.size() == 1u);
  world.Restart();  // another node
  world.Move({{world.lane}, {}, {world.View(id).task.seq}});
  BOOST_TEST(world.carrier.called.size() == 2u);
  world.Sync();
  BOOST_TEST((world.StateOf(id) == State::kSending));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
