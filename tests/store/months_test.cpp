// Tasks that are over, apart from those that live; on PostgreSQL by months.
#include <atomic>
#include <set>
#include <thread>

#include "lib/store/month.h"
#include "lib/store/postgres/months.h"
#include "lib/store/postgres/postgres_connection.h"
#include "lib/store/upkeep.h"
#include "tests/store/postgres_server.h"
#include "tests/store/world.h"

namespace fiscalgate::store::testing {
namespace {

using postgres::Access;
using postgres::Address;
using task::State;

boost::test_tools::assertion_result Installed(boost::unit_test::test_unit_id) {
  return PostgresServer::IsInstalled();
}

std::unique_ptr<Connection> Connect(const std::string& url, Access access = Access::kWrite) {
  auto opened = postgres::Connect(Address::Parse(url).value(), access);
  BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().what));
  return std::move(*opened);
}

struct OnPostgres {
  World world{"postgresql"};
  std::string database = world.url().substr(world.url().rfind('/') + 1);

  std::string Ask(const std::string& sql) const {
    return PostgresServer::Shared().Run(database, sql);
  }
  // Where the row of a task is.
  std::string PlaceOf(const task::Task& task) const {
    return Ask("SELECT tableoid::regclass::text FROM task WHERE id = '" + task.id + "'");
  }
  // Of the server's clock, `months` later.
  Month MonthNow(int months = 0) const {
    return *MonthNamed(Ask("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')")) + months;
  }
  std::string PartNow(const std::string& table, int months = 0) const {
    return postgres::Months()->PartOf(table, MonthNow(months));
  }
  // New tasks get numbers of another month: as if that was the server's clock.
  void TurnClock(Month month) const {
    Ask("ALTER TABLE task_order ALTER COLUMN seq SET DEFAULT " + std::to_string(month) +
        "::bigint * 68719476736 + nextval('task_seq_seq')");
  }
  // All tables that a prepared plan of the statement reads, as the gateway plans it.
  std::set<std::string> TablesOf(const std::string& sql, int params) const {
    const auto connection = Connect(world.url());
    std::string values, plan;
    for (int i = 0; i < params; ++i) values += i == 0 ? "('1'" : ", '1'";
    BOOST_REQUIRE(connection->Run("PREPARE asked AS " + sql).ok());
    const auto read = connection->Run("EXPLAIN EXECUTE asked" + (params > 0 ? values + ")" : ""),
                                      {}, [&](const Row& row) { plan += row.Text(0) + "\n"; });
    BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().what));
    std::set<std::string> tables;
    for (std::size_t at = plan.find(" on "); at != std::string::npos;
         at = plan.find(" on ", at + 1)) {
      tables.insert(plan.substr(at + 4, plan.find_first_of(" \n", at + 4) - at - 4));
    }
    return tables;
  }
};

using Tables = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(store_month_numbers)

BOOST_AUTO_TEST_CASE(AMonthIsKnownByItsNumberAndItsName) {
  const Month month = *MonthNamed("2025-01");
  BOOST_TEST(month == 2025 * 12);
  BOOST_TEST(MonthName(month) == "2025-01");
  BOOST_TEST(MonthName(month - 1) == "2024-12");
  BOOST_TEST(base::FormatUtc(BeginOf(month + 1)) == "2025-02-01T00:00:00.000Z");
  BOOST_TEST(MonthAt(BeginOf(month)) == month);
  BOOST_TEST(MonthAt(BeginOf(month) - base::Milliseconds(1)) == month - 1);
  for (const char* bad : {"", "2025", "2025-13", "2025-00", "25-01-01", "2025-1 ", "202x-01"}) {
    BOOST_TEST(!MonthNamed(bad).has_value());
  }
}

