// Several nodes on one PostgreSQL store: whose a lane is, what a dead or paused node leaves behind,
// what each hears of the others. Time is turned by hand.
#include "lib/store/nodes.h"

#include <algorithm>
#include <map>
#include <set>

#include "lib/base/limits.h"
#include "lib/cluster/node.h"
#include "lib/dispatch/engine.h"
#include "lib/store/postgres/postgres_connection.h"
#include "tests/store/world.h"
#include "tests/unit/support/fake_sender.h"

namespace fiscalgate::store::testing {
namespace {

using base::Milliseconds;
using ::fiscalgate::testing::Answered;
using ::fiscalgate::testing::FakeClock;
using ::fiscalgate::testing::FakeSender;
using task::State;

// Sends, and believes what it is told.
class PlainProvider final : public protocol::Provider {
 public:
  protocol::Step Start(const protocol::Work& work) const override {
    protocol::SendStep step;
    step.request.url = work.register_.url;
    step.request.body = work.head.task.order_id;
    return step;
  }
  protocol::Step OnAnswer(const protocol::Work&, const http::Answer& answer) const override {
    if (answer.delivery == http::Delivery::kNotSent) return protocol::PostponeStep{"off"};
    const bool done = answer.delivery == http::Delivery::kAnswered;
    return protocol::FinishStep{{done ? State::kDone : State::kUnknown, done ? "" : "lost", {}}};
  }
  bool CanAsk(const task::Register&) const override { return false; }
};

// One gateway: its store, its node, its dispatcher's engine.
struct Gateway {
  Gateway(World& world, FakeClock& its_clock, bool reopen) : clock(its_clock) {
    if (reopen) another = world.OpenAnother();
    store = reopen ? another.get() : &world.store();
    directory = store->LoadDirectory().value();
    cluster::Listener listener;
    listener.lanes = [this](const cluster::LanesMoved& moved) {
      engine->mailbox().Put(dispatch::Mail(moved));
    };
    listener.accepted = [this](task::RegisterKey lane) { engine->mailbox().Ring(lane); };
    listener.event = [this](const EventRow& event) {
      heard.push_back(event);
      engine->mailbox().Put(dispatch::Mail(dispatch::TaskChanged{event.task}));
    };
    listener.shares = [this] { ++shares; };
    node = std::make_unique<cluster::Node>(
        cluster::Node::Parts{*store->nodes(), clock, [this] { return directory; }, listener, "host",
                             "test", "", [](task::RegisterKey) { return false; }});
    dispatch::Options options;
    options.holdings = node.get();
    engine = std::make_unique<dispatch::Engine>(
        dispatch::Engine::Surroundings{*store,
                                       sender,
                                       clock,
                                       {{"bit", std::make_shared<PlainProvider>()}},
                                       [this] { return directory; },
                                       [this](const task::Task& task) { changes.push_back(task); },
                                       [] { return 0.5; }},
        options);
    engine->Recover();
  }
  ~Gateway() { node->Stop(); }
  void Turn() {
    node->Turn();
    for (int i = 0; i < 20; ++i) engine->Turn();
  }

