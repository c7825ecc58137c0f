#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;

BOOST_AUTO_TEST_SUITE(store_views)

STORE_TEST(ATaskIsFoundByIdAndByNumber) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(world.store().FindTask(task.id).value()->task.seq == task.seq);
  BOOST_TEST(world.store().FindTaskBySeq(task.seq).value()->task.id == task.id);
  BOOST_TEST(!world.store().FindTask("none").value().has_value());
  BOOST_TEST(!world.store().FindTaskBySeq(task.seq + 1).value().has_value());
}

STORE_TEST(ATaskSaysBehindWhichItWaits) {
  const task::Task first = world.AcceptAndEnd("1", State::kUnknown, "no answer");
  const task::Task second = world.Accept("2");
  BOOST_TEST(!world.View(first).behind.has_value());
  BOOST_TEST((world.View(second).behind == first.seq));
  BOOST_REQUIRE(world.store().SettleTask(first.id, true, {}, "ann", "", world.now()).ok());
  BOOST_TEST(!world.View(second).behind.has_value());
  BOOST_TEST(!world.View(first).behind.has_value());
}

STORE_TEST(ATaskKnowsHowManyStandBeforeIt) {
  const task::Task first = world.Accept("1");
  world.Accept("2");
  const task::Task third = world.Accept("3");
  BOOST_TEST(world.store().CountAhead(first, 10).value() == 0);
  BOOST_TEST(world.store().CountAhead(third, 10).value() == 2);
  BOOST_TEST(world.store().CountAhead(third, 1).value() == 1);
  BOOST_REQUIRE(world.store().CancelTask(first.id, "ann", "", world.now()).ok());
  BOOST_TEST(world.store().CountAhead(third, 10).value() == 1);
}

STORE_TEST(WhatGoesFirstStandsBeforeATaskThatCameEarlier) {
  const task::Task sale = world.Accept("sale");
  task::NewTask posted = world.NewTask("refund");
  posted.priority = task::Priority::kRefund;
  const task::Task refund = world.Accept(posted).value().task;
  BOOST_TEST(world.store().CountAhead(sale, 10).value() == 1);
  BOOST_TEST(world.store().CountAhead(refund, 10).value() == 0);
}

STORE_TEST(AtACloudRegisterNobodyWaitsForWhatIsInFlight) {
  task::Register cloud = world.NewRegister("cloud");
  cloud.provider = "orangedata";
  const task::RegisterKey lane = world.store().AddRegister(cloud).value();
  std::vector<task::Task> tasks;
  for (const char* order : {"1", "2", "3"}) {
    task::NewTask posted = world.NewTask(order);
    posted.register_key = lane;
    tasks.push_back(world.Accept(posted).value().task);
  }
  BOOST_REQUIRE(world.Apply(world.SendOf(tasks[0])));
  BOOST_TEST(!world.View(tasks[1]).behind.has_value());
  BOOST_TEST((world.View(tasks[2]).behind == tasks[1].seq));
}

STORE_TEST(TasksAreListedNewestFirst) {
  for (const char* order : {"1", "2", "3"}) world.Accept(order);
  const std::vector<task::Task> tasks = world.store().ListTasks({}).value();
  BOOST_REQUIRE(tasks.size() == 3u);
  BOOST_TEST(tasks[0].order_id == "3");
  TaskFilter two;
  two.limit = 2;
  BOOST_TEST(world.store().ListTasks(two).value().size() == 2u);
  two.limit = -1;
  BOOST_TEST(world.store().ListTasks(two).value().empty());
}

STORE_TEST(AListFollowsEveryMixOfConditions) {
  const task::ShopKey other_shop = world.store().AddShop(world.NewShop("shop-2")).value();
  const task::RegisterKey other_lane =
      world.store().AddRegister(world.NewRegister("till-2")).value();
  world.AcceptAndEnd("same", State::kDone);
  world.AcceptAndEnd("u", State::kUnknown, "no answer");
  task::NewTask posted = world.NewTask("same");
  posted.shop = other_shop;
  posted.register_key = other_lane;
  const task::Task second = world.Accept(posted).value().task;

  const auto count = [&](const TaskFilter& filter) {
    return world.store().ListTasks(filter).value().size();
  };
  TaskFilter filter;
  filter.order_id = "same";
  BOOST_TEST(count(filter) == 2u);
  filter.shop = other_shop;
  BOOST_TEST(count(filter) == 1u);
  filter.register_key = other_lane;
  filter.state = State::kQueued;
  BOOST_TEST(world.store().ListTasks(filter).value().at(0).id == second.id);
  filter.state = State::kDone;
  BOOST_TEST(count(filter) == 0u);
  TaskFilter of_lane;
  of_lane.register_key = world.lane;
  BOOST_TEST(count(of_lane) == 2u);
  of_lane.state = State::kUnknown;
  BOOST_TEST(count(of_lane) == 1u);
  TaskFilter of_state;
  of_state.state = State::kDone;
  BOOST_TEST(count(of_state) == 1u);
}

