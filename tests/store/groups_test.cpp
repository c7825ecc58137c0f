// Groups of registers, tasks that move between their members, and the gateway's own tasks.
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;
using task::State;

namespace {

struct Pair {
  explicit Pair(World& world) {
    task::Register r = world.NewRegister("till-2");
    r.shops = {world.shop};
    second = world.store().AddRegister(r).value();
    group.name = "tills";
    group.kkt_token = base::Secret("token of the tills");
    group.members = {world.lane, second};
    group.shops = {world.shop};
    group.key = world.store().AddGroup(group).value();
  }
  task::RegisterKey second = 0;
  task::Group group;
};

task::Task AcceptIn(World& world, task::GroupKey group, const std::string& order,
                    task::Priority priority = task::Priority::kOrdinary) {
  task::NewTask posted = world.NewTask(order);
  posted.group = group;
  posted.priority = priority;
  return world.Accept(posted).value().task;
}

std::int64_t Move(World& world, const store::Move& move) {
  DispatchBatch batch;
  batch.moves = {move};
  return world.store().Apply(batch).value().moved.at(0);
}

task::NewTask ServiceTask(const World& world, const std::string& order) {
  task::NewTask posted = world.NewTask(order);
  posted.shop = task::kGatewayShop;
  posted.priority = task::Priority::kService;
  return posted;
}

bool Order(World& world, const task::NewTask& task, bool again_if_failed) {
  DispatchBatch batch;
  batch.services = {{task, again_if_failed}};
  return world.store().Apply(batch).value().services.at(0);
}

std::string FirstOf(World& world, task::RegisterKey lane) {
  const auto head = world.store().HeadOf(lane, false).value();
  return head ? head->task.order_id : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_groups)

STORE_TEST(AGroupComesBackAsItWasAddedAndIsReplaced) {
  Pair pair(world);
  const auto find = [&] { return *world.store().LoadDirectory().value()->FindGroup(1); };
  BOOST_TEST(pair.group.key == 1);
  BOOST_TEST(find().name == "tills");
  BOOST_TEST(find().enabled);
  BOOST_TEST(find().kkt_token.Reveal() == "token of the tills");
  BOOST_TEST(find().members == (std::vector<task::RegisterKey>{world.lane, pair.second}));
  BOOST_TEST(find().shops == std::vector<task::ShopKey>{world.shop});

  const std::int64_t version = world.store().OperatorVersion().value();
  pair.group.enabled = false;
  pair.group.members = {pair.second, pair.second};
  pair.group.shops = {};
  BOOST_REQUIRE(world.store().UpdateGroup(pair.group).ok());
  BOOST_TEST(!find().enabled);
  BOOST_TEST(find().members == std::vector<task::RegisterKey>{pair.second});
  BOOST_TEST(find().shops.empty());
  BOOST_TEST(world.store().OperatorVersion().value() > version);
}

STORE_TEST(WhatIsTakenOrNotThereMakesNoGroup) {
  Pair pair(world);
  const auto refused = [&](const task::Group& group) {
    const Result<task::GroupKey> added = world.store().AddGroup(group);
    return added.ok() ? Code::kInternal : added.error().code;
  };
  task::Group other;
  other.name = "tills";
  other.kkt_token = base::Secret("another token");
  BOOST_TEST((refused(other) == Code::kConflict));
  other.name = "others";
  for (const char* token : {"token of the tills", "token of till-1"}) {
    other.kkt_token = base::Secret(token);
    BOOST_TEST((refused(other) == Code::kConflict));
  }
  other.kkt_token = base::Secret("another token");
  other.members = {999};
  BOOST_TEST((refused(other) == Code::kNotFound));
  other.members = {world.lane};
  other.shops = {999};
  BOOST_TEST((refused(other) == Code::kNotFound));
  other.key = 999;
  other.shops = {};
  BOOST_TEST((world.store().UpdateGroup(other).error().code == Code::kNotFound));
  task::Register r = world.NewRegister("till-3");
  r.kkt_token = pair.group.kkt_token;
  BOOST_TEST((world.store().AddRegister(r).error().code == Code::kConflict));
  BOOST_TEST(world.store().LoadDirectory().value()->groups().size() == 1u);
}

STORE_TEST(TasksOfAGroupMoveInTheOrderOfTheirLane) {
  const Pair pair(world);
  AcceptIn(world, pair.group.key, "sale");
  AcceptIn(world, pair.group.key, "second sale");
  AcceptIn(world, pair.group.key, "refund", task::Priority::kRefund);
  BOOST_TEST(Move(world, {pair.group.key, world.lane, pair.second, 2}) == 2);
  BOOST_TEST(FirstOf(world, pair.second) == "refund");
  BOOST_TEST(FirstOf(world, world.lane) == "second sale");
  BOOST_TEST(world.store().QueuedOf(pair.second, 10)->at(1).task.order_id == "sale");
  BOOST_TEST(Move(world, {pair.group.key, world.lane, pair.second, 2}) == 1);
  BOOST_TEST(FirstOf(world, world.lane) == "");
}

STORE_TEST(OnlyWhatWasNeverSentMovesAndOnlyOfTheGroup) {
  const Pair pair(world);
  world.Accept("by the register's own token");
  const task::Task sending = AcceptIn(world, pair.group.key, "sending");
  const task::Task failed = AcceptIn(world, pair.group.key, "failed");
  const task::Task released = AcceptIn(world, pair.group.key, "released");
  for (const task::Task& task : {sending, failed, released}) {
    BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  }
  BOOST_REQUIRE(world.Apply(world.EndOf(failed, State::kFailed)));
  BOOST_REQUIRE(world.store().RetryTask(failed.id, "ann", "", world.now()).ok());
  BOOST_REQUIRE(world.Apply(world.ReleaseOf(released)));
  BOOST_TEST(Move(world, {pair.group.key, world.lane, pair.second, 10}) == 1);
  const task::Task moved = world.View(released).task;
  BOOST_TEST(moved.register_key == pair.second);
  BOOST_TEST(moved.wait_reason == "");
}

STORE_TEST(AServiceTaskIsMadeOnceAndTriedAgainOnlyIfItFailed) {
  const task::NewTask close = ServiceTask(world, "close 1");
  BOOST_TEST(Order(world, close, true));
  BOOST_TEST(!Order(world, ServiceTask(world, "close 1"), true));
  const task::Task task = world.store().FindTask(close.id).value()->task;
  BOOST_TEST(task.is_service());
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion end = world.EndOf(task, State::kFailed, "lease", "no paper");
  end.outcome.error_code = "paper";
  end.outcome.error_class = task::ErrorClass::kCallOperator;
  BOOST_REQUIRE(world.Apply(end));
  BOOST_TEST(!Order(world, ServiceTask(world, "close 1"), false));
  BOOST_TEST((world.View(task).task.state == State::kFailed));
  world.Pass(std::chrono::minutes(1));
  BOOST_TEST(Order(world, ServiceTask(world, "close 1"), true));
  const task::Task again = world.View(task).task;
  BOOST_TEST((again.state == State::kQueued));
  BOOST_TEST(again.error == "");
  BOOST_TEST(again.error_code == "");
  BOOST_TEST((again.error_class == task::ErrorClass::kNone));
  BOOST_TEST((again.changed_at == world.now()));
  BOOST_TEST(FirstOf(world, world.lane) == "close 1");
}

STORE_TEST(APersonOrdersAServiceOnce) {
  const std::int64_t version = world.store().OperatorVersion().value();
  const auto made = world.store().OrderService(ServiceTask(world, "x report"), "ann", "");
  BOOST_REQUIRE(made.ok());
  BOOST_TEST((made->state == State::kQueued));
  BOOST_TEST((made->priority == task::Priority::kService));
  const std::int64_t after = world.store().OperatorVersion().value();
  BOOST_TEST(after > version);
  const auto again = world.store().OrderService(ServiceTask(world, "x report"), "ann", "");
  BOOST_TEST((again.error().code == Code::kConflict));
  BOOST_TEST(world.store().OperatorVersion().value() == after);
}

STORE_TEST(WhatARegisterTellsWithAnEndIsKept) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  task::DeviceState state;
  state.register_key = world.lane;
  state.shift_state = task::ShiftState::kOpen;
  state.shift = 7;
  state.unsent_1097 = 3;
  state.told_at = world.now();
  Conclusion end = world.EndOf(task, State::kDone);
  end.device = state;
  BOOST_REQUIRE(world.Apply(end));
  BOOST_TEST((world.store().DeviceStates().value() == std::vector<task::DeviceState>{state}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