  FakeClock& clock;
  std::unique_ptr<Store> another;
  Store* store = nullptr;
  task::DirectoryPtr directory;
  FakeSender sender;
  std::unique_ptr<cluster::Node> node;
  std::unique_ptr<dispatch::Engine> engine;
  std::vector<EventRow> heard;
  std::vector<task::Task> changes;
  int shares = 0;
};

struct Cluster {
  explicit Cluster(World& its_world) : world(its_world) {
    lanes.push_back(world.lane);
    for (int i = 2; i <= 12; ++i) {
      task::Register r = world.NewRegister("till-" + std::to_string(i));
      r.shops = {world.shop};
      lanes.push_back(world.store().AddRegister(r).value());
    }
    a = std::make_unique<Gateway>(world, clock, false);
    b = std::make_unique<Gateway>(world, clock, true);
  }
  void Pass(Milliseconds time, const std::vector<Gateway*>& living) {
    for (Milliseconds passed{0}; passed < time; passed += base::kNewsPause) {
      clock.Advance(base::kNewsPause);
      for (Gateway* gateway : living) gateway->Turn();
    }
  }
  void Settle() { Pass(Milliseconds(3'000), {a.get(), b.get()}); }
  task::RegisterKey LaneOf(const Gateway& gateway) const {
    const auto found = std::find_if(lanes.begin(), lanes.end(), [&](task::RegisterKey lane) {
      return gateway.node->Has(lane);
    });
    BOOST_REQUIRE(found != lanes.end());
    return *found;
  }
  task::Task Accept(Gateway& by, task::RegisterKey lane, const std::string& order) {
    task::NewTask task = world.NewTask(order);
    task.register_key = lane;
    return World::AcceptBy(*by.store, std::move(task)).value().task;
  }
  State StateOf(const task::Task& task) { return world.View(task).task.state; }

  World& world;
  FakeClock clock;
  std::vector<task::RegisterKey> lanes;
  std::unique_ptr<Gateway> a, b;
};

// Runs where there is a PostgreSQL; Engines() says aloud where there is none.
template <typename Test>
void OnCluster(const Test& test) {
  const std::vector<std::string> engines = Engines();
  if (std::find(engines.begin(), engines.end(), "postgresql") == engines.end()) return;
  World world("postgresql");
  Cluster cluster(world);
  test(cluster);
}

BOOST_AUTO_TEST_SUITE(store_nodes)

BOOST_AUTO_TEST_CASE(ASqliteStoreHasNoNodes) {
  World world("sqlite");
  BOOST_TEST(world.store().nodes() == nullptr);
}

BOOST_AUTO_TEST_CASE(EveryLaneHasOneHolderAndBothHaveSome) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    int of_a = 0;
    for (const task::RegisterKey lane : cluster.lanes) {
      const bool has_a = cluster.a->node->Has(lane), has_b = cluster.b->node->Has(lane);
      BOOST_TEST((has_a != has_b));
      of_a += has_a ? 1 : 0;
    }
    BOOST_TEST(of_a > 0);
    BOOST_TEST(of_a < static_cast<int>(cluster.lanes.size()));
  });
}

BOOST_AUTO_TEST_CASE(WhatOneAcceptsTheHolderSends) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::Task task = cluster.Accept(*cluster.a, cluster.LaneOf(*cluster.b), "order-1");
    cluster.Pass(Milliseconds(200), {cluster.a.get(), cluster.b.get()});
    BOOST_TEST(cluster.a->sender.count() == 0u);
    BOOST_REQUIRE(cluster.b->sender.count() == 1u);
    cluster.b->sender.AnswerLast(Answered(200, "done"));
    cluster.Pass(Milliseconds(200), {cluster.a.get(), cluster.b.get()});
    BOOST_TEST((cluster.StateOf(task) == State::kDone));
    BOOST_REQUIRE(cluster.a->heard.size() == 1u);
    BOOST_TEST(cluster.a->heard[0].task == task.seq);
    BOOST_TEST(cluster.a->node->CompleteEvents() >= cluster.a->heard[0].seq);
  });
}

BOOST_AUTO_TEST_CASE(OnlyTheHolderCanClaim) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::RegisterKey lane = cluster.LaneOf(*cluster.b);
    const task::Task task = cluster.Accept(*cluster.a, lane, "order-1");
    Claim claim = cluster.world.SendOf(task);
    claim.node = cluster.a->node->Token();
    BOOST_TEST(!cluster.world.Apply(claim));
    claim.node = cluster.b->node->Token();
    BOOST_TEST(cluster.world.Apply(claim));
  });
}

BOOST_AUTO_TEST_CASE(ADeadNodesLanesMoveWithinTenSecondsAndWhatItSentIsUnknown) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::RegisterKey lane = cluster.LaneOf(*cluster.a);
    const task::Task sent = cluster.Accept(*cluster.a, lane, "order-1");
    const task::Task behind = cluster.Accept(*cluster.b, lane, "order-2");
    cluster.Pass(Milliseconds(200), {cluster.a.get(), cluster.b.get()});
    BOOST_REQUIRE(cluster.a->sender.count() == 1u);
    cluster.Pass(Milliseconds(5'000), {cluster.b.get()});
    BOOST_TEST(!cluster.b->node->Has(lane));
    cluster.Pass(Milliseconds(4'000), {cluster.b.get()});
    for (const task::RegisterKey each : cluster.lanes) BOOST_TEST(cluster.b->node->Has(each));
    BOOST_TEST((cluster.StateOf(sent) == State::kUnknown));
    BOOST_TEST((cluster.StateOf(behind) == State::kQueued));  // the lane stands behind the unknown
    BOOST_REQUIRE(!cluster.b->changes.empty());
    BOOST_TEST(cluster.b->changes[0].seq == sent.seq);
  });
}

BOOST_AUTO_TEST_CASE(APausedNodeLetsNothingLeaveWhenItWakes) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::RegisterKey lane = cluster.LaneOf(*cluster.a);
    const task::Task task = cluster.Accept(*cluster.a, lane, "order-1");
    cluster.Pass(Milliseconds(100), {cluster.a.get()});
    BOOST_REQUIRE(cluster.a->sender.count() == 1u);
    const auto permit = cluster.a->sender.at(0).options.permit;
    BOOST_REQUIRE(permit);
    BOOST_TEST(permit());
    // It stops between the claim and the first byte. Before anybody takes the lane, it is too late.
    cluster.clock.Advance(base::kNodeMaySend);
    BOOST_TEST(!permit());
    cluster.Pass(Milliseconds(60'000), {cluster.b.get()});
    BOOST_TEST(cluster.b->node->Has(lane));
    // It wakes: nothing can be begun before it has found out, and the old claim never leaves.
    const task::Task next = cluster.Accept(*cluster.b, cluster.LaneOf(*cluster.b), "order-2");
    cluster.a->engine->mailbox().Ring(next.register_key);
    for (int i = 0; i < 5; ++i) cluster.a->engine->Turn();
    BOOST_TEST(cluster.a->sender.count() == 1u);
    cluster.a->Turn();
    BOOST_TEST(!cluster.a->node->Has(lane));
    BOOST_TEST(!permit());
    cluster.Settle();
    BOOST_TEST(!permit());  // another token since
    BOOST_TEST(!cluster.a->node->Token().empty());
    BOOST_TEST((cluster.StateOf(task) == State::kUnknown));
  });
}