BOOST_AUTO_TEST_CASE(ATaskIsOfTheMonthInItsNumberElseOfThatOfItsTime) {
  const Month month = *MonthNamed("2025-06");
  BOOST_TEST(MonthOf(FirstSeqOf(month) + 5, BeginOf(month + 1)) == month);
  BOOST_TEST(MonthOf(5, BeginOf(month)) == month);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(store_months, *boost::unit_test::precondition(Installed))

BOOST_FIXTURE_TEST_CASE(ATaskLivesInOneTableAndLeavesItWhenItIsOver, OnPostgres) {
  const task::Task task = world.Accept("1");
  BOOST_TEST(task.seq >> kMonthBits == MonthNow());
  BOOST_TEST(PlaceOf(task) == "task_live");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  BOOST_TEST(PlaceOf(task) == "task_live");
  BOOST_REQUIRE(world.Apply(world.EndOf(task, State::kUnknown)));
  BOOST_TEST(PlaceOf(task) == "task_live");
  BOOST_REQUIRE(world.Apply(world.AskOf(task)));
  BOOST_REQUIRE(world.Apply(world.EndOf(task, State::kFailed, "ask", "paper out")));
  BOOST_TEST(PlaceOf(task) == PartNow("task"));
  BOOST_REQUIRE(world.store().RetryTask(task.id, "ann", "paper is in", world.now()).ok());
  BOOST_TEST(PlaceOf(task) == "task_live");
  BOOST_REQUIRE(world.store().CancelTask(task.id, "ann", "", world.now()).ok());
  BOOST_TEST(PlaceOf(task) == PartNow("task"));
  BOOST_TEST(Ask("SELECT count(*)::text FROM task") == "1");
  BOOST_TEST(Ask("SELECT tableoid::regclass::text FROM package") == PartNow("package"));
  BOOST_TEST(Ask("SELECT tableoid::regclass::text FROM attempt") == PartNow("attempt"));
}

// One of them is refused: the other is not half done.
BOOST_FIXTURE_TEST_CASE(TheRowMovesInTheTransactionThatEndsIt, OnPostgres) {
  const task::Task task = world.Accept("1");
  BOOST_REQUIRE(world.Apply(world.SendOf(task)));
  Ask("ALTER TABLE event ADD CONSTRAINT refused CHECK (state <> 10)");
  const auto applied = world.store().Apply({{}, {world.EndOf(task, State::kDone)}, {}, {}});
  BOOST_TEST(!applied.ok());
  BOOST_TEST(PlaceOf(task) == "task_live");
  BOOST_TEST((world.View(task).task.state == State::kSending));
  Ask("ALTER TABLE event DROP CONSTRAINT refused");
  BOOST_TEST(world.Apply(world.EndOf(task, State::kDone)));
  BOOST_TEST(PlaceOf(task) == PartNow("task"));
}

// Somebody who has just ended it stands in the way of somebody who cancels it: the second waits,
// meets a row that has moved, and is told so after another look.
BOOST_FIXTURE_TEST_CASE(WhoMeetsARowThatMovedLooksAgain, OnPostgres) {
  const task::Task task = world.Accept("1");
  const auto other = Connect(world.url());
  BOOST_REQUIRE(other->Begin().ok());
  BOOST_REQUIRE(other->Run("UPDATE task SET state = 12, month = seq >> 36 WHERE month = 0").ok());
  Status cancelled = base::Ok();
  std::thread late([&] { cancelled = world.store().CancelTask(task.id, "ann", "", world.now()); });
  const std::string waits =
      "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '" +
      database + "'";
  while (Ask(waits) == "0") std::this_thread::yield();
  BOOST_REQUIRE(other->Commit().ok());
  late.join();
  BOOST_REQUIRE(!cancelled.ok());
  BOOST_TEST((cancelled.error().code == base::Code::kConflict));
  BOOST_TEST((world.View(task).task.state == State::kCancelled));
}

// Two gateways take the same orders while a third thread ends them: no order has two tasks.
BOOST_FIXTURE_TEST_CASE(AnOrderThatEndsWhileItIsPostedAgainIsOneTask, OnPostgres) {
  constexpr int kOrders = 60, kPosts = 4;
  const auto second = world.OpenAnother();
  std::atomic<int> created{0}, same{0}, other{0};
  std::atomic<bool> over{false};
  const auto post = [&](Store& store) {
    for (int i = 0; i < kOrders * kPosts; ++i) {
      const auto accepted =
          World::AcceptBy(store, world.NewTask("order-" + std::to_string(i / kPosts)));
      if (!accepted.ok()) {
        ++other;
      } else {
        ++(accepted->what == Acceptance::kCreated ? created
           : accepted->what == Acceptance::kSame  ? same
                                                  : other);
      }
    }
  };
  std::thread ends([&] {
    const auto connection = Connect(world.url(), Access::kMigrate);
    while (!over) {
      (void)connection->Run("UPDATE task SET state = 12, month = seq >> 36 WHERE month = 0").ok();
      (void)connection->Run("UPDATE task SET state = 0, month = 0 WHERE month > 0 AND seq % 2 = 0")
          .ok();
    }
  });
  std::thread one([&] { post(world.store()); }), two([&] { post(*second); });
  one.join();
  two.join();
  over = true;
  ends.join();
  BOOST_TEST(created == kOrders);
  BOOST_TEST(same == kOrders * (2 * kPosts - 1));
  BOOST_TEST(other == 0);
  BOOST_TEST(Ask("SELECT count(*)::text FROM task") == std::to_string(kOrders));
  BOOST_TEST(Ask("SELECT count(DISTINCT order_id)::text FROM task") == std::to_string(kOrders));
}

BOOST_FIXTURE_TEST_CASE(PartitionsAreMadeAheadByManyAtOnce, OnPostgres) {
  for (const std::string& table : postgres::TablesByMonth()) {
    for (int ahead = 0; ahead < 3; ++ahead) {
      Ask("DROP TABLE " + PartNow(table, ahead));
    }
  }
  std::vector<std::thread> nodes;
  std::atomic<int> failed{0};
  // Each as at its start, and all of them work meanwhile.
  for (int i = 0; i < 3; ++i) {
    nodes.emplace_back([&, i] {
      if (!world.store().MakeMonths().ok()) ++failed;
      const auto made = World::AcceptBy(world.store(), world.NewTask("node-" + std::to_string(i)));
      if (!made.ok()) ++failed;
    });
  }
  for (std::thread& node : nodes) node.join();
  BOOST_TEST(failed == 0);
  for (const std::string& table : postgres::TablesByMonth()) {
    for (int ahead = 0; ahead < 3; ++ahead) {
      BOOST_TEST(Ask("SELECT count(*)::text FROM pg_inherits WHERE inhrelid = '" +
                     PartNow(table, ahead) + "'::regclass") == "1");
    }
  }
  BOOST_TEST(world.store().MakeMonths().ok());
}

BOOST_FIXTURE_TEST_CASE(AMonthWithoutAPartitionLosesNothingAndGetsOneLater, OnPostgres) {
  const Month later = MonthNow(3);
  TurnClock(later);
  const task::Task ended = world.AcceptAndEnd("1", State::kDone);
  const task::Task queued = world.Accept("2");
  BOOST_TEST(ended.seq >> kMonthBits == later);
  BOOST_TEST(PlaceOf(ended) == "task_other");
  BOOST_TEST(PlaceOf(queued) == "task_live");
  BOOST_TEST(Ask("SELECT count(*)::text FROM package_other") == "2");
  BOOST_TEST(world.View(ended).results.size() == 2u);
  // A month later on that clock.
  Ask("CREATE SCHEMA later");
  Ask("CREATE FUNCTION later.now() RETURNS timestamptz LANGUAGE sql AS "
      "$$SELECT pg_catalog.now() + interval '1 month'$$");
  const auto migrator =
      Connect(world.url() + "?options=-csearch_path%3Dpublic,later,pg_catalog", Access::kMigrate);
  const Status made = postgres::Months()->Make(*migrator);
  BOOST_REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().what));
  BOOST_TEST(PlaceOf(ended) == postgres::Months()->PartOf("task", later));
  BOOST_TEST(Ask("SELECT count(*)::text FROM package_other") == "0");
  BOOST_TEST(Ask("SELECT count(*)::text FROM " + postgres::Months()->PartOf("package", later)) ==
             "2");
  BOOST_TEST(world.View(ended).results.size() == 2u);
  BOOST_TEST(world.store().HeadOf(world.lane, false).value()->task.id == queued.id);
}

