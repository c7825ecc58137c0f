#include "lib/store/sql_nodes.h"

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/store/lanes.h"
#include "lib/store/outcome.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;

Status Done(const Result<std::int64_t>& ran) {
  if (!ran) return ran.error();
  return base::Ok();
}

// Keeps the node from being expelled until the commit.
Status MustLive(Connection& connection, std::string_view token) {
  Result<std::int64_t> alive =
      connection.Run("SELECT 1 FROM node WHERE token = $1 FOR SHARE", {token});
  if (!alive) return alive.error();
  if (*alive == 0) return Error{Code::kConflict, "this node was expelled"};
  return base::Ok();
}

// As PostgreSQL writes an array.
std::string ArrayOf(const std::vector<std::int64_t>& numbers) {
  std::string text = "{";
  for (const std::int64_t number : numbers) {
    if (text.size() > 1) text += ',';
    text += std::to_string(number);
  }
  return text + "}";
}

Status Recover(Connection& connection, const Dialect& dialect, const ResultWriter& write_result,
               base::WallTime now, TakenLanes* taken) {
  OutcomeWriter outcomes(connection, dialect, write_result);
  for (const task::RegisterKey lane : taken->lanes) {
    Status recovered = RecoverLane(connection, outcomes, lane, now, &taken->unknown);
    if (!recovered) return recovered;
  }
  return base::Ok();
}

}  // namespace

Status SqlNodes::Join(const Node& node) {
  const std::string name = base::ToStorableText(node.name);
  return writer_.Call<base::Unit>([&](Connection& connection) {
    return Done(connection.Run(
        "INSERT INTO node (token, name, version, renewals) VALUES ($1, $2, $3, 0)",
        {std::string_view(node.token), std::string_view(name), std::string_view(node.version)}));
  });
}

Result<bool> SqlNodes::Renew(std::string_view token) {
  return writer_.Call<bool>([&](Connection& connection) -> Result<bool> {
    Result<std::int64_t> rows =
        connection.Run("UPDATE node SET renewals = renewals + 1 WHERE token = $1", {token});
    if (!rows) return rows.error();
    return *rows == 1;
  });
}

Status SqlNodes::Leave(std::string_view token) {
  return writer_.Call<base::Unit>([&](Connection& connection) {
    return connection.RunAll({{"DELETE FROM node WHERE token = $1", {token}},
                              {"UPDATE lane SET node = '' WHERE node = $1", {token}}});
  });
}

Result<bool> SqlNodes::Expel(std::string_view token, std::int64_t renewals) {
  return writer_.Call<bool>([&](Connection& connection) -> Result<bool> {
    // One that stopped in the middle of a transaction is waited for by the next look, not here.
    Result<std::int64_t> rows = connection.Run(
        "DELETE FROM node WHERE token IN (SELECT token FROM node WHERE token = $1 "
        "AND renewals = $2 FOR UPDATE SKIP LOCKED)",
        {token, renewals});
    if (!rows) return rows.error();
    if (*rows == 0) return false;
    Status freed = Done(connection.Run("UPDATE lane SET node = '' WHERE node = $1", {token}));
    if (!freed) return freed.error();
    return true;
  });
}

Result<ClusterView> SqlNodes::Look() {
  return readers_.Read<ClusterView>([](Connection& connection) -> Result<ClusterView> {
    ClusterView view;
    Status read = connection.RunAll(
        {{"SELECT token, name, version, renewals FROM node ORDER BY token",
          {},
          [&](const Row& row) {
            view.nodes.push_back({row.Text(0), row.Text(1), row.Text(2), row.Int(3)});
          }},
         // Also of nodes that left their lanes behind in some way of their own.
         {"SELECT l.register, CASE WHEN n.token IS NULL THEN '' ELSE l.node END, l.bell "
          "FROM lane l LEFT JOIN node n ON n.token = l.node ORDER BY l.register",
          {},
          [&](const Row& row) {
            view.lanes.push_back({row.Int(0), row.Text(1), row.Int(2)});
          }}});
    if (!read) return read.error();
    return view;
  });
}

Result<TakenLanes> SqlNodes::Take(std::string_view token,
                                  const std::vector<task::RegisterKey>& lanes, base::WallTime now) {
  return writer_.Call<TakenLanes>([&](Connection& connection) -> Result<TakenLanes> {
    Status alive = MustLive(connection, token);
    if (!alive) return alive.error();
    TakenLanes taken;
    std::vector<Statement> statements;
    for (const task::RegisterKey lane : lanes) {
      statements.push_back(
          {"INSERT INTO lane (register) VALUES ($1) ON CONFLICT (register) DO NOTHING", {lane}});
      statements.push_back(
          {"UPDATE lane SET node = $2 WHERE register IN (SELECT l.register FROM lane l "
           "WHERE l.register = $1 AND (l.node = '' OR NOT EXISTS "
           "(SELECT 1 FROM node n WHERE n.token = l.node)) FOR UPDATE OF l SKIP LOCKED) "
           "RETURNING register",
           {lane, token},
           [&](const Row& row) { taken.lanes.push_back(row.Int(0)); }});
    }
    Status inserted = connection.RunAll(statements);
    if (inserted.ok()) inserted = Recover(connection, dialect_, write_result_, now, &taken);
    if (!inserted) return inserted.error();
    return taken;
  });
}

