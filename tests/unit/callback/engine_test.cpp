#include "lib/callback/engine.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/callback/world.h"

namespace fiscalgate::callback {

using testing::AllStores;

namespace {

const std::string kUrl = "https://shop.example/ok";

}  // namespace

BOOST_AUTO_TEST_SUITE(callback_engine)

BOOST_AUTO_TEST_CASE_TEMPLATE(CallbackIsDeliveredInTheSameTurn, Stores, AllStores) {
  World<Stores> world;
  const task::TaskSeq task = world.Post(world.AddShop("A"), kUrl);
  world.engine->Turn();
  BOOST_REQUIRE(world.sender.count() == 1u);
  BOOST_TEST(world.sender.at(0).request.url == kUrl);
  BOOST_TEST(world.sender.at(0).request.body == world.Callback(task).body);
  world.Answer(Answered(200));
  const store::Callback callback = world.Callback(task);
  BOOST_TEST((callback.state == CallbackState::kDelivered));
  BOOST_TEST(callback.attempts == 1);
  BOOST_TEST(callback.last_status == 200);
  BOOST_TEST(world.changes == std::vector<task::TaskSeq>{task});
  BOOST_TEST(world.engine->counters().delivered == 1);
  BOOST_TEST(!world.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FailedCallbackFollowsItsScheduleUntilItIsDead, Stores, AllStores) {
  World<Stores> world;
  const task::TaskSeq task = world.Post(world.AddShop("A"), kUrl);
  world.Run();
  std::size_t tries = 1;
  const base::WallTime begin = world.clock.Now();
  while (world.next || world.sender.open() > 0) {
    BOOST_REQUIRE(tries < 100u);
    if (world.sender.open() > 0) world.Answer(Answered(500, "oops"));
    if (!world.next) break;
    world.Pass(*world.next - world.clock.Mono());
    tries = world.sender.count();
  }
  const store::Callback callback = world.Callback(task);
  BOOST_TEST((callback.state == CallbackState::kDead));
  BOOST_TEST(callback.attempts == 11);
  BOOST_TEST(tries == 11u);
  BOOST_TEST(callback.last_error == "oops");
  BOOST_TEST(world.engine->counters().dead == 1);
  BOOST_TEST(world.engine->counters().failed_tries == 11);
  const auto took = std::chrono::duration_cast<hours>(world.clock.Now() - begin);
  BOOST_TEST(took.count() >= 75);
  BOOST_TEST(took.count() < 80);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AllTriesCarryTheSameIdAndTheirOwnTime, Stores, AllStores) {
  World<Stores> world;
  world.Post(world.AddShop("A"), kUrl);
  world.Run();
  world.Answer(Answered(500));
  world.Pass(seconds(10));
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.HeaderOf(0, "webhook-id") == world.HeaderOf(1, "webhook-id"));
  BOOST_TEST(world.HeaderOf(0, "webhook-timestamp") != world.HeaderOf(1, "webhook-timestamp"));
  BOOST_TEST(world.HeaderOf(0, "webhook-signature") != world.HeaderOf(1, "webhook-signature"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(DeliveryWhoseRecordWasLostIsRepeatedWithTheSameId, Stores,
                              AllStores) {
  World<Stores> world;
  world.Post(world.AddShop("A"), kUrl);
  world.Run();
  world.Restart();  // the answer is never recorded
  world.Run();
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.HeaderOf(0, "webhook-id") == world.HeaderOf(1, "webhook-id"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PendingCallbacksAreFoundAfterARestart, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  world.Post(shop, kUrl);
  world.Run();
  world.Answer(Answered(500));
  world.Restart();
  world.Run();
  BOOST_TEST(world.sender.count() == 1u);
  world.Pass(seconds(10));
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ReplayedCallbackIsFoundByARescan, Stores, AllStores) {
  World<Stores> world;
  const task::TaskSeq task = world.Post(world.AddShop("A"), kUrl);
  world.Run();
  world.Answer(Answered(200));
  const std::string id = world.Callback(task).webhook_id;
  BOOST_TEST(world.store.ReplayCallback(id, "op", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_REQUIRE(world.sender.count() == 2u);
  BOOST_TEST(world.HeaderOf(1, "webhook-id") == id);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ShopHasAtMostTwoDeliveriesAtOnce, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  for (int i = 0; i < 20; ++i) world.Post(shop, kUrl);
  world.Run();
  BOOST_TEST(world.sender.open() == 1u);  // not yet proven
  world.Answer(Answered(200));
  std::size_t most = 0;
  while (world.sender.open() > 0) {
    most = std::max(most, world.sender.open());
    world.sender.AnswerAll("https://", Answered(200));
    world.Run();
  }
  BOOST_TEST(most == base::kMaxCallbacksInFlightPerShop);
  BOOST_TEST(world.engine->counters().delivered == 20);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(NoCallbackIsDeliveredTwiceAtOnce, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  world.Post(shop, kUrl);
  world.Run();
  world.Answer(Answered(200));
  world.Post(shop, kUrl);
  for (int i = 0; i < 5; ++i) {
    world.engine->mailbox().Ring(shop);
    world.engine->mailbox().AskRescan();
    world.Pass(seconds(1));
  }
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AddressThatCannotBeReadFailsLikeAnyOther, Stores, AllStores) {
  World<Stores> world;
  const task::TaskSeq task = world.Post(world.AddShop("A"), "not an address");
  world.Run();
  const store::Callback callback = world.Callback(task);
  BOOST_TEST((callback.state == CallbackState::kPending));
  BOOST_TEST(callback.attempts == 1);
  BOOST_TEST(!callback.last_error.empty());
  BOOST_TEST(world.sender.count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ShopThatIsNotYetInTheDirectoryIsWaitedFor, Stores, AllStores) {
  World<Stores> world;
  const auto before = world.directory;
  const task::ShopKey shop = world.AddShop("A");
  const auto after = world.directory;
  world.directory = before;
  world.Post(shop, kUrl);
  world.Run();
  BOOST_TEST(world.sender.count() == 0u);
  world.directory = after;
  world.Pass(seconds(5));
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(SendingFollowsTheOptions, Stores, AllStores) {
  World<Stores> world;
  world.options.guard = std::make_shared<const http::AddressGuard>();
  world.options.allow_plain_http = false;
  world.Restart();
  world.Post(world.AddShop("A"), kUrl);
  world.Run();
  const http::SendOptions options = world.sender.at(0).options;
  BOOST_TEST((options.guard == world.options.guard));
  BOOST_TEST(!options.allow_plain_http);
  BOOST_TEST(options.total_timeout.count() == 15'000);
  BOOST_TEST(options.max_answer_bytes == base::kMaxCallbackAnswerBytes);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
