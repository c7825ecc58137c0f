#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/store/migrations.h"
#include "lib/store/steps.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Result;
using base::Status;
using SteadyClock = std::chrono::steady_clock;

constexpr int kNodesSince = 12;  // versions in which there are nodes, and needs
constexpr int kNeedsSince = 14;
// A lock is waited for in short pieces (Dialect::short_waits): whoever comes later stands in line
// behind the one who waits. In between the line can move.
constexpr std::chrono::milliseconds kPause{700};
constexpr std::chrono::seconds kMaxWait{120};

Status Do(Connection& connection, std::string_view sql, Params params = {}) {
  Result<std::int64_t> done = connection.Run(sql, params);
  return done ? Ok() : Status(done.error());
}

void Wait(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable nobody;
  std::unique_lock lock(mutex);
  nobody.wait_for(lock, time);
}

// A version that does not say what it needs needs a program that knows it.
Result<Schema> Read(Connection& connection) {
  Schema schema;
  Result<std::int64_t> read =
      connection.Run("SELECT coalesce(max(version), 0) FROM schema_version", {},
                     [&](const Row& row) { schema.version = static_cast<int>(row.Int(0)); });
  schema.needs = schema.version;
  if (read.ok() && schema.version >= kNeedsSince) {
    read = connection.Run("SELECT max(coalesce(needs, version)) FROM schema_version", {},
                          [&](const Row& row) { schema.needs = static_cast<int>(row.Int(0)); });
  }
  if (!read) return read.error();
  return schema;
}

// Inside a transaction.
Result<Schema> ReadOrBegin(Connection& connection) {
  Status made =
      Do(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
  if (!made) return made.error();
  return Read(connection);
}

Status CheckFits(const Schema& schema) {
  if (RunsOn(schema)) return Ok();
  return Error{Code::kInternal, "the store was made by a newer version of fiscalgate (schema " +
                                    std::to_string(schema.version) +
                                    ", which needs a program that knows " +
                                    std::to_string(schema.needs) + "; known is " +
                                    std::to_string(NewestSchemaVersion()) + ")"};
}

Status Note(Connection& connection, int number) {
  if (number < kNeedsSince) {
    return Do(connection, "INSERT INTO schema_version (version) VALUES ($1)",
              {std::int64_t{number}});
  }
  const Step& step = AllSteps()[static_cast<std::size_t>(number - 1)];
  const bool expands = step.kind == Step::Kind::kExpands;
  return Do(connection, "INSERT INTO schema_version (version, needs) VALUES ($1, $2)",
            {std::int64_t{number}, std::int64_t{expands ? 0 : number}});
}

Status ApplyStep(Connection& connection, const Dialect& dialect, int number) {
  const Step& step = AllSteps()[static_cast<std::size_t>(number - 1)];
  for (const std::string& sql : step.statements(dialect)) {
    Status done = Do(connection, sql);
    if (!done) return done;
  }
  return Note(connection, number);
}

// What one transaction has done.
struct Turn {
  Schema found;
  int reached = 0;
};

// Of an empty store all steps, else the next one.
Result<Turn> TakeTurn(Connection& connection, const Dialect& dialect, int last) {
  for (const std::string& sql : {dialect.short_waits, dialect.migration_lock}) {
    Status done = sql.empty() ? Ok() : Do(connection, sql);
    if (!done) return done.error();
  }
  Result<Schema> schema = ReadOrBegin(connection);
  if (!schema) return schema.error();
  Status fits = CheckFits(*schema);
  if (!fits) return fits.error();
  Turn turn{*schema, schema->version};
  const int until = schema->version == 0 ? last : std::min(schema->version + 1, last);
  while (turn.reached < until) {
    Status applied = ApplyStep(connection, dialect, turn.reached + 1);
    if (!applied) return applied.error();
    ++turn.reached;
  }
  return turn;
}

Result<Turn> InTransaction(Connection& connection, const Dialect& dialect, int last) {
  Status begun = connection.Begin();
  if (!begun) return begun.error();
  Result<Turn> turn = TakeTurn(connection, dialect, last);
  if (turn.ok() && turn->reached == turn->found.version) {
    connection.Rollback();
    return turn;
  }
  Status committed = turn.ok() ? connection.Commit() : Status(turn.error());
  if (committed.ok()) return turn;
  connection.Rollback();
  return committed.error();
}

using Renewals = std::vector<std::pair<std::string, std::int64_t>>;  // by the name of the node
Result<Renewals> ReadRenewals(Connection& connection) {
  Renewals all;
  Result<std::int64_t> rows =
      connection.Run("SELECT name, renewals FROM node ORDER BY token", {},
                     [&](const Row& row) { all.emplace_back(row.Text(0), row.Int(1)); });
  if (!rows) return rows.error();
  return all;
}

// Gateways that give signs of life would be left with tables they cannot work on.
Status NobodyRuns(Connection& connection) {
  const Result<Renewals> first = ReadRenewals(connection);
  if (!first) return first.error();
  const auto until = SteadyClock::now() + base::kNodeSilence;
  while (!first->empty() && SteadyClock::now() < until) {
    const Result<Renewals> now = ReadRenewals(connection);
    if (!now) return now.error();
    for (std::size_t i = 0; i < std::min(first->size(), now->size()); ++i) {
      if ((*first)[i].first != (*now)[i].first || (*first)[i].second == (*now)[i].second) continue;
      return Error{Code::kConflict, "gateways that do not know the new tables are running (" +
                                        (*now)[i].first + "): stop all of them first"};
    }
    Wait(base::kNodeLookPause);
  }
  return Ok();
}

Status MayContract(Connection& connection, const Dialect& dialect, int version, int last) {
  if (!dialect.shared || version < kNodesSince || version >= last) return Ok();
  const Step& next = AllSteps()[static_cast<std::size_t>(version)];
  return next.kind == Step::Kind::kContracts ? NobodyRuns(connection) : Ok();
}

// Nothing holds an index up; what was left half made by somebody who died is made anew.
Status MakeIndex(Connection& connection, const Step& step) {
  bool there = false, valid = false, in_work = false;
  Result<std::int64_t> rows = connection.Run(
      "SELECT i.indisvalid, EXISTS (SELECT 1 FROM pg_stat_progress_create_index p "
      "WHERE p.index_relid = i.indexrelid) FROM pg_index i WHERE i.indexrelid = to_regclass($1)",
      {step.index}, [&](const Row& row) {
        there = true;
        valid = row.Int(0) != 0;
        in_work = row.Int(1) != 0;
      });
  if (!rows) return rows.error();
  if (valid || in_work) return Ok();
  const std::string name(step.index);
  if (there) {
    Status dropped = Do(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + name);
    if (!dropped) return dropped;
  }
  return Do(connection, "CREATE INDEX CONCURRENTLY IF NOT EXISTS " + name + " ON " +
                            std::string(step.index_what));
}

}  // namespace

