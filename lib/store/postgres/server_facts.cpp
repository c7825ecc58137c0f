#include "lib/store/postgres/server_facts.h"

#include <libpq-fe.h>

#include <chrono>
#include <functional>

namespace fiscalgate::store::postgres {
namespace {

constexpr int kCommits = 20;

// Others may have set this session up differently: what counts is what it was before.
constexpr std::string_view kSettings =
    "SELECT current_setting('server_version'), current_setting('fsync'), "
    "current_setting('full_page_writes'), current_setting('autovacuum'), "
    "(SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'), "
    "current_setting('synchronous_standby_names'), current_setting('max_connections')::bigint, "
    "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
    "pg_database_size(current_database()), "
    "pg_has_role(current_user, 'pg_read_all_stats', 'member')";
constexpr std::string_view kReplicas =
    "SELECT coalesce(nullif(application_name, ''), client_addr::text, ''), coalesce(state, ''), "
    "coalesce(sync_state, ''), coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN NULL "
    "ELSE pg_current_wal_lsn() END, replay_lsn), 0)::bigint FROM pg_stat_replication ORDER BY 1";
// A transaction that has not ended, a slot nobody reads, a prepared transaction: rows that died
// since cannot be cleared away.
constexpr std::string_view kOldest =
    "SELECT coalesce((SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) "
    "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()), "
    "0)::bigint, greatest("
    "coalesce((SELECT max(age(backend_xmin)) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid()), 0), "
    "coalesce((SELECT max(greatest(age(xmin), age(catalog_xmin))) FROM pg_replication_slots), 0), "
    "coalesce((SELECT max(age(transaction)) FROM pg_prepared_xacts), 0))::bigint";
constexpr std::string_view kHotTables =
    "SELECT relname::text, n_live_tup, n_dead_tup FROM pg_stat_user_tables "
    "WHERE schemaname = current_schema() AND relname IN ('task_live', 'callback', 'lane', "
    "'commit_mark') "
    "ORDER BY 1";
constexpr std::string_view kClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
constexpr std::string_view kTouch = "UPDATE meta SET value = value + 1 WHERE name = 'probe'";

std::int64_t MicrosSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

Status ReadSettings(Connection& connection, ServerFacts* facts) {
  Result<std::int64_t> rows = connection.Run(kSettings, {}, [&](const Row& row) {
    facts->version = row.Text(0);
    facts->fsync = row.Text(1);
    facts->full_page_writes = row.Text(2);
    facts->autovacuum = row.Text(3);
    facts->synchronous_commit = row.Text(4);
    facts->synchronous_standby_names = row.Text(5);
    facts->max_connections = row.Int(6);
    facts->connections = row.Int(7);
    facts->database_bytes = row.Int(8);
    facts->sees_all = row.Int(9) != 0;
  });
  return rows ? base::Ok() : Status(rows.error());
}

Status ReadState(Connection& connection, ServerFacts* facts) {
  Result<std::int64_t> rows = connection.Run(kReplicas, {}, [&](const Row& row) {
    facts->replicas.push_back({row.Text(0), row.Text(1), row.Text(2), row.Int(3)});
  });
  if (rows.ok()) {
    rows = connection.Run(kOldest, {}, [&](const Row& row) {
      facts->oldest_transaction_s = row.Int(0);
      facts->oldest_xmin_age = row.Int(1);
    });
  }
  if (rows.ok()) {
    rows = connection.Run(kHotTables, {}, [&](const Row& row) {
      facts->hot_tables.push_back({row.Text(0), row.Int(1), row.Int(2)});
    });
  }
  return rows ? base::Ok() : Status(rows.error());
}

// The middle of the question is when the server looked at its clock, give or take.
Status CompareClocks(Connection& connection, ServerFacts* facts) {
  const base::SystemClock clock;
  const std::int64_t before = base::ToMillis(clock.Now());
  std::int64_t there = 0;
  Result<std::int64_t> rows =
      connection.Run(kClock, {}, [&](const Row& row) { there = row.Int(0); });
  if (!rows) return rows.error();
  facts->clock_ahead_ms = there - (before + base::ToMillis(clock.Now())) / 2;
  return base::Ok();
}

Status MeasureCommits(Connection& connection, ServerFacts* facts) {
  std::vector<std::int64_t> micros;
  for (int i = 0; i < kCommits; ++i) {
    const auto start = std::chrono::steady_clock::now();
    Status done = connection.Begin();
    if (!done) return done;
    Result<std::int64_t> touched = connection.Run(kTouch);
    done = touched ? connection.Commit() : Status(touched.error());
    if (!done) {
      connection.Rollback();
      return done;
    }
    micros.push_back(MicrosSince(start));
  }
  facts->commit = DurationsOf(std::move(micros));
  return base::Ok();
}

}  // namespace

Result<ServerFacts> ReadServerFacts(Connection& connection) {
  ServerFacts facts;
  Status read = ReadSettings(connection, &facts);
  if (read.ok()) read = ReadState(connection, &facts);
  if (read.ok()) read = CompareClocks(connection, &facts);
  if (read.ok()) read = MeasureCommits(connection, &facts);
  if (!read) return read.error();
  return facts;
}

std::string LibraryVersion() {
  const int version = PQlibVersion();
  return "libpq " + std::to_string(version / 10'000) + "." + std::to_string(version % 10'000);
}

}  // namespace fiscalgate::store::postgres