STORE_TEST(TheFeedOfAShopIsItsOwnAndGrows) {
  const task::ShopKey other_shop = world.store().AddShop(world.NewShop("shop-2")).value();
  world.AcceptAndEnd("1", State::kDone);
  task::NewTask posted = world.NewTask("1");
  posted.shop = other_shop;
  const task::Task theirs = world.Accept(posted).value().task;
  BOOST_REQUIRE(world.Apply(world.SendOf(theirs)));
  BOOST_REQUIRE(world.Apply(world.EndOf(theirs, State::kFailed)));
  world.AcceptAndEnd("2", State::kFailed);

  const std::vector<Event> mine = world.store().EventsAfter(world.shop, 0, 10).value();
  BOOST_REQUIRE(mine.size() == 2u);
  BOOST_TEST(mine[0].order_id == "1");
  BOOST_TEST(mine[1].order_id == "2");
  BOOST_TEST(mine[0].seq < mine[1].seq);
  const std::vector<Event> after = world.store().EventsAfter(world.shop, mine[0].seq, 10).value();
  BOOST_REQUIRE(after.size() == 1u);
  BOOST_TEST(after[0].seq == mine[1].seq);
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 1).value().size() == 1u);
  const std::vector<Event> others = world.store().EventsAfter(other_shop, 0, 10).value();
  BOOST_REQUIRE(others.size() == 1u);
  BOOST_TEST(others[0].task_id == theirs.id);
}

STORE_TEST(GaugesCountWhatIsLive) {
  const task::RegisterKey idle = world.store().AddRegister(world.NewRegister("till-2")).value();
  Gauges gauges = world.store().ReadGauges().value();
  BOOST_TEST(gauges.queued == 0);
  BOOST_TEST(!gauges.oldest_queued.has_value());
  BOOST_TEST(!gauges.oldest_unknown.has_value());
  BOOST_TEST(!gauges.oldest_callback_due.has_value());

  const base::WallTime start = world.now();
  world.AcceptAndEnd("done", State::kDone);
  world.Pass(std::chrono::seconds(1));
  world.AcceptAndEnd("unknown", State::kUnknown, "no answer");
  world.Pass(std::chrono::seconds(1));
  const task::Task sending = world.Accept("sending");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  world.Accept("queued");
  world.Pass(std::chrono::seconds(1));
  world.Accept("queued later");

  gauges = world.store().ReadGauges().value();
  BOOST_REQUIRE(gauges.lanes.size() == 2u);
  BOOST_TEST(gauges.lanes[0].register_key == world.lane);
  BOOST_TEST(gauges.lanes[0].live == 4);
  BOOST_TEST(gauges.lanes[1].register_key == idle);
  BOOST_TEST(gauges.lanes[1].live == 0);
  BOOST_TEST(gauges.queued == 2);
  BOOST_TEST(gauges.unknown == 1);
  BOOST_TEST((gauges.oldest_queued == start + std::chrono::seconds(2)));
  BOOST_TEST((gauges.oldest_unknown == start + std::chrono::seconds(1)));
  BOOST_TEST(gauges.callbacks_pending == 1);
  BOOST_TEST(gauges.callbacks_dead == 0);
  BOOST_TEST((gauges.oldest_callback_due == start));
}

STORE_TEST(GaugesCountDeadCallbacks) {
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  Delivered tried;
  tried.key = world.View(task).callback->key;
  tried.state = CallbackState::kDead;
  tried.at = world.now();
  BOOST_REQUIRE(world.store().RecordDeliveries({tried}).ok());
  const Gauges gauges = world.store().ReadGauges().value();
  BOOST_TEST(gauges.callbacks_pending == 0);
  BOOST_TEST(gauges.callbacks_dead == 1);
}

STORE_TEST(OnlyTheNewestAttemptsAreShown) {
  const task::Task task = world.AcceptAndEnd("1", State::kUnknown, "no answer");
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE(world.Apply(world.AskOf(task)));
    BOOST_REQUIRE(world.Apply(world.EndOf(task, State::kUnknown, "ask")));
  }
  const TaskView view = world.View(task);
  BOOST_TEST(view.task.attempts == 101);
  BOOST_REQUIRE(view.attempts.size() == 100u);
  BOOST_TEST(view.attempts.front().number == 2);
  BOOST_TEST(view.attempts.back().number == 101);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
