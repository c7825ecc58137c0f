#include "tests/store/world.h"

namespace fiscalgate::store::testing {

using task::State;

namespace {

Callback OnlyDue(World& world) {
  const std::vector<Callback> due = world.store().DueCallbacks(world.shop, world.now(), 10).value();
  BOOST_REQUIRE_EQUAL(due.size(), 1u);
  return due[0];
}

Delivered TryOf(const World& world, const Callback& callback, CallbackState state) {
  Delivered tried;
  tried.key = callback.key;
  tried.attempts = callback.attempts;
  tried.state = state;
  tried.due_at = world.now() + std::chrono::seconds(10);
  tried.status = state == CallbackState::kDelivered ? 200 : 500;
  tried.error = state == CallbackState::kDelivered ? "" : "oops";
  tried.at = world.now();
  return tried;
}

Callback AfterTry(World& world, const std::string& order, CallbackState state) {
  const task::Task task = world.AcceptAndEnd(order, State::kDone);
  const Callback callback = *world.View(task).callback;
  BOOST_REQUIRE(world.store().RecordDeliveries({TryOf(world, callback, state)}).ok());
  return *world.View(task).callback;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_callbacks)

STORE_TEST(ACallbackIsDueAtOnce) {
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  const Callback callback = OnlyDue(world);
  BOOST_TEST(callback.task == task.seq);
  BOOST_TEST(callback.task_id == task.id);
  BOOST_TEST(callback.order_id == "1");
  BOOST_TEST(callback.shop == world.shop);
  BOOST_TEST(callback.attempts == 0);
  BOOST_TEST((world.store().NextCallbackDue(world.shop).value() == callback.due_at));
  const auto shops = world.store().ShopsWithCallbacks().value();
  BOOST_REQUIRE(shops.size() == 1u);
  BOOST_TEST(shops[0].first == world.shop);
  BOOST_TEST((shops[0].second == callback.due_at));
}

STORE_TEST(AFailedTryIsDueAgainLater) {
  world.AcceptAndEnd("1", State::kDone);
  const Callback first = OnlyDue(world);
  BOOST_REQUIRE(
      world.store().RecordDeliveries({TryOf(world, first, CallbackState::kPending)}).ok());
  BOOST_TEST(world.store().DueCallbacks(world.shop, world.now(), 10).value().empty());
  world.Pass(std::chrono::seconds(10));
  const Callback second = OnlyDue(world);
  BOOST_TEST(second.attempts == 1);
  BOOST_TEST(second.last_status == 500);
  BOOST_TEST(second.last_error == "oops");
  BOOST_TEST(second.webhook_id == first.webhook_id);
  BOOST_TEST(second.body == first.body);
}

STORE_TEST(ADeliveredCallbackIsNotDueAgain) {
  const Callback callback = AfterTry(world, "1", CallbackState::kDelivered);
  BOOST_TEST((callback.state == CallbackState::kDelivered));
  BOOST_TEST(callback.attempts == 1);
  world.Pass(std::chrono::hours(100));
  BOOST_TEST(world.store().DueCallbacks(world.shop, world.now(), 10).value().empty());
  BOOST_TEST(!world.store().NextCallbackDue(world.shop).value().has_value());
  BOOST_TEST(world.store().ShopsWithCallbacks().value().empty());
}

STORE_TEST(ACallbackThatWasNotTriedOnlyMoves) {
  world.AcceptAndEnd("1", State::kDone);
  Delivered moved = TryOf(world, OnlyDue(world), CallbackState::kPending);
  moved.counted = false;
  BOOST_REQUIRE(world.store().RecordDeliveries({moved}).ok());
  BOOST_TEST(world.store().DueCallbacks(world.shop, world.now(), 10).value().empty());
  world.Pass(std::chrono::seconds(10));
  const Callback callback = OnlyDue(world);
  BOOST_TEST(callback.attempts == 0);
  BOOST_TEST(callback.last_status == 0);
  BOOST_TEST(callback.last_error == "");
}

STORE_TEST(ATryThatAReplayOvertookIsDropped) {
  const Callback dead = AfterTry(world, "1", CallbackState::kDead);
  BOOST_REQUIRE(world.store().ReplayCallback(dead.webhook_id, "ann", world.now()).ok());
  Delivered late = TryOf(world, dead, CallbackState::kDead);  // expects one attempt before it
  BOOST_REQUIRE(world.store().RecordDeliveries({late}).ok());
  late.counted = false;
  BOOST_REQUIRE(world.store().RecordDeliveries({late}).ok());
  const Callback callback = OnlyDue(world);
  BOOST_TEST((callback.state == CallbackState::kPending));
  BOOST_TEST(callback.attempts == 0);
}

STORE_TEST(DueCallbacksComeInOrderAndBounded) {
  world.AcceptAndEnd("1", State::kDone);
  world.Pass(std::chrono::seconds(1));
  world.AcceptAndEnd("2", State::kDone);
  world.AcceptAndEnd("3", State::kDone);
  const std::vector<Callback> two = world.store().DueCallbacks(world.shop, world.now(), 2).value();
  BOOST_REQUIRE(two.size() == 2u);
  BOOST_TEST(two[0].order_id == "1");
  BOOST_TEST(two[1].order_id == "2");
}

STORE_TEST(ShopsDoNotSeeEachOthersCallbacks) {
  world.AcceptAndEnd("1", State::kDone);
  const task::ShopKey other = world.store().AddShop(world.NewShop("shop-2")).value();
  BOOST_TEST(world.store().DueCallbacks(other, world.now(), 10).value().empty());
  BOOST_TEST(!world.store().NextCallbackDue(other).value().has_value());
}

STORE_TEST(ALongAnswerIsKeptInPart) {
  world.AcceptAndEnd("1", State::kDone);
  Delivered tried = TryOf(world, OnlyDue(world), CallbackState::kDead);
  tried.error = std::string(10'000, 'x');
  BOOST_REQUIRE(world.store().RecordDeliveries({tried}).ok());
  const std::vector<Callback> dead = world.store().ListCallbacks(CallbackState::kDead, 10).value();
  BOOST_TEST(dead.at(0).last_error.size() == 2048u);
}

STORE_TEST(AReplayStartsFromTheFirstAttempt) {
  for (const CallbackState state : {CallbackState::kDead, CallbackState::kDelivered}) {
    const Callback over = AfterTry(world, std::string(CallbackStateName(state)), state);
    const std::int64_t version = world.store().OperatorVersion().value();
    BOOST_TEST(world.store().ReplayCallback(over.webhook_id, "ann", world.now()).ok());
    BOOST_TEST(world.store().OperatorVersion().value() > version);
    const Callback again = OnlyDue(world);
    BOOST_TEST(again.key == over.key);
    BOOST_TEST(again.webhook_id == over.webhook_id);
    BOOST_TEST(again.attempts == 0);
    BOOST_REQUIRE(
        world.store().RecordDeliveries({TryOf(world, again, CallbackState::kDelivered)}).ok());
  }
}

STORE_TEST(AReplayOfAPendingCallbackIsDueNow) {
  world.AcceptAndEnd("1", State::kDone);
  Delivered tried = TryOf(world, OnlyDue(world), CallbackState::kPending);
  tried.due_at = world.now() + std::chrono::hours(10);
  BOOST_REQUIRE(world.store().RecordDeliveries({tried}).ok());
  const std::string id =
      world.store().ListCallbacks(CallbackState::kPending, 1).value().at(0).webhook_id;
  BOOST_REQUIRE(world.store().ReplayCallback(id, "ann", world.now()).ok());
  BOOST_TEST(OnlyDue(world).attempts == 0);
}

STORE_TEST(AnUnknownCallbackIsNotReplayed) {
  const std::int64_t version = world.store().OperatorVersion().value();
  BOOST_TEST((world.store().ReplayCallback("none", "ann", world.now()).error().code ==
              base::Code::kNotFound));
  BOOST_TEST(world.store().OperatorVersion().value() == version);
}

STORE_TEST(AllDeadCallbacksOfAShopAreReplayedAtOnce) {
  AfterTry(world, "1", CallbackState::kDead);
  AfterTry(world, "2", CallbackState::kDead);
  AfterTry(world, "3", CallbackState::kDelivered);
  const task::ShopKey other = world.store().AddShop(world.NewShop("shop-2")).value();
  BOOST_TEST(world.store().ReplayDeadCallbacks(other, "ann", world.now()).value() == 0);
  BOOST_TEST(world.store().ReplayDeadCallbacks(world.shop, "ann", world.now()).value() == 2);
  BOOST_TEST(world.store().DueCallbacks(world.shop, world.now(), 10).value().size() == 2u);
  BOOST_TEST(world.store().ReplayDeadCallbacks(world.shop, "ann", world.now()).value() == 0);
}

STORE_TEST(ACallbackIsFoundByItsId) {
  const task::Task task = world.AcceptAndEnd("1", State::kDone);
  const Callback callback = *world.View(task).callback;
  const Callback found = world.store().FindCallback(callback.webhook_id).value().value();
  BOOST_TEST(found.key == callback.key);
  BOOST_TEST(found.body == callback.body);
  BOOST_TEST(found.order_id == "1");
  BOOST_TEST(!world.store().FindCallback("none").value().has_value());
}

STORE_TEST(CallbacksAreListedNewestFirstByState) {
  AfterTry(world, "1", CallbackState::kDead);
  AfterTry(world, "2", CallbackState::kDelivered);
  AfterTry(world, "3", CallbackState::kDead);
  const std::vector<Callback> all = world.store().ListCallbacks(std::nullopt, 10).value();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0].order_id == "3");
  const std::vector<Callback> dead = world.store().ListCallbacks(CallbackState::kDead, 10).value();
  BOOST_TEST(dead.size() == 2u);
  BOOST_TEST(world.store().ListCallbacks(std::nullopt, 1).value().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
