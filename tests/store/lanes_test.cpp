// The order in a lane, deadlines, and what a shop takes back.
#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using base::Code;
using std::chrono::minutes;
using std::chrono::seconds;
using task::Priority;
using task::State;

namespace {

task::Task AcceptAs(World& world, const std::string& order, Priority priority) {
  task::NewTask posted = world.NewTask(order);
  posted.priority = priority;
  return world.Accept(posted).value().task;
}

task::Task AcceptUntil(World& world, const std::string& order, std::chrono::milliseconds time) {
  task::NewTask posted = world.NewTask(order);
  posted.deadline_at = world.now() + time;
  return world.Accept(posted).value().task;
}

std::string HeadOf(World& world, bool pass_unknown = false) {
  const auto head = world.store().HeadOf(world.lane, pass_unknown).value();
  return head ? head->task.order_id : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_lanes)

STORE_TEST(ALaneIsOrderedByPriorityThenByAcceptance) {
  AcceptAs(world, "sale", Priority::kOrdinary);
  AcceptAs(world, "second sale", Priority::kOrdinary);
  const task::Task refund = AcceptAs(world, "refund", Priority::kRefund);
  AcceptAs(world, "second refund", Priority::kRefund);
  const task::Task service = AcceptAs(world, "service", Priority::kService);
  BOOST_TEST((world.View(refund).task.priority == Priority::kRefund));
  for (const char* order : {"service", "refund", "second refund", "sale", "second sale"}) {
    BOOST_TEST(HeadOf(world) == order);
    const task::Task head = world.store().HeadOf(world.lane, false).value()->task;
    BOOST_REQUIRE(world.Apply(world.SendOf(head)));
    BOOST_REQUIRE(world.Apply(world.EndOf(head, State::kDone)));
  }
  BOOST_TEST(HeadOf(world) == "");
}

STORE_TEST(WhatIsInFlightOrUnknownStandsBeforeEverythingQueued) {
  const task::Task sale = AcceptAs(world, "sale", Priority::kOrdinary);
  BOOST_REQUIRE(world.Apply(world.SendOf(sale)));
  const task::Task refund = AcceptAs(world, "refund", Priority::kRefund);
  BOOST_TEST(HeadOf(world) == "sale");
  BOOST_TEST(HeadOf(world, true) == "sale");
  BOOST_TEST(world.View(refund).behind.value_or(0) == sale.seq);
  BOOST_REQUIRE(world.Apply(world.EndOf(sale, State::kUnknown)));
  BOOST_TEST(HeadOf(world) == "sale");
  BOOST_TEST(HeadOf(world, true) == "refund");
}

STORE_TEST(AnUnknownTaskOfTheGatewayIsNeverPassed) {
  task::NewTask posted = world.NewTask("close");
  posted.shop = task::kGatewayShop;
  const task::Task service = world.Accept(posted).value().task;
  BOOST_REQUIRE(world.Apply(world.SendOf(service)));
  BOOST_REQUIRE(world.Apply(world.EndOf(service, State::kUnknown)));
  world.Accept("sale");
  BOOST_TEST(HeadOf(world, true) == "close");
}

STORE_TEST(BehindNamesWhatATaskReallyWaitsFor) {
  const task::Task sale = world.Accept("sale");
  const task::Task later = world.Accept("later");
  BOOST_TEST(!world.View(sale).behind.has_value());
  BOOST_TEST(world.View(later).behind.value_or(0) == sale.seq);
  const task::Task refund = AcceptAs(world, "refund", Priority::kRefund);
  BOOST_TEST(!world.View(refund).behind.has_value());
  BOOST_TEST(world.View(sale).behind.value_or(0) == refund.seq);
  BOOST_REQUIRE(world.Apply(world.SendOf(refund)));
  BOOST_REQUIRE(world.Apply(world.EndOf(refund, State::kUnknown)));
  BOOST_TEST(world.View(sale).behind.value_or(0) == refund.seq);
  task::Register passing = world.NewRegister("till-1");
  passing.key = world.lane;
  passing.shops = {world.shop};
  passing.pass_unknown = true;
  BOOST_REQUIRE(world.store().UpdateRegister(passing).ok());
  BOOST_TEST(!world.View(sale).behind.has_value());
  BOOST_TEST(world.View(later).behind.value_or(0) == sale.seq);
}

STORE_TEST(ATaskIsNotSentAfterItsDeadline) {
  const task::Task task = AcceptUntil(world, "1", minutes(5));
  BOOST_TEST((world.View(task).task.deadline_at == world.now() + minutes(5)));
  world.Pass(minutes(5));
  BOOST_TEST(!world.Apply(world.SendOf(task)));
  BOOST_TEST((world.View(task).task.state == State::kQueued));
}

STORE_TEST(ATaskThatWasSentInTimeHasNoDeadlineAnyMore) {
  const task::Task task = AcceptUntil(world, "1", minutes(5));
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  world.Pass(minutes(6));
  BOOST_TEST(world.store().ExpireTasks(world.now(), 10).value().empty());
  BOOST_TEST(world.Apply(world.EndOf(task, State::kUnknown)));
  BOOST_TEST(world.store().ExpireTasks(world.now(), 10).value().empty());
  BOOST_TEST(world.Apply(world.AskOf(task)));
}

STORE_TEST(OverdueTasksFailWithEventAndCallback) {
  const task::Task first = AcceptUntil(world, "1", minutes(1));
  const task::Task second = AcceptUntil(world, "2", minutes(2));
  const task::Task third = AcceptUntil(world, "3", minutes(9));
  const task::Task patient = world.Accept("4");
  BOOST_TEST(world.store().ExpireTasks(world.now(), 10).value().empty());
  world.Pass(minutes(3));
  const auto ended = world.store().ExpireTasks(world.now(), 10).value();
  BOOST_REQUIRE(ended.size() == 2u);
  BOOST_TEST(ended[0].id == first.id);
  BOOST_TEST(ended[1].id == second.id);
  BOOST_TEST((ended[0].state == State::kFailed));
  BOOST_TEST(ended[0].error_code == "deadline_passed");
  const TaskView view = world.View(first);
  BOOST_TEST(view.task.error.find("срок истёк") == 0u);
  BOOST_TEST(view.callback->url == "https://shop.example/failed");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 2u);
  BOOST_TEST((world.View(third).task.state == State::kQueued));
  BOOST_TEST((world.View(patient).task.state == State::kQueued));
}

