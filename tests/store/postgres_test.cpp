// What only a store on PostgreSQL can meet: a server that goes away, a commit whose answer is lost,
// other writers in the way.
#include <csignal>
#include <thread>

#include "tests/store/orders.h"
#include "tests/store/postgres_proxy.h"
#include "tests/store/postgres_server.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {
namespace {

using base::Code;
using base::Retry;
using Plan = PostgresProxy::Plan;
using std::chrono::milliseconds;

// Boost.Test's condition for a case: said loudly by Engines() when it does not hold.
boost::test_tools::assertion_result Installed(boost::unit_test::test_unit_id) {
  return PostgresServer::IsInstalled();
}

struct Behind {  // a store behind a proxy
  World world{"postgresql"};
  PostgresProxy proxy{PostgresServer::Shared().folder()};
  std::string database = DatabaseOf(world.url());
  std::unique_ptr<Store> store = OpenStore(proxy.Url(database));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_postgres, *boost::unit_test::precondition(Installed))

BOOST_AUTO_TEST_CASE(AUrlThatCannotBeReadIsRefusedWithoutItsText) {
  for (const char* url :
       {"postgresql://user:topsecret@[::1/db", "postgresql://user:topsecret@host/db?unknown=1",
        "postgresql://user:topsecret%ZZ@host/db"}) {
    const auto address = Address::Parse(url);
    BOOST_REQUIRE(!address.ok());
    BOOST_TEST((address.error().code == Code::kMalformed));
    BOOST_TEST(address.error().what.find("topsecret") == std::string::npos);
    BOOST_TEST(!Store::CheckUrl(url).ok());
  }
  const auto good = Address::Parse("postgresql://user:top%2Fsecret@a:1,b:2/db?sslmode=disable");
  BOOST_REQUIRE(good.ok());
  BOOST_TEST(good->shown() == "a,b:1,2/db");
  BOOST_TEST(good->Clean("x top/secret y top%2Fsecret\n") == "x *** y ***");
}

BOOST_AUTO_TEST_CASE(AWrongPasswordIsToldWithoutIt) {
  const PostgresServer& server = PostgresServer::Shared();
  server.Run("template1", "CREATE ROLE guarded LOGIN PASSWORD 'the-right-one'");
  std::string url = server.Url("template1");
  url.replace(url.find("fiscalgate@"), 11, "guarded:not-the-right-one@");
  const auto opened = postgres::Connect(Address::Parse(url).value(), Access::kRead);
  BOOST_REQUIRE(!opened.ok());
  BOOST_TEST((opened.error().code == Code::kUnavailable));
  BOOST_TEST(opened.error().what.find("guarded") != std::string::npos);
  BOOST_TEST(opened.error().what.find("right-one") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(ATextWithANulByteIsRefusedAlone) {
  World world("postgresql");
  task::NewTask task = world.NewTask(std::string("a\0b", 3));
  const Result<Accepted> refused = world.Accept(task);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kInvalid));
  BOOST_TEST(refused.error().what.find("NUL") != std::string::npos);
  BOOST_TEST(world.Accept(world.NewTask("a\xC3\x28")).error().what.find("text") !=
             std::string::npos);
  BOOST_TEST(world.Accept(world.NewTask("good")).ok());
  BOOST_TEST(CountTasks(world.store()) == 1u);
}

BOOST_AUTO_TEST_CASE(FailuresOfTheServerHaveTheirCodes) {
  const std::string url = PostgresServer::Shared().NewDatabase();
  postgres::Settings hasty;
  hasty.statement_timeout = milliseconds(50);
  hasty.lock_timeout = milliseconds(20);
  const auto first = Open(url, Access::kWrite, hasty);
  const auto second = Open(url, Access::kRead, hasty);
  const auto code = [](Connection& connection, std::string_view sql) {
    const auto done = connection.Run(sql);
    connection.Rollback();
    return done.ok() ? Code::kInternal : done.error().code;
  };
  BOOST_TEST((code(*first, "INSERT INTO meta (name) VALUES ('probe')") == Code::kConflict));
  BOOST_TEST((code(*first, "INSERT INTO meta (name) VALUES (NULL)") == Code::kConflict));
  BOOST_TEST((code(*first, "SELECT pg_sleep(2)") == Code::kUnavailable));
  BOOST_TEST((code(*second, "SELECT pg_sleep(2)") == Code::kTimeout));
  BOOST_REQUIRE(first->Begin().ok());
  BOOST_REQUIRE(first->Run("LOCK TABLE meta").ok());
  BOOST_TEST((code(*second, "SELECT value FROM meta") == Code::kUnavailable));
  first->Rollback();
  BOOST_TEST(second->Run("SELECT value FROM meta").ok());
}

BOOST_AUTO_TEST_CASE(OfTwoThatBlockEachOtherOneMayRunAgainAtOnce) {
  const std::string url = PostgresServer::Shared().NewDatabase();
  const auto first = Open(url, Access::kWrite), second = Open(url, Access::kWrite);
  constexpr std::string_view kProbe = "UPDATE meta SET value = 1 WHERE name = 'probe'";
  constexpr std::string_view kVersion = "UPDATE meta SET value = 1 WHERE name = 'operator_version'";
  BOOST_REQUIRE(first->Begin().ok());
  BOOST_REQUIRE(second->Begin().ok());
  BOOST_REQUIRE(first->Run(kProbe).ok());
  BOOST_REQUIRE(second->Run(kVersion).ok());
  Result<std::int64_t> of_first = std::int64_t{0};
  std::thread thread([&] { of_first = first->Run(kVersion); });
  const Result<std::int64_t> of_second = second->Run(kProbe);
  if (!of_second.ok()) second->Rollback();
  thread.join();
  BOOST_REQUIRE(of_first.ok() != of_second.ok());
  const base::Error& error = of_first.ok() ? of_second.error() : of_first.error();
  BOOST_TEST((error.code == Code::kUnavailable));
  BOOST_TEST((error.retry == Retry::kAtOnce));
}

BOOST_AUTO_TEST_CASE(AStandbyIsPassedOverAndAloneRefused) {
  PostgresServer primary;
  primary.Start();
  const std::string database = DatabaseOf(primary.NewDatabase());
  const std::unique_ptr<PostgresServer> standby = primary.MakeStandby();
  standby->Start({"hot_standby=on"});
  const auto alone =
      postgres::Connect(Address::Parse(standby->Url(database)).value(), Access::kWrite);
  BOOST_REQUIRE(!alone.ok());
  BOOST_TEST((alone.error().code == Code::kUnavailable));
  std::string both = standby->Url(database);
  std::string second = primary.Url(database);
  second = second.substr(second.find('@') + 1, second.rfind('/') - second.find('@') - 1);
  both.insert(both.rfind('/'), "," + second);
  const auto connection = Open(both, Access::kWrite);
  BOOST_TEST(connection->Run("UPDATE meta SET value = 7 WHERE name = 'probe'").ok());
}

BOOST_AUTO_TEST_CASE(WhileTheServerIsAwayWorkIsRefusedAndThenGoesOn) {
  PostgresServer server;
  server.Start();
  World world("postgresql");
  const std::unique_ptr<Store> store = OpenStore(server.NewDatabase());
  BOOST_REQUIRE(World::AcceptBy(*store, world.NewTask("before")).ok());
  server.Stop(SIGINT);
  for (int i = 0; i < 3; ++i) {
    const Result<Accepted> refused = World::AcceptBy(*store, world.NewTask("while"));
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == Code::kUnavailable));
    BOOST_TEST((refused.error().retry == Retry::kLater));
  }
  BOOST_TEST((store->ListTasks({}).error().code == Code::kUnavailable));
  server.Start();
  BOOST_TEST(UntilThere([&] { return World::AcceptBy(*store, world.NewTask("after")); }).ok());
  BOOST_TEST(UntilThere([&] { return store->ListTasks({}); }).value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(AfterARestartNoReaderFailsForAnOldConnection) {
  PostgresServer server;
  server.Start();
  World world("postgresql");
  const std::unique_ptr<Store> store = OpenStore(server.NewDatabase());
  BOOST_REQUIRE(World::AcceptBy(*store, world.NewTask("before")).ok());
  BOOST_TEST(CountTasks(*store) == 1u);
  server.Stop(SIGINT);
  server.Start();
  BOOST_TEST(CountTasks(*store) == 1u);
  BOOST_TEST(World::AcceptBy(*store, world.NewTask("after")).ok());
}

BOOST_AUTO_TEST_CASE(ACommitWhoseAnswerIsLostIsFoundDone) {
  Behind behind;
  BOOST_REQUIRE(World::AcceptBy(*behind.store, behind.world.NewTask("1")).ok());
  for (const char* order : {"2", "3"}) {  // COMMIT is prepared, and then known by its name
    behind.proxy.Set(Plan::kCutAfterCommit);
    const auto accepted = World::AcceptBy(*behind.store, behind.world.NewTask(order));
    BOOST_REQUIRE(accepted.ok());
    BOOST_TEST((accepted->what == Acceptance::kCreated));
  }
  BOOST_TEST(behind.proxy.cuts() == 2);
  BOOST_TEST(CountTasks(behind.world.store()) == 3u);
}

BOOST_AUTO_TEST_CASE(ACommitThatNeverArrivedIsRefusedAndLeavesNothing) {
  Behind behind;
  BOOST_REQUIRE(World::AcceptBy(*behind.store, behind.world.NewTask("1")).ok());
  for (const char* order : {"2", "3"}) {
    behind.proxy.Set(Plan::kCutBeforeCommit);
    const auto refused = World::AcceptBy(*behind.store, behind.world.NewTask(order));
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.error().code == Code::kUnavailable));
    BOOST_TEST((refused.error().retry == Retry::kLater));
  }
  BOOST_TEST(behind.proxy.cuts() == 2);
  BOOST_TEST(CountTasks(behind.world.store()) == 1u);
  BOOST_TEST(World::AcceptBy(*behind.store, behind.world.NewTask("2")).ok());
}