Result<TakenLanes> SqlNodes::Fetch(std::string_view token, task::RegisterKey lane,
                                   base::WallTime now) {
  return writer_.Call<TakenLanes>([&](Connection& connection) -> Result<TakenLanes> {
    Status alive = MustLive(connection, token);
    if (!alive) return alive.error();
    TakenLanes taken;
    // Two statements: the second sees what was claimed while the first waited for the row.
    Status fetched = connection.RunAll(
        {{"SELECT 1 FROM lane WHERE register = $1 FOR UPDATE", {lane}},
         {"UPDATE lane SET node = $2 WHERE register = $1 AND NOT EXISTS (SELECT 1 FROM task t "
          "WHERE t.month = 0 AND t.register = $1 AND t.state IN (1, 2, 3) AND t.lease <> '' AND "
          "t.due_at = 0) "
          "RETURNING register",
          {lane, token},
          [&](const Row& row) { taken.lanes.push_back(row.Int(0)); }}});
    if (fetched.ok()) fetched = Recover(connection, dialect_, write_result_, now, &taken);
    if (!fetched) return fetched.error();
    return taken;
  });
}

Status SqlNodes::GiveUp(std::string_view token, const std::vector<task::RegisterKey>& lanes) {
  return writer_.Call<base::Unit>([&](Connection& connection) {
    std::vector<Statement> statements;
    for (const task::RegisterKey lane : lanes) {
      statements.push_back(
          {"UPDATE lane SET node = '' WHERE register = $1 AND node = $2 AND NOT EXISTS "
           "(SELECT 1 FROM task t WHERE t.month = 0 AND t.register = $1 AND t.state IN (1, 2, 3) "
           "AND t.lease <> '' AND t.due_at = 0)",
           {lane, token}});
    }
    return connection.RunAll(statements);
  });
}

Status SqlNodes::Ring(task::RegisterKey lane) {
  return writer_.Call<base::Unit>([&](Connection& connection) {
    return Done(connection.Run("UPDATE lane SET bell = bell + 1 WHERE register = $1", {lane}));
  });
}

Result<std::pair<std::int64_t, std::int64_t>> SqlNodes::LastNumbers() {
  using Numbers = std::pair<std::int64_t, std::int64_t>;
  return readers_.Read<Numbers>([](Connection& connection) -> Result<Numbers> {
    Numbers last;
    Status read =
        connection.RunAll({{"SELECT coalesce(max(seq), 0) FROM task",
                            {},
                            [&](const Row& r) { last.first = r.Int(0); }},
                           {"SELECT coalesce(max(seq), 0) FROM event", {}, [&](const Row& r) {
                              last.second = r.Int(0);
                            }}});
    if (!read) return read.error();
    return last;
  });
}

Result<News> SqlNodes::NewsOf(const Unseen& tasks, const Unseen& events) {
  const std::string missing_tasks = ArrayOf(tasks.missing),
                    missing_events = ArrayOf(events.missing);
  return readers_.Read<News>([&](Connection& connection) -> Result<News> {
    News news;
    const std::int64_t most = base::kMaxNewsPerLook;
    Status read = connection.RunAll(
        {{"SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint), "
          "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)",
          {},
          [&](const Row& row) {
            news.oldest_running = row.Int(0);
            news.next_transaction = row.Int(1);
          }},
         {"SELECT seq, register FROM task WHERE month = 0 AND seq > $1 ORDER BY seq LIMIT $2",
          {tasks.above, most},
          [&](const Row& row) {
            news.accepted.push_back({row.Int(0), row.Int(1)});
          }},
         {"SELECT seq, task, shop FROM event WHERE seq > $1 ORDER BY seq LIMIT $2",
          {events.above, most},
          [&](const Row& row) {
            news.events.push_back({row.Int(0), row.Int(1), row.Int(2)});
          }}});
    if (read.ok() && !tasks.missing.empty()) {
      read = Done(connection.Run(
          "SELECT seq, register FROM task WHERE month = 0 AND seq = ANY (CAST($1 AS bigint[]))",
          {std::string_view(missing_tasks)}, [&](const Row& row) {
            news.accepted.push_back({row.Int(0), row.Int(1)});
          }));
    }
    if (read.ok() && !events.missing.empty()) {
      read = Done(
          connection.Run("SELECT seq, task, shop FROM event WHERE seq = ANY (CAST($1 AS bigint[]))",
                         {std::string_view(missing_events)}, [&](const Row& row) {
                           news.events.push_back({row.Int(0), row.Int(1), row.Int(2)});
                         }));
    }
    if (!read) return read.error();
    return news;
  });
}

Result<std::vector<task::RegisterKey>> SqlNodes::QueuedLanes(std::string_view token) {
  using Lanes = std::vector<task::RegisterKey>;
  return readers_.Read<Lanes>([&](Connection& connection) -> Result<Lanes> {
    Lanes lanes;
    Status read = Done(connection.Run(
        "SELECT l.register FROM lane l WHERE l.node = $1 AND EXISTS "
        "(SELECT 1 FROM task t WHERE t.month = 0 AND t.register = l.register AND t.state = 0)",
        {token}, [&](const Row& row) { lanes.push_back(row.Int(0)); }));
    if (!read) return read.error();
    return lanes;
  });
}

}  // namespace fiscalgate::store