Result<Schema> ReadSchema(Connection& connection) {
  Status begun = connection.Begin();
  if (!begun) return begun.error();
  Result<Schema> schema = ReadOrBegin(connection);
  connection.Rollback();
  return schema;
}

Schema FindSchema(Connection& connection) {
  const Result<Schema> schema = Read(connection);
  return schema ? *schema : Schema();
}

Result<int> SchemaVersion(Connection& connection) {
  Result<Schema> schema = ReadSchema(connection);
  if (!schema) return schema.error();
  return schema->version;
}

bool RunsOn(const Schema& schema) {
  return schema.version <= NewestSchemaVersion() || schema.needs <= NewestSchemaVersion();
}

Status Migrate(Connection& connection, const Dialect& dialect, int last) {
  const auto until = SteadyClock::now() + kMaxWait;
  bool changed = false;
  for (std::optional<int> version;;) {
    Status may = version ? MayContract(connection, dialect, *version, last) : Ok();
    if (!may) return may;
    // The first look changes nothing but an empty store.
    const Result<Turn> turn = InTransaction(connection, dialect, version ? last : 0);
    if (turn.ok()) {
      const int reached = turn->reached;
      changed = changed || reached != turn->found.version;
      if (reached >= last) break;
      version = reached;
      continue;
    }
    const bool stood_in_line = dialect.shared && turn.error().code == Code::kUnavailable;
    if (!stood_in_line || SteadyClock::now() > until) return turn.error();
    log::Warn("migration_waits", {{"error", turn.error().what}});
    Wait(kPause);
  }
  return changed ? MakeIndexes(connection, dialect) : Ok();
}

Status MakeIndexes(Connection& connection, const Dialect& dialect) {
  Result<int> version = SchemaVersion(connection);
  if (!version) return version.error();
  int number = 0;
  for (const Step& step : AllSteps()) {
    if (++number > *version || step.index.empty()) continue;
    Status made = dialect.shared
                      ? MakeIndex(connection, step)
                      : Do(connection, "CREATE INDEX IF NOT EXISTS " + std::string(step.index) +
                                           " ON " + std::string(step.index_what));
    if (!made) return made;
  }
  return Ok();
}

}  // namespace fiscalgate::store