BOOST_AUTO_TEST_CASE(WhileACommitIsInDoubtItHasNoAnswerAndOthersAreRefused) {
  for (const Plan plan : {Plan::kCutAfterCommit, Plan::kCutBeforeCommit}) {
    Behind behind;
    Orders orders(behind.world);
    behind.proxy.Set(plan, Plan::kRefuse);
    orders.Post(*behind.store, "doubtful");
    while (behind.proxy.cuts() == 0) std::this_thread::yield();
    for (int i = 0; i < 3; ++i) {
      const auto refused = World::AcceptBy(*behind.store, behind.world.NewTask("other"));
      BOOST_REQUIRE(!refused.ok());
      BOOST_TEST((refused.error().code == Code::kUnavailable));
    }
    BOOST_TEST(orders.acknowledged() + orders.refused() == 0u);
    behind.proxy.Set(Plan::kPass);
    orders.WaitForAll();
    const bool done = plan == Plan::kCutAfterCommit;
    BOOST_TEST(orders.acknowledged() == (done ? 1u : 0u));
    orders.CheckExactly(behind.world.url());
  }
}

// A server whose commits hang, because a standby is to confirm them and there is none.
struct Hanging {
  PostgresServer server;
  std::string url;
  std::unique_ptr<Connection> connection;