// A dump reads for hours: partitions wait for another time, and nobody waits for them.
BOOST_FIXTURE_TEST_CASE(WhoReadsForLongHoldsUpPartitionsAndNothingElse, OnPostgres) {
  Ask("DROP TABLE " + PartNow("task", 2));
  const auto dump = Connect(world.url(), Access::kRead);
  BOOST_REQUIRE(dump->BeginRead().ok());
  BOOST_REQUIRE(dump->Run("SELECT count(*) FROM task").ok());
  const Status made = world.store().MakeMonths();
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST((made.error().code == base::Code::kUnavailable));
  world.AcceptAndEnd("1", State::kDone);
  dump->Rollback();
  BOOST_TEST(world.store().MakeMonths().ok());
  BOOST_TEST(Ask("SELECT count(*)::text FROM " + PartNow("task", 2)) == "0");
}

BOOST_FIXTURE_TEST_CASE(WhatLivesIsAskedForInOneTableAndWhatIsOverInOneMonth, OnPostgres) {
  const Tables live = {"task_live"};
  BOOST_TEST((TablesOf("SELECT t.seq FROM task t WHERE t.month = 0 AND t.seq = $1", 1) == live));
  BOOST_TEST((TablesOf("SELECT f.seq FROM task f WHERE f.month = 0 AND f.state = 0 AND f.register "
                       "= $1 ORDER BY f.priority, f.seq LIMIT 1",
                       1) == live));
  for (const std::string& table : Tables{"package", "attempt", "command_result", "evidence"}) {
    BOOST_TEST((TablesOf("SELECT * FROM " + table + " WHERE task = $1::bigint", 1) ==
                Tables{table + "_first"}));
  }
}