STORE_TEST(DeadlinesAreSweptInBoundedBatches) {
  for (int i = 0; i < 5; ++i) AcceptUntil(world, std::to_string(i), seconds(1));
  world.Pass(seconds(2));
  BOOST_TEST(world.store().ExpireTasks(world.now(), 3).value().size() == 3u);
  BOOST_TEST(world.store().ExpireTasks(world.now(), 3).value().size() == 2u);
  BOOST_TEST(world.store().ExpireTasks(world.now(), 3).value().empty());
}

STORE_TEST(WhoSendsATaskAgainLiftsItsDeadline) {
  const task::Task failed = AcceptUntil(world, "1", minutes(1));
  world.Pass(minutes(2));
  BOOST_REQUIRE(world.store().ExpireTasks(world.now(), 10).value().size() == 1u);
  BOOST_REQUIRE(world.store().RetryTask(failed.id, "ann", "late is fine", world.now()).ok());
  BOOST_TEST(!world.View(failed).task.deadline_at.has_value());
  BOOST_TEST(world.View(failed).task.error_code == "");
  BOOST_TEST(world.Apply(world.SendOf(failed)));
  BOOST_REQUIRE(world.Apply(world.EndOf(failed, State::kDone)));

  const task::Task unknown = AcceptUntil(world, "2", minutes(1));
  BOOST_REQUIRE(world.Apply(world.SendOf(unknown)));
  BOOST_REQUIRE(world.Apply(world.EndOf(unknown, State::kUnknown)));
  world.Pass(minutes(2));
  BOOST_REQUIRE(
      world.store().SettleTask(unknown.id, false, {}, "ann", "no paper", world.now()).ok());
  BOOST_TEST(!world.View(unknown).task.deadline_at.has_value());
  BOOST_TEST(world.Apply(world.SendOf(unknown)));
}