  Hanging() {
    server.Start({"synchronous_commit=local"});
    url = server.NewDatabase();
    postgres::Settings hasty;
    hasty.lock_timeout = milliseconds(100);
    hasty.patience = milliseconds(1000);
    connection = Open(url, Access::kWrite, hasty);
    server.Run("template1", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.Run("template1", "SELECT pg_reload_conf()");
    while (server.Run("template1", "SHOW synchronous_standby_names") != "nobody") {
      std::this_thread::yield();
    }
    BOOST_REQUIRE(connection->Begin().ok());
    BOOST_REQUIRE(connection->Run("SET LOCAL synchronous_commit = 'on'").ok());
    BOOST_REQUIRE(connection->Run("UPDATE meta SET value = 77 WHERE name = 'probe'").ok());
  }
  // Gives up waiting for the standby: the server then calls it committed, with a warning.
  void CancelTheWait() const {
    while (server.Run("template1",
                      "SELECT count(pg_cancel_backend(pid))::text FROM pg_stat_activity "
                      "WHERE wait_event = 'SyncRep'") == "0") {
      std::this_thread::yield();
    }
  }
};

BOOST_AUTO_TEST_CASE(ACommitThatIsStillGoingOnIsWaitedFor) {
  Hanging hanging;
  const Status committed = hanging.connection->Commit();
  BOOST_REQUIRE(!committed.ok());
  BOOST_TEST((committed.error().retry == Retry::kUnknown));
  const Result<bool> not_yet = hanging.connection->WasCommitted();
  BOOST_REQUIRE(!not_yet.ok());
  BOOST_TEST((not_yet.error().code == Code::kUnavailable));
  hanging.CancelTheWait();
  BOOST_TEST(UntilThere([&] { return hanging.connection->WasCommitted(); }).value());
  BOOST_TEST(hanging.connection->Begin().ok());
  BOOST_TEST(hanging.connection->Run("SELECT value FROM meta").ok());
  BOOST_TEST(hanging.connection->Commit().ok());
}

BOOST_AUTO_TEST_CASE(ACommitThatMayNotBeReplicatedIsNotTakenForDone) {
  Hanging hanging;
  std::thread cancelling([&] { hanging.CancelTheWait(); });
  const Status committed = hanging.connection->Commit();
  cancelling.join();
  BOOST_REQUIRE(!committed.ok());
  BOOST_TEST((committed.error().retry == Retry::kUnknown));
  BOOST_TEST(UntilThere([&] { return hanging.connection->WasCommitted(); }).value());
}

BOOST_AUTO_TEST_CASE(ACrashOfTheServerUnderLoadLosesNothingAndKeepsNothingRefused) {
  PostgresServer server;
  server.Start();
  World world("postgresql");
  const std::string url = server.NewDatabase();
  const std::unique_ptr<Store> store = OpenStore(url);
  Orders orders(world);
  std::atomic<bool> stop{false};
  std::thread posting([&] {
    for (int i = 0; !stop; ++i) {
      orders.WaitForRoom();
      orders.Post(*store, std::to_string(i));
    }
  });
  for (int round = 1; round <= 3; ++round) {
    orders.WaitForAcknowledged(static_cast<std::size_t>(round) * 60 + orders.acknowledged());
    server.Stop(round == 2 ? SIGINT : SIGQUIT);
    server.Start();
  }
  orders.WaitForAcknowledged(orders.acknowledged() + 10);
  stop = true;
  posting.join();
  orders.WaitForAll();
  BOOST_TEST(orders.acknowledged() > 100u);
  orders.CheckExactly(url);
}

BOOST_AUTO_TEST_CASE(AConnectionThatIsEndedUnderLoadLosesNothing) {
  World world("postgresql");
  const PostgresServer& server = PostgresServer::Shared();
  Orders orders(world);
  const std::string end =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
      "datname = current_database() AND pid <> pg_backend_pid()";
  int number = 0;
  for (int round = 0; round < 20; ++round) {
    // Until the store is connected again.
    for (const std::size_t before = orders.acknowledged(); orders.acknowledged() == before;) {
      orders.WaitForRoom();
      orders.Post(world.store(), std::to_string(++number));
    }
    for (int i = 0; i < 100; ++i) orders.Post(world.store(), std::to_string(++number));
    server.Run(DatabaseOf(world.url()), end);
    orders.WaitForAll();
  }
  orders.CheckExactly(world.url());
}

BOOST_AUTO_TEST_CASE(ProgramsThatOpenAnEmptyDatabaseTogetherTakeTurns) {
  const PostgresServer& server = PostgresServer::Shared();
  server.Run("template1", "CREATE DATABASE opened_together TEMPLATE template0");
  const std::string url = server.Url("opened_together");
  std::atomic<int> opened{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Options options;
      options.url = url;
      if (Store::Open(options, base::KeyRing::FromBytes(std::string(32, 'k'))).ok()) ++opened;
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(opened == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