// The planner takes an empty table for one where any index will do.
BOOST_FIXTURE_TEST_CASE(QuestionsToTheQueueUseItsIndexWhateverTheServerHasCounted, OnPostgres) {
  Ask("VACUUM ANALYZE task_live");
  world.Accept("1");
  const auto connection = Connect(world.url());
  const auto uses = [&](const std::string& sql, const std::string& index) {
    std::string plan;
    BOOST_REQUIRE(
        connection->Run("EXPLAIN " + sql, {}, [&](const Row& row) { plan += row.Text(0) + "\n"; })
            .ok());
    BOOST_TEST_CONTEXT(plan) {
      BOOST_TEST(plan.find("using " + index + " on") != std::string::npos);
      BOOST_TEST(plan.find("Sort") == std::string::npos);
    }
  };
  uses(
      "SELECT f.seq FROM task f WHERE f.month = 0 AND f.state = 0 AND f.register = 1 AND "
      "f.priority = 2 AND f.seq > 5 ORDER BY f.seq LIMIT 1",
      "task_queue");
  uses(
      "SELECT f.seq FROM task f WHERE f.month = 0 AND f.state IN (1, 2, 3) AND f.state = 1 AND "
      "f.register = 1 ORDER BY f.seq LIMIT 1",
      "task_open");
  uses("UPDATE task SET wait_reason = '' WHERE seq = 5 AND month = 0 AND +state = 0",
       "task_live_seq");
}

BOOST_FIXTURE_TEST_CASE(NumbersOfMonthsAreFoundByIdWhateverTheirMonth, OnPostgres) {
  TurnClock(MonthNow(1));
  const task::Task ahead = world.AcceptAndEnd("1", State::kDone);
  BOOST_TEST(PlaceOf(ahead) == PartNow("task", 1));
  BOOST_TEST(world.View(ahead).task.seq == ahead.seq);
  BOOST_TEST(world.store().FindTaskBySeq(ahead.seq).value()->task.id == ahead.id);
  BOOST_TEST(world.store().EventsAfter(world.shop, 0, 10).value().at(0).order_id == "1");
}

BOOST_FIXTURE_TEST_CASE(AStoreOfSqliteIsCopiedWithItsMonthsAndOrders, OnPostgres) {
  World from("sqlite");
  const task::Task done = from.AcceptAndEnd("done", State::kDone);
  const task::Task failed = from.AcceptAndEnd("failed", State::kFailed, "paper out");
  const task::Task queued = from.Accept("queued");
  from.Close();
  Ask("CREATE DATABASE copied_" + database);
  const std::string to = PostgresServer::Shared().Url("copied_" + database);
  const auto copied = CopyStore(from.url(), to);
  BOOST_REQUIRE_MESSAGE(copied.ok(), (copied.ok() ? "" : copied.error().what));
  std::int64_t orders = 0;
  for (const CopiedTable& table : *copied) {
    if (table.name == "task_order") orders = table.rows;
    BOOST_TEST(table.name.find("task_2") == std::string::npos);
  }
  BOOST_TEST(orders == 3);
  const auto ask = [&](const std::string& sql) {
    return PostgresServer::Shared().Run("copied_" + database, sql);
  };
  BOOST_TEST(ask("SELECT string_agg(order_id, ',' ORDER BY seq) FROM task_first") == "done,failed");
  BOOST_TEST(ask("SELECT string_agg(order_id, ',') FROM task_live") == "queued");
  BOOST_TEST(ask("SELECT count(*)::text FROM attempt_first") == "2");

  Options options;
  options.url = to;
  options.write_result = WrittenResult;
  const auto store = std::move(Store::Open(options, from.keys()).value());
  BOOST_TEST(store->FindTask(done.id).value()->results.size() == 2u);
  BOOST_TEST(store->HeadOf(from.lane, false).value()->task.id == queued.id);
  BOOST_TEST((World::AcceptBy(*store, from.NewTask("done"))->what == Acceptance::kSame));
  const auto fresh = World::AcceptBy(*store, from.NewTask("new"));
  BOOST_TEST((fresh->what == Acceptance::kCreated));
  BOOST_TEST(fresh->task.seq > kFirstSeqWithMonth);
  BOOST_TEST(store->RetryTask(failed.id, "ann", "again", from.now()).ok());
  BOOST_TEST(ask("SELECT count(*)::text FROM task_live") == "3");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store::testing