BOOST_AUTO_TEST_CASE(TheLateAnswerOfAPausedNodeSettlesWhatWasUnknown) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::RegisterKey lane = cluster.LaneOf(*cluster.a);
    const task::Task task = cluster.Accept(*cluster.a, lane, "order-1");
    cluster.Pass(Milliseconds(100), {cluster.a.get()});
    cluster.Pass(Milliseconds(20'000), {cluster.b.get()});
    BOOST_TEST((cluster.StateOf(task) == State::kUnknown));
    cluster.a->sender.AnswerLast(Answered(200, "done"));
    cluster.Settle();
    BOOST_TEST((cluster.StateOf(task) == State::kDone));
    BOOST_TEST(cluster.world.View(task).evidence.size() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(ALaneIsFetchedFromALivingNodeOnlyWhenNothingIsInFlight) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    const task::RegisterKey lane = cluster.LaneOf(*cluster.a);
    const std::string token = cluster.b->node->Token();
    const task::Task task = cluster.Accept(*cluster.a, lane, "order-1");
    cluster.Pass(Milliseconds(100), {cluster.a.get()});
    Nodes& nodes = *cluster.b->store->nodes();
    BOOST_TEST(nodes.Fetch(token, lane, cluster.clock.Now()).value().lanes.empty());
    cluster.a->sender.AnswerLast(Answered(200, "done"));
    cluster.Pass(Milliseconds(100), {cluster.a.get()});
    BOOST_TEST(nodes.Fetch(token, lane, cluster.clock.Now()).value().lanes.size() == 1u);
    BOOST_TEST((cluster.StateOf(task) == State::kDone));
    cluster.Pass(Milliseconds(600), {cluster.a.get()});
    BOOST_TEST(!cluster.a->node->Has(lane));
  });
}

BOOST_AUTO_TEST_CASE(ACleanStopFreesItsLanesAtOnce) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    cluster.a->node->Stop();
    cluster.Pass(Milliseconds(1'200), {cluster.b.get()});
    for (const task::RegisterKey lane : cluster.lanes) BOOST_TEST(cluster.b->node->Has(lane));
  });
}

BOOST_AUTO_TEST_CASE(AnExpelledTokenTakesNothing) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    Nodes& nodes = *cluster.b->store->nodes();
    const std::string token = cluster.a->node->Token();
    const auto view = nodes.Look().value();
    const auto a = std::find_if(view.nodes.begin(), view.nodes.end(),
                                [&](const Node& node) { return node.token == token; });
    BOOST_REQUIRE(a != view.nodes.end());
    BOOST_TEST(!nodes.Expel(token, a->renewals + 1).value());
    BOOST_TEST(nodes.Expel(token, a->renewals).value());
    BOOST_TEST(!nodes.Renew(token).value());
    const auto taken = nodes.Take(token, cluster.lanes, cluster.clock.Now());
    BOOST_REQUIRE(!taken.ok());
    BOOST_TEST((taken.error().code == base::Code::kConflict));
  });
}

BOOST_AUTO_TEST_CASE(WhatIsNotCommittedYetIsWaitedForInTheFeed) {
  OnCluster([](Cluster& cluster) {
    cluster.Settle();
    // Another writer has taken a number and has not committed.
    const auto address = postgres::Address::Parse(cluster.world.url()).value();
    auto slow = postgres::Connect(address, postgres::Access::kWrite);
    BOOST_REQUIRE(slow.ok());
    BOOST_REQUIRE((*slow)->Begin().ok());
    BOOST_REQUIRE((*slow)->Run("SELECT nextval('event_seq_seq')").ok());
    cluster.world.AcceptAndEnd("order-1", State::kDone);
    cluster.Pass(Milliseconds(1'000), {cluster.a.get()});
    BOOST_REQUIRE(cluster.a->heard.size() == 1u);
    const std::int64_t later = cluster.a->heard[0].seq;
    BOOST_TEST(cluster.a->node->CompleteEvents() < later);
    (*slow)->Rollback();
    slow->reset();
    cluster.Pass(Milliseconds(1'000), {cluster.a.get()});
    BOOST_TEST(cluster.a->node->CompleteEvents() >= later);
    BOOST_TEST(cluster.a->heard.size() == 2u);  // told again: now it can be shown
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::store::testing
