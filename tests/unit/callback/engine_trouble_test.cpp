// Full disks, open breakers, stopping, and many dead addresses.
#include "lib/callback/engine.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/callback/world.h"

namespace fiscalgate::callback {

using testing::AllStores;
using testing::InMemory;

namespace {

const std::string kUrl = "https://shop.example/ok";
const http::Answer kTimeOut = NotAnswered(Delivery::kNoAnswer, "time-out");

}  // namespace

BOOST_AUTO_TEST_SUITE(callback_trouble)

BOOST_AUTO_TEST_CASE_TEMPLATE(FullDiskRepeatsTheRecordNotTheDelivery, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  const task::TaskSeq task = world.Post(shop, kUrl);
  world.Post(shop, kUrl);
  world.Run();
  world.store.disk_full = true;
  world.Answer(Answered(200));
  const int before = world.store.records;
  for (int i = 0; i < 30; ++i) world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 1u);
  BOOST_TEST(world.store.records == before + 30);
  BOOST_TEST(world.changes.empty());
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST((world.Callback(task).state == CallbackState::kDelivered));
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(FullDiskStopsNewDeliveriesOfOthersToo, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey a = world.AddShop("A"), b = world.AddShop("B");
  world.Post(a, kUrl);
  world.Run();
  world.store.disk_full = true;
  world.Answer(Answered(200));
  world.Put(b, kUrl);
  world.engine->mailbox().Ring(b);
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 1u);
  world.store.disk_full = false;
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OpenBreakerPutsCallbacksOffWithoutCountingThem, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  for (int i = 0; i < 5; ++i) {
    world.Post(shop, kUrl);
    world.Run();
    world.Answer(kTimeOut);
  }
  BOOST_TEST(world.engine->counters().breakers_open == 1);
  const task::TaskSeq task = world.Post(shop, kUrl);
  world.Run();
  BOOST_TEST(world.sender.count() == 5u);
  const store::Callback put_off = world.Callback(task);
  BOOST_TEST(put_off.attempts == 0);
  BOOST_TEST((put_off.due_at - world.clock.Now()).count() == 30'000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OneProbeGoesAndASuccessLetsTheOthersFollow, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  for (int i = 0; i < 20; ++i) world.Put(shop, kUrl);
  world.engine->mailbox().Ring(shop);
  world.Run();
  while (world.engine->counters().breakers_open == 0) world.Answer(kTimeOut);
  BOOST_TEST(world.sender.count() == 5u);
  world.Pass(seconds(30));
  BOOST_TEST(world.sender.count() == 6u);
  BOOST_TEST(world.sender.open() == 1u);
  world.Answer(kTimeOut);
  BOOST_TEST(world.sender.open() == 0u);
  world.Pass(seconds(60));
  BOOST_TEST(world.sender.count() == 7u);
  world.Answer(Answered(200));
  while (world.engine->counters().delivered < 20) {
    if (world.sender.open() == 0) {
      BOOST_REQUIRE(world.next.has_value());
      world.Pass(*world.next - world.clock.Mono());
    }
    world.sender.AnswerAll("https://", Answered(200));
    world.Run();
  }
  BOOST_TEST(world.engine->counters().breakers_open == 0);
  BOOST_TEST(world.sender.count() == 26u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ShopsOfOneDeadAddressShareItsBreaker, Stores, AllStores) {
  World<Stores> world;
  for (int i = 0; i < 8; ++i) {
    world.Post(world.AddShop("A" + std::to_string(i)), kUrl);
    world.Run();
    if (world.sender.open() > 0) world.Answer(kTimeOut);
  }
  BOOST_TEST(world.sender.count() == 5u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(DeadAddressDoesNotHideTheShopsOther, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  for (int i = 0; i < 40; ++i) world.Put(shop, "https://dead.example/" + std::to_string(i));
  world.Put(shop, "https://live.example/");
  world.engine->mailbox().Ring(shop);
  world.Run();
  for (int i = 0; i < 5; ++i) world.Answer(kTimeOut);
  BOOST_TEST(world.sender.CountTo("https://live.example/") == 1u);
  BOOST_TEST(world.sender.CountTo("https://dead.example/") == 5u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(OperatorsReplayIsTriedAtOnceThoughTheBreakerIsOpen, Stores,
                              AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  const task::TaskSeq task = world.Post(shop, kUrl);
  world.Run();
  world.Answer(Answered(200));
  for (int i = 0; i < 5; ++i) {
    world.Post(shop, kUrl);
    world.Run();
    world.Answer(kTimeOut);
  }
  const std::string id = world.Callback(task).webhook_id;
  BOOST_TEST(world.store.ReplayCallback(id, "op", world.clock.Now()).ok());
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.sender.count() == 7u);
  BOOST_TEST(world.HeaderOf(6, "webhook-id") == id);
}

BOOST_AUTO_TEST_CASE(PuttingOffIsPaced) {
  World<InMemory> world;
  const task::ShopKey shop = world.AddShop("A");
  for (int i = 0; i < 1000; ++i) world.Put(shop, kUrl);
  world.engine->mailbox().Ring(shop);
  world.Run();
  while (world.sender.open() > 0) world.Answer(kTimeOut);
  std::size_t moved = 0;
  const auto pending = world.store.ListCallbacks(CallbackState::kPending, 2000);
  for (const store::Callback& callback : pending.value()) {
    moved += callback.attempts == 0 && callback.due_at > world.clock.Now() ? 1 : 0;
  }
  BOOST_TEST(moved == base::kMaxMovesPerSecond);
  BOOST_REQUIRE(world.next.has_value());
  BOOST_TEST((*world.next > world.clock.Mono()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(StopBeginsNothingAndRecordsWhatComes, Stores, AllStores) {
  World<Stores> world;
  const task::ShopKey shop = world.AddShop("A");
  const task::TaskSeq task = world.Post(shop, kUrl);
  world.Run();
  world.Put(shop, kUrl);
  world.engine->mailbox().AskStop();
  world.Run();
  BOOST_TEST(!world.engine->finished());
  world.Answer(Answered(200));
  BOOST_TEST(world.engine->finished());
  BOOST_TEST((world.Callback(task).state == CallbackState::kDelivered));
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(StopGivesUpAfterItsGrace, Stores, AllStores) {
  World<Stores> world;
  const task::TaskSeq task = world.Post(world.AddShop("A"), kUrl);
  world.Run();
  world.engine->mailbox().AskStop();
  world.Run();
  world.Pass(world.options.grace);
  BOOST_TEST(world.engine->finished());
  BOOST_TEST((world.Callback(task).state == CallbackState::kPending));
  world.engine.reset();
  world.sender.AnswerLast(Answered(200));
}

BOOST_AUTO_TEST_CASE(ThousandDeadAddressesSlowNobodyElseDown) {
  World<InMemory> world;
  const task::ShopKey live = world.AddShop("live");
  world.Post(live, "https://live.example/");
  world.Run();
  world.Answer(Answered(200));
  for (int i = 0; i < 1000; ++i) {
    const task::ShopKey shop = world.finisher.AddShop("dead" + std::to_string(i));
    world.Post(shop, "https://dead" + std::to_string(i) + ".example/");
  }
  world.Reload();
  world.Run();
  BOOST_TEST(world.sender.open() == base::kMaxUnprovenCallbacks);
  int live_delivered = 0;
  // The dead end only by their time-out; a live callback goes at once all the same.
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 10; ++i) {
      world.Post(live, "https://live.example/");
      world.Run();
      ++live_delivered;
      BOOST_REQUIRE(world.sender.CountTo("https://live") ==
                    static_cast<std::size_t>(live_delivered + 1));
      world.sender.AnswerAll("https://live", Answered(200));
      world.Run();
    }
    world.sender.AnswerAll("https://dead", kTimeOut);
    world.Pass(seconds(15));
  }
  BOOST_TEST(world.engine->counters().delivered == live_delivered + 1);
}

BOOST_AUTO_TEST_CASE(NewShopDoesNotWaitForTheDead) {
  World<InMemory> world;
  for (int i = 0; i < 1000; ++i) {
    const task::ShopKey shop = world.finisher.AddShop("dead" + std::to_string(i));
    world.Post(shop, "https://dead" + std::to_string(i) + ".example/");
  }
  world.Reload();
  world.Run();
  while (world.sender.open() > 0) {  // each has failed once
    world.sender.AnswerAll("https://dead", kTimeOut);
    world.Run();
  }
  world.Pass(minutes(1));
  BOOST_TEST(world.sender.open() == base::kMaxSuspectCallbacks);
  world.Post(world.AddShop("new"), "https://new.example/");
  world.engine->Turn();
  BOOST_TEST(world.sender.CountTo("https://new.example/") == 1u);
}

BOOST_AUTO_TEST_CASE(ShopsThatWaitAreNotLookedAt) {
  World<InMemory> world;
  for (int i = 0; i < 500; ++i) {
    const task::ShopKey shop = world.finisher.AddShop("dead" + std::to_string(i));
    world.Post(shop, "https://dead" + std::to_string(i) + ".example/");
  }
  world.Reload();
  world.Run();
  while (world.sender.open() > 0) {
    world.sender.AnswerAll("https://dead", kTimeOut);
    world.Run();
  }
  const int read = world.store.due_read;
  world.Post(world.AddShop("live"), "https://live.example/");
  world.Run();
  BOOST_TEST(world.store.due_read - read <= 2);
}

BOOST_AUTO_TEST_CASE(JumpOfTheWallClockIsNoticedInAnHour) {
  World<InMemory> world;
  world.Post(world.AddShop("A"), kUrl);
  world.Run();
  for (int i = 0; i < 6; ++i) {
    world.Answer(Answered(500));
    while (world.sender.open() == 0) world.Pass(*world.next - world.clock.Mono());
  }
  world.Answer(Answered(500));
  world.clock.JumpWall(hours(24));
  const std::size_t before = world.sender.count();
  world.Pass(hours(1));
  BOOST_TEST(world.sender.count() == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
