#include "tests/store/world.h"

namespace fiscalgate::store::testing {

BOOST_AUTO_TEST_SUITE(store_accept)

STORE_TEST(ANewOrderBecomesAQueuedTask) {
  const task::NewTask posted = world.NewTask("100");
  const Accepted accepted = world.Accept(posted).value();
  BOOST_TEST((accepted.what == Acceptance::kCreated));
  BOOST_TEST(accepted.task.id == posted.id);
  BOOST_TEST(accepted.task.seq > 0);

  const TaskView view = world.View(accepted.task);
  BOOST_TEST((view.task.state == task::State::kQueued));
  BOOST_TEST(view.task.order_id == "100");
  BOOST_TEST(view.task.shop == world.shop);
  BOOST_TEST(view.task.register_key == world.lane);
  BOOST_TEST(view.task.attempts == 0);
  BOOST_TEST((view.task.accepted_at == posted.accepted_at));
  BOOST_TEST(view.package.commands == posted.package.commands);
  BOOST_TEST(view.package.callback_success == posted.package.callback_success);
  BOOST_TEST(view.package.callback_failed == posted.package.callback_failed);
  BOOST_TEST(view.package.prog_url == posted.package.prog_url);
}

STORE_TEST(SameOrderTwiceReturnsTheSameTask) {
  const task::Task first = world.Accept("100");
  const Accepted again = world.Accept(world.NewTask("100")).value();
  BOOST_TEST((again.what == Acceptance::kSame));
  BOOST_TEST(again.task.id == first.id);
  BOOST_TEST(again.task.seq == first.seq);
}

STORE_TEST(SameOrderTwiceShowsWhatBecameOfIt) {
  const task::Task failed = world.AcceptAndEnd("100", task::State::kFailed, "paper out");
  const Accepted again = world.Accept(world.NewTask("100")).value();
  BOOST_TEST((again.what == Acceptance::kSame));
  BOOST_TEST((again.task.state == task::State::kFailed));
  BOOST_TEST(again.task.error == "paper out");
  BOOST_TEST(again.task.id == failed.id);
}

STORE_TEST(SameOrderWithOtherContentIsAConflictAndStoresNothing) {
  const task::Task first = world.Accept("100");
  task::NewTask other = world.NewTask("100");
  other.content_hash[31] = 'x';  // after a zero byte: hashes are bytes, not text
  other.package.commands = "[]";
  const Accepted refused = world.Accept(other).value();
  BOOST_TEST((refused.what == Acceptance::kConflict));
  BOOST_TEST(refused.task.id == first.id);
  BOOST_TEST(world.View(first).package.commands != "[]");
  BOOST_TEST(!world.store().FindTask(other.id).value().has_value());
  BOOST_TEST(world.store().ListTasks({}).value().size() == 1u);
}

STORE_TEST(AnOrderNumberBelongsToItsShop) {
  const task::ShopKey other_shop = world.store().AddShop(world.NewShop("shop-2")).value();
  const task::Task first = world.Accept("100");
  task::NewTask posted = world.NewTask("100");
  posted.shop = other_shop;
  const Accepted second = world.Accept(posted).value();
  BOOST_TEST((second.what == Acceptance::kCreated));
  BOOST_TEST(second.task.id != first.id);
}

STORE_TEST(AnIdThatIsTakenIsAnErrorAndHarmsNoOther) {
  const task::Task first = world.Accept("100");
  task::NewTask same_id = world.NewTask("200");
  same_id.id = first.id;
  BOOST_TEST((world.Accept(same_id).error().code == base::Code::kInternal));
  world.Accept("300");
  BOOST_TEST(world.store().ListTasks({}).value().size() == 2u);
}

STORE_TEST(TextThatIsNotAsciiAndEmptyTextComeBackAsTheyWere) {
  task::NewTask posted = world.NewTask("заказ №1");
  posted.package.callback_success.clear();
  posted.package.commands = "[{\"name\":\"Чек\"}]";
  const task::Task task = world.Accept(posted).value().task;
  const TaskView view = world.View(task);
  BOOST_TEST(view.task.order_id == "заказ №1");
  BOOST_TEST(view.package.callback_success == "");
  BOOST_TEST(view.package.commands == posted.package.commands);
}

LASTING_STORE_TEST(WhatWasAcceptedIsThereAfterReopening) {
  const task::Task task = world.Accept("100");
  world.Reopen();
  BOOST_TEST(world.View(task).task.order_id == "100");
  BOOST_TEST((world.Accept(world.NewTask("100")).value().what == Acceptance::kSame));
}

STORE_TEST(TasksAreNumberedInTheOrderTheyCame) {
  const task::Task first = world.Accept("b");
  const task::Task second = world.Accept("a");
  BOOST_TEST(first.seq < second.seq);
}

STORE_TEST(AStoppedStoreTakesNothing) {
  world.store().Stop();
  const bool taken = world.store().Accept(world.NewTask("100"), [](Result<Accepted>) {
    BOOST_ERROR("what was not taken must not be answered");
  });
  BOOST_TEST(!taken);
  BOOST_TEST((world.store().Probe().error().code == base::Code::kUnavailable));
  BOOST_TEST((world.store().Probe().error().retry == base::Retry::kLater));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
