// Tables that change under programs of other versions.
#include "lib/store/migrations.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lib/store/sql_store.h"
#include "lib/store/steps.h"
#include "tests/store/postgres_server.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {
namespace {

using base::Code;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

std::unique_ptr<Connection> Writer(const std::string& url) {
  return EngineOf(url).value().connect_writer().value();
}

void Note(const World& world, int version, const std::string& needs) {
  BOOST_REQUIRE(Writer(world.url())
                    ->Run("INSERT INTO schema_version (version, needs) VALUES (" +
                          std::to_string(version) + ", " + needs + ")")
                    .ok());
}

Result<std::unique_ptr<Store>> Reopened(World& world) {
  world.Close();
  Options options;
  options.url = world.url();
  options.write_result = WrittenResult;
  return Store::Open(options, world.keys());
}

boost::test_tools::assertion_result Installed(boost::unit_test::test_unit_id) {
  return PostgresServer::IsInstalled();
}

// A database of its own with the tables of an older version.
struct Older {
  const PostgresServer& server = PostgresServer::Shared();
  std::string database, url;
  Engine engine;
  std::unique_ptr<Connection> connection;

  explicit Older(int version, const std::string& name) : database(name) {
    server.Run("template1", "CREATE DATABASE " + name + " TEMPLATE template0");
    url = server.Url(name);
    engine = EngineOf(url).value();
    connection = engine.connect_migrator().value();
    BOOST_REQUIRE(Migrate(*connection, engine.dialect, version).ok());
    BOOST_REQUIRE(SchemaVersion(*connection).value() == version);
  }
};

constexpr int kWithNodesOnly = 13;  // before it is said what a version needs

}  // namespace

BOOST_AUTO_TEST_SUITE(store_migrate)

LASTING_STORE_TEST(AProgramRunsOnNewerTablesThatNeedNoNewerOne) {
  const int newest = NewestSchemaVersion();
  world.Accept("before");
  Note(world, newest + 1, "0");
  Note(world, newest + 2, std::to_string(newest));
  const auto store = Reopened(world);
  BOOST_REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().what));
  BOOST_TEST(World::AcceptBy(**store, world.NewTask("after")).ok());
  // It leaves them as they are.
  BOOST_TEST(SchemaVersion(*Writer(world.url())).value() == newest + 2);
}

LASTING_STORE_TEST(AProgramThatIsTooOldIsRefused) {
  const int newest = NewestSchemaVersion();
  // The second says nothing: it is taken to need a program that knows it.
  for (const std::string& needs : {std::to_string(newest + 1), std::string("NULL")}) {
    Note(world, newest + 1, needs);
    const auto store = Reopened(world);
    BOOST_REQUIRE(!store.ok());
    BOOST_TEST((store.error().code == Code::kInternal));
    BOOST_TEST(store.error().what.find("newer version") != std::string::npos);
    BOOST_REQUIRE(Writer(world.url())
                      ->Run("DELETE FROM schema_version WHERE version > $1", {std::int64_t{newest}})
                      .ok());
  }
}

BOOST_AUTO_TEST_CASE(StepsSayWhatTheyNeed) {
  BOOST_TEST(RunsOn({NewestSchemaVersion(), NewestSchemaVersion()}));
  BOOST_TEST(RunsOn({0, 0}));
  BOOST_TEST(RunsOn({NewestSchemaVersion() + 1, NewestSchemaVersion()}));
  BOOST_TEST(!RunsOn({NewestSchemaVersion() + 1, NewestSchemaVersion() + 1}));
  for (const Step& step : AllSteps()) {
    // What adds an index to a large table holds nobody up.
    BOOST_TEST(step.index.empty() == step.index_what.empty());
  }
}

BOOST_AUTO_TEST_CASE(WhatOlderGatewaysCannotWorkOnIsNotDoneUnderThem,
                     *boost::unit_test::precondition(Installed)) {
  Older older(kWithNodesOnly, "older_with_nodes");
  BOOST_REQUIRE(older.connection
                    ->Run("INSERT INTO node (token, name, version, renewals) "
                          "VALUES ('t', 'north', '1', 0)")
                    .ok());
  std::atomic<bool> stop{false};
  std::thread living([&] {
    const auto connection = Writer(older.url);
    std::mutex mutex;
    std::condition_variable pause;
    while (!stop) {
      FG_CHECK(connection->Run("UPDATE node SET renewals = renewals + 1").ok());
      std::unique_lock lock(mutex);
      pause.wait_for(lock, milliseconds(50));
    }
  });
  const Status refused = Migrate(*older.connection, older.engine.dialect);
  stop = true;
  living.join();
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == Code::kConflict));
  BOOST_TEST(refused.error().what.find("north") != std::string::npos);
  BOOST_TEST(SchemaVersion(*older.connection).value() == kWithNodesOnly);
  // One that died long ago is nobody.
  BOOST_REQUIRE(older.connection->Run("DELETE FROM node").ok());
  BOOST_TEST(Migrate(*older.connection, older.engine.dialect).ok());
}

// The store's own statements name their columns; this is for one that does not.
BOOST_AUTO_TEST_CASE(AStatementWhoseColumnsHaveChangedIsPreparedAnew,
                     *boost::unit_test::precondition(Installed)) {
  const World world("postgresql");
  const auto connection = EngineOf(world.url()).value().connect_reader().value();
  const auto read = [&]() -> Status {
    Status begun = connection->BeginRead();
    if (!begun) return begun;
    const Result<std::int64_t> rows = connection->Run("SELECT * FROM node");
    connection->Rollback();
    return rows ? base::Ok() : Status(rows.error());
  };
  BOOST_TEST(read().ok());
  BOOST_TEST(read().ok());
  BOOST_REQUIRE(Writer(world.url())->Run("ALTER TABLE node ADD COLUMN more BIGINT").ok());
  const Status first = read();
  BOOST_TEST((first.ok() || first.error().code == Code::kUnavailable));
  BOOST_TEST(read().ok());
}

BOOST_AUTO_TEST_CASE(NobodyStandsInLineForLongBehindAMigrationThatWaits,
                     *boost::unit_test::precondition(Installed)) {
  Older older(kWithNodesOnly, "older_and_held");
  const auto reader = older.engine.connect_writer().value();
  BOOST_REQUIRE(reader->Run("SELECT version FROM schema_version").ok());
  const auto holder = older.engine.connect_migrator().value();
  BOOST_REQUIRE(holder->Begin().ok());
  BOOST_REQUIRE(holder->Run("SELECT version FROM schema_version").ok());
  Status migrated = base::Ok();
  std::atomic<bool> over{false};
  std::thread migrating([&] {
    migrated = Migrate(*older.connection, older.engine.dialect);
    over = true;
  });
  auto slowest = SteadyClock::duration::zero();
  const auto end = SteadyClock::now() + milliseconds(2500);
  while (SteadyClock::now() < end) {
    const auto began = SteadyClock::now();
    BOOST_REQUIRE(reader->Run("SELECT version FROM schema_version").ok());
    slowest = std::max(slowest, SteadyClock::now() - began);
  }
  BOOST_TEST(!over);
  holder->Rollback();
  migrating.join();
  BOOST_TEST(migrated.ok());
  BOOST_TEST(std::chrono::duration_cast<milliseconds>(slowest).count() < 1500);
  BOOST_TEST(SchemaVersion(*older.connection).value() == NewestSchemaVersion());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
