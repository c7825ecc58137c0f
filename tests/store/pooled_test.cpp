// A store on PostgreSQL behind PgBouncer in transaction mode: nothing of a connection outlives a
// transaction, and the pooler may die as well. The tests that every engine must pass run there too,
// with FISCALGATE_TEST_ENGINE=pooled.
#include <thread>

#include "tests/store/orders.h"
#include "tests/store/pooler.h"
#include "tests/store/postgres_proxy.h"

namespace fiscalgate::store::testing {
namespace {

using base::Code;
using base::Retry;
using Plan = PostgresProxy::Plan;

boost::test_tools::assertion_result Installed(boost::unit_test::test_unit_id) {
  return PostgresServer::IsInstalled() && Pooler::IsInstalled();
}

struct Behind {  // a store behind a line that can be cut, and a pooler
  World world{"pooled"};
  PostgresProxy proxy{Pooler::Shared().folder()};
  std::unique_ptr<Store> store = OpenStore(proxy.Url(DatabaseOf(world.url())) + "?pooled=1");
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_pooled, *boost::unit_test::precondition(Installed))

BOOST_AUTO_TEST_CASE(OurOwnWordIsTakenOutOfTheUrl) {
  const auto pooled = [](const std::string& words) {
    const auto address = Address::Parse("postgresql://me@host/db" + words);
    BOOST_REQUIRE_MESSAGE(address.ok(), words);
    for (const auto& word : address->words()) BOOST_TEST(word.first != "pooled");
    return address->pooled();
  };
  BOOST_TEST(!pooled(""));
  BOOST_TEST(!pooled("?pooled=0"));
  BOOST_TEST(!pooled("?sslmode=disable"));
  BOOST_TEST(pooled("?pooled=1"));
  BOOST_TEST(pooled("?pooled=1&sslmode=disable"));
  BOOST_TEST(pooled("?sslmode=disable&pooled=1"));
  BOOST_TEST(pooled("?sslmode=disable&pooled=1&connect_timeout=2"));
  for (const char* bad : {"?pooled=yes", "?pooled=", "?pooled=11"}) {
    const auto address = Address::Parse("postgresql://me:secret@host/db" + std::string(bad));
    BOOST_REQUIRE(!address.ok());
    BOOST_TEST((address.error().code == Code::kMalformed));
    BOOST_TEST(address.error().what.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(SettingsHoldForATransactionAndForNobodyElse) {
  const World world("pooled");
  postgres::Settings hasty;
  hasty.statement_timeout = std::chrono::milliseconds(50);
  const auto connection = Open(world.url(), Access::kWrite, hasty);
  BOOST_REQUIRE(connection->Begin().ok());
  const auto slow = connection->Run("SELECT pg_sleep(2)");
  BOOST_REQUIRE(!slow.ok());
  BOOST_TEST((slow.error().code == Code::kUnavailable));
  connection->Rollback();
  // Whoever gets that connection to the server next has what the server gives to everybody.
  std::string timeout;
  BOOST_REQUIRE(
      Open(world.url(), Access::kRead)
          ->Run("SHOW statement_timeout", {}, [&](const Row& row) { timeout = row.Text(0); })
          .ok());
  BOOST_TEST(timeout == "0");
}

BOOST_AUTO_TEST_CASE(MoreConnectionsThanTheServerHasTakeTurns) {
  World world("pooled");
  std::vector<std::unique_ptr<Store>> stores;
  for (int i = 0; i < 4; ++i) stores.push_back(world.OpenAnother());
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (std::size_t i = 0; i < stores.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) {
        const std::string order = std::to_string(i) + "-" + std::to_string(n);
        if (!World::AcceptBy(*stores[i], world.NewTask(order)).ok()) ++failed;
        if (!stores[i]->ListTasks({}).ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(failed == 0);
  BOOST_TEST(CountTasks(world.store()) == 200u);
}

BOOST_AUTO_TEST_CASE(ACommitWhoseAnswerIsLostIsFoundDone) {
  Behind behind;
  for (const char* order : {"1", "2"}) {
    behind.proxy.Set(Plan::kCutAfterCommit);
    const auto accepted = World::AcceptBy(*behind.store, behind.world.NewTask(order));
    BOOST_REQUIRE(accepted.ok());
    BOOST_TEST((accepted->what == Acceptance::kCreated));
  }
  BOOST_TEST(behind.proxy.cuts() == 2);
  BOOST_TEST(CountTasks(behind.world.store()) == 2u);
}

BOOST_AUTO_TEST_CASE(ACommitThatNeverArrivedIsRefusedAndLeavesNothing) {
  Behind behind;
  behind.proxy.Set(Plan::kCutBeforeCommit);
  const auto refused = World::AcceptBy(*behind.store, behind.world.NewTask("1"));
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kUnavailable));
  BOOST_TEST((refused.error().retry == Retry::kLater));
  BOOST_TEST(CountTasks(behind.world.store()) == 0u);
  BOOST_TEST(World::AcceptBy(*behind.store, behind.world.NewTask("1")).ok());
}

BOOST_AUTO_TEST_CASE(APoolerThatIsKilledUnderLoadLosesNothingAndKeepsNothingRefused) {
  World world("pooled");
  const std::string database = DatabaseOf(world.url());
  Pooler pooler(PostgresServer::Shared().folder());
  pooler.Start(database);
  const std::unique_ptr<Store> store = OpenStore(pooler.Url(database));
  Orders orders(world);
  std::atomic<bool> stop{false};
  std::thread posting([&] {
    for (int i = 0; !stop; ++i) {
      orders.WaitForRoom();
      orders.Post(*store, std::to_string(i));
    }
  });
  for (int round = 0; round < 5; ++round) {
    orders.WaitForAcknowledged(40 + orders.acknowledged());
    pooler.Kill();
    pooler.Start(database);
  }
  orders.WaitForAcknowledged(orders.acknowledged() + 10);
  stop = true;
  posting.join();
  orders.WaitForAll();
  BOOST_TEST(orders.acknowledged() > 100u);
  orders.CheckExactly(world.url());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
