// How SQLite finds the first of a lane: one step into an index, whatever stands behind it.
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "lib/store/lanes.h"
#include "lib/store/migrations.h"
#include "lib/store/sqlite/sqlite_connection.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::store {
namespace {

// One for each parameter of a statement.
std::vector<Param> NumbersFor(const std::string& sql) {
  std::vector<Param> numbers;
  while (sql.find("$" + std::to_string(numbers.size() + 1)) != std::string::npos) {
    numbers.push_back(std::int64_t{1});
  }
  return numbers;
}

struct Fixture {
  Fixture() {
    connection =
        std::move(sqlite::Connect(folder.File("store.db"), sqlite::Access::kWrite).value());
    BOOST_REQUIRE(Migrate(*connection, sqlite::SqliteDialect()).ok());
  }
  std::string PlanOf(const std::string& sql) {
    std::string plan;
    const auto rows = connection->Run("EXPLAIN QUERY PLAN " + sql, NumbersFor(sql),
                                      [&](const Row& row) { plan += row.Text(3) + "\n"; });
    BOOST_REQUIRE(rows.ok());
    return plan;
  }
  void UsesOnly(const std::string& sql, const std::string& index) {
    const std::string plan = PlanOf(sql);
    BOOST_TEST_CONTEXT(plan) {
      BOOST_TEST(plan.find("INDEX " + index + " ") != std::string::npos);
      BOOST_TEST(plan.find("SCAN f") == std::string::npos);
      BOOST_TEST(plan.find("SCAN t") == std::string::npos);
      BOOST_TEST(plan.find("TEMP B-TREE") == std::string::npos);
    }
  }
  fiscalgate::testing::TempDir folder;
  std::unique_ptr<Connection> connection;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_lane_plan, Fixture)

BOOST_AUTO_TEST_CASE(TheFirstQueuedIsFoundWithoutSorting) {
  UsesOnly("SELECT " FG_FIRST_QUEUED, "task_queue");
}

BOOST_AUTO_TEST_CASE(TheNextQueuedOfEachPriorityIsFoundWithoutSorting) {
  UsesOnly("SELECT coalesce(" FG_NEXT_QUEUED ")", "task_queue");
}

BOOST_AUTO_TEST_CASE(TheFirstUnknownIsFoundWithoutSorting) {
  UsesOnly("SELECT " FG_FIRST_UNKNOWN, "task_open");
  UsesOnly("SELECT " FG_FIRST_UNKNOWN_SERVICE, "task_service");
}

// Of a lane of conversations thousands are.
BOOST_AUTO_TEST_CASE(WhatIsInFlightIsFoundWithoutSorting) {
  UsesOnly("SELECT " FG_FIRST_IN_FLIGHT, "task_open");
}

BOOST_AUTO_TEST_CASE(ConversationsThatAreDueAreFoundWithoutSorting) {
  UsesOnly("SELECT t.seq" FG_DUE_CONVERSATIONS, "task_due");
  UsesOnly(FG_NEXT_CONVERSATION, "task_due");
  UsesOnly("SELECT t.seq" FG_QUEUED_TASKS, "task_queue");
}

BOOST_AUTO_TEST_CASE(DeadlinesThatNobodyHasCostNothing) {
  UsesOnly(
      "SELECT f.seq FROM task f WHERE f.month = 0 AND f.state = 0 AND f.deadline_at > 0 "
      "AND f.deadline_at <= $1 ORDER BY f.deadline_at LIMIT 1",
      "task_deadline");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::store