STORE_TEST(AShopTakesBackWhatWasNotSent) {
  const task::Task task = world.Accept("1");
  const std::int64_t version = world.store().OperatorVersion().value();
  const auto taken = world.store().WithdrawTask(task.id, world.shop, "shop shop-1", world.now());
  BOOST_REQUIRE(taken.ok());
  BOOST_TEST((taken->state == State::kCancelled));
  BOOST_TEST(world.View(task).callback->url == "https://shop.example/failed");
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
  BOOST_TEST(world.store().OperatorVersion().value() == version);
  const auto again = world.store().WithdrawTask(task.id, world.shop, "shop shop-1", world.now());
  BOOST_TEST((again->state == State::kCancelled));
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().size() == 1u);
}

STORE_TEST(WhatWasSentOrIsOverIsNotTakenBack) {
  const task::Task sending = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  BOOST_TEST((world.store().WithdrawTask(sending.id, world.shop, "s", world.now())->state ==
              State::kSending));
  BOOST_REQUIRE(world.Apply(world.EndOf(sending, State::kDone)));
  BOOST_TEST((world.store().WithdrawTask(sending.id, world.shop, "s", world.now())->state ==
              State::kDone));
}

STORE_TEST(WhatIsDoneInPartIsNotTakenBack) {
  task::NewTask posted = world.NewTask("1");
  const task::Task task = world.Accept(posted).value().task;
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Conclusion end = world.EndOf(task, State::kFailed);
  task::CommandResult paid = Done(0);
  paid.type = "bnkCardPayment";
  end.outcome.commands = {paid, Failed(1)};
  end.repeat_because = "the shift was over";
  BOOST_REQUIRE(world.Apply(end));
  BOOST_REQUIRE((world.View(task).task.state == State::kQueued));
  const auto left = world.store().WithdrawTask(task.id, world.shop, "s", world.now());
  BOOST_REQUIRE(left.ok());
  BOOST_TEST((left->state == State::kQueued));
  BOOST_TEST((world.View(task).task.state == State::kQueued));
  // A person may give it up, and the charged card stays in sight.
  BOOST_REQUIRE(world.store().CancelTask(task.id, "ann", "handed back", world.now()).ok());
  BOOST_TEST((world.View(task).task.state == State::kCancelled));
  BOOST_TEST(world.View(task).task.paid_without_receipt);
  BOOST_TEST(world.store().ReadGauges().value().paid_without_receipt == 1);
}

STORE_TEST(AShopTakesBackOnlyItsOwn) {
  const task::ShopKey other = world.store().AddShop(world.NewShop("shop-2")).value();
  const task::Task task = world.Accept("1");
  const auto refused = world.store().WithdrawTask(task.id, other, "shop shop-2", world.now());
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kNotFound));
  BOOST_TEST((world.View(task).task.state == State::kQueued));
}

STORE_TEST(AHintLeavesOutWhatTheCallerHasSeen) {
  const task::Task sale = world.Accept("sale");
  task::NewTask posted = world.NewTask("refund");
  posted.priority = task::Priority::kRefund;
  const task::Task refund = world.Accept(posted).value().task;
  const task::Task next = world.Accept("next");
  const auto head = [&](const LaneHint& hint) {
    const auto found = world.store().HeadOf(world.lane, false, hint).value();
    return found ? found->task.order_id : "";
  };
  BOOST_TEST(head({}) == "refund");
  LaneHint hint;
  hint.after.at(static_cast<std::size_t>(refund.priority)) = refund.seq;
  BOOST_TEST(head(hint) == "sale");
  hint.after.at(static_cast<std::size_t>(sale.priority)) = sale.seq;
  BOOST_TEST(head(hint) == "next");
  hint.after.at(static_cast<std::size_t>(sale.priority)) = next.seq;
  BOOST_TEST(head(hint) == "");
}

STORE_TEST(AHintThatNothingIsAheadPassesWhatIsInFlightAndUnknown) {
  world.AcceptAndEnd("unknown", State::kUnknown, "no answer");
  const task::Task sending = world.Accept("sending");
  BOOST_REQUIRE(world.Apply(world.SendOf(sending)));
  world.Accept("queued");
  LaneHint hint;
  BOOST_TEST(world.store().HeadOf(world.lane, false, hint).value()->task.order_id == "sending");
  hint.nothing_ahead = true;
  BOOST_TEST(world.store().HeadOf(world.lane, false, hint).value()->task.order_id == "queued");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
