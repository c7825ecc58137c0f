// What is shown: one task with all about it, lists, the feed, gauges.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/store/lanes.h"
#include "lib/store/month.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_agents.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

std::int64_t Bounded(int limit) { return std::clamp(limit, 0, base::kMaxRowsPerRead); }

task::Attempt AttemptFromRow(const Row& row) {
  task::Attempt attempt;
  attempt.number = static_cast<int>(row.Int(0));
  attempt.kind = row.Int(1) == 0 ? task::AttemptKind::kSend : task::AttemptKind::kAsk;
  attempt.tries = static_cast<int>(row.Int(2));
  attempt.started_at = base::FromMillis(row.Int(3));
  if (!row.IsNull(4)) attempt.ended_at = base::FromMillis(row.Int(4));
  attempt.sent_to = row.Text(5);
  attempt.result = row.Text(6);
  attempt.http_status = static_cast<int>(row.Int(7));
  attempt.detail = row.Text(8);
  attempt.told_by_agent = row.Int(9) != 0;
  return attempt;
}

Status ReadAttempts(Connection& connection, TaskView* view) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT number, kind, tries, started_at, ended_at, sent_to, result, http_status, detail, "
      "told_by_agent FROM attempt WHERE task = $1 ORDER BY number DESC LIMIT $2",
      {view->task.seq, std::int64_t{base::kMaxAttemptsPerView}},
      [&](const Row& row) { view->attempts.push_back(AttemptFromRow(row)); });
  if (!rows) return rows.error();
  std::reverse(view->attempts.begin(), view->attempts.end());
  return base::Ok();
}

Status ReadCallback(Connection& connection, std::int64_t key, TaskView* view) {
  if (key == 0) return base::Ok();
  Result<std::int64_t> rows =
      connection.Run("SELECT " FG_CALLBACK_COLUMNS " FROM callback c WHERE c.key = $1", {key},
                     [&](const Row& row) { view->callback = CallbackFromRow(row); });
  if (!rows) return rows.error();
  if (!view->callback) return base::Ok();
  view->callback->task_id = view->task.id;
  view->callback->order_id = view->task.order_id;
  return base::Ok();
}

Status ReadBehind(Connection& connection, TaskView* view) {
  if (view->task.state != task::State::kQueued) return base::Ok();
  bool passes_unknown = false, takes_many = false;
  Result<std::int64_t> rows =
      connection.Run("SELECT pass_unknown, provider <> 'bit' FROM register WHERE key = $1",
                     {view->task.register_key}, [&](const Row& row) {
                       passes_unknown = row.Int(0) != 0;
                       takes_many = row.Int(1) != 0;
                     });
  if (!rows) return rows.error();
  constexpr std::string_view kQueued = "SELECT " FG_FIRST_QUEUED;
  constexpr std::string_view kAny =
      "SELECT coalesce(" FG_FIRST_IN_FLIGHT ", " FG_FIRST_UNKNOWN ", " FG_FIRST_QUEUED ")";
  constexpr std::string_view kKnown =
      "SELECT coalesce(" FG_FIRST_IN_FLIGHT ", " FG_FIRST_UNKNOWN_SERVICE ", " FG_FIRST_QUEUED ")";
  const std::string_view first = takes_many ? kQueued : passes_unknown ? kKnown : kAny;
  rows = connection.Run(first, {view->task.register_key}, [&](const Row& row) {
    if (!row.IsNull(0) && row.Int(0) != view->task.seq) view->behind = row.Int(0);
  });
  if (!rows) return rows.error();
  return base::Ok();
}

Status CompleteView(Connection& connection, std::int64_t callback_key, TaskView* view) {
  Result<task::Package> package = ReadPackage(connection, view->task.seq);
  if (!package) return package.error();
  view->package = std::move(*package);
  Result<std::vector<task::CommandResult>> results = ReadResults(connection, view->task.seq);
  if (!results) return results.error();
  view->results = std::move(*results);
  Status status = ReadAttempts(connection, view);
  if (status.ok()) status = ReadEvidence(connection, view);
  if (status.ok()) status = ReadCallback(connection, callback_key, view);
  if (status.ok()) status = ReadBehind(connection, view);
  return status;
}

struct Found {
  std::optional<TaskView> view;
  std::int64_t callback_key = 0;

  void Take(const Row& row) {
    view.emplace().task = TaskFromRow(row);
    view->event_seq = row.Int(kTaskColumns);
    callback_key = row.Int(kTaskColumns + 1);
  }
};

Result<std::optional<TaskView>> Complete(Connection& connection, Found found) {
  if (!found.view) return std::optional<TaskView>();
  Status complete = CompleteView(connection, found.callback_key, &*found.view);
  if (!complete) return complete.error();
  return std::move(found.view);
}

// A list is asked for by any mix of conditions: a statement and its values, grown together.
struct ListQuery {
  std::string sql = "SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq > 0";
  std::vector<Param> params;

  void Add(std::string_view condition, Param value) {
    params.push_back(value);
    sql.append(condition).append(" = $").append(std::to_string(params.size()));
  }
};

// States are literals: only so does a plan know the index they are in, and that what lives is all
// in one place.
void AddState(task::State state, ListQuery* query) {
  const std::int64_t stored = StoredState(state);
  query->sql += " AND t.state = " + std::to_string(stored);
  if (!task::IsFinal(state)) query->sql += " AND t.month = 0";
  if (stored >= 1 && stored <= 3) query->sql += " AND t.state IN (1, 2, 3)";
}

ListQuery QueryOf(const TaskFilter& filter, const std::string& orders) {
  ListQuery query;
  if (filter.shop) query.Add(" AND t.shop", *filter.shop);
  if (filter.register_key) query.Add(" AND t.register", *filter.register_key);
  if (filter.state) AddState(*filter.state, &query);
  if (!filter.order_id.empty()) {
    query.sql += " AND t.seq IN (SELECT o.seq FROM " + orders + " o WHERE";
    query.Add(" o.order_id", filter.order_id);
    if (filter.shop) {
      query.Add(" AND o.shop", *filter.shop);
    } else {  // each shop is looked up in the index of orders
      query.sql += " AND o.shop IN (SELECT key FROM shop UNION ALL SELECT 0)";
    }
    query.sql += ")";
  }
  if (filter.paid_without_receipt) query.sql += " AND t.paid_only = 1";
  query.params.push_back(Bounded(filter.limit));
  query.sql += " ORDER BY t.seq DESC LIMIT $" + std::to_string(query.params.size());
  return query;
}

Status ReadDepths(Connection& connection, Gauges* gauges) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT r.key, (SELECT count(*) FROM task t WHERE t.month = 0 AND t.register = r.key "
      "AND t.state = 0), (SELECT count(*) FROM task t WHERE t.month = 0 AND t.register = r.key "
      "AND t.state IN (1, 2, 3)) FROM register r ORDER BY r.key",
      {}, [&](const Row& row) {
        gauges->lanes.push_back({row.Int(0), row.Int(1) + row.Int(2)});
        gauges->queued += row.Int(1);
      });
  if (!rows) return rows.error();
  rows = connection.Run(
      "SELECT count(*), min(changed_at) FROM task "
      "WHERE month = 0 AND state IN (1, 2, 3) AND state = 3",
      {}, [&](const Row& row) {
        gauges->unknown = row.Int(0);
        if (!row.IsNull(1)) gauges->oldest_unknown = base::FromMillis(row.Int(1));
      });
  if (!rows) return rows.error();
  return base::Ok();
}

Status ReadOldestQueued(Connection& connection, Gauges* gauges) {
  // The first of each priority: the line itself is not read.
  Result<std::int64_t> rows = connection.Run(
      "SELECT (SELECT t.accepted_at FROM task t WHERE t.month = 0 AND t.state = 0 "
      "AND t.register = r.key AND t.priority = p.number ORDER BY t.seq LIMIT 1) FROM register r "
      "CROSS JOIN "
      "(SELECT 0 AS number UNION ALL SELECT 1 UNION ALL SELECT 2) p",
      {}, [&](const Row& row) {
        if (row.IsNull(0)) return;
        const WallTime accepted = base::FromMillis(row.Int(0));
        gauges->oldest_queued = std::min(gauges->oldest_queued.value_or(accepted), accepted);
      });
  if (!rows) return rows.error();
  return base::Ok();
}

Status ReadCallbackGauges(Connection& connection, Gauges* gauges) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT (SELECT count(*) FROM callback WHERE state = 0), "
      "(SELECT count(*) FROM callback WHERE state = 2), "
      "(SELECT count(*) FROM task WHERE paid_only = 1)",
      {}, [&](const Row& row) {
        gauges->callbacks_pending = row.Int(0);
        gauges->callbacks_dead = row.Int(1);
        gauges->paid_without_receipt = row.Int(2);
      });
  if (!rows) return rows.error();
  rows = connection.Run(
      "SELECT (SELECT c.due_at FROM callback c WHERE c.state = 0 AND c.shop = s.key "
      "ORDER BY c.due_at LIMIT 1) FROM shop s",
      {}, [&](const Row& row) {
        if (row.IsNull(0)) return;
        const WallTime due = base::FromMillis(row.Int(0));
        gauges->oldest_callback_due = std::min(gauges->oldest_callback_due.value_or(due), due);
      });
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace

Result<std::optional<TaskView>> SqlStore::FindTask(std::string_view id) {
  return Read<std::optional<TaskView>>([&](Connection& connection) {
    Found found;
    Status read = ReadTaskById(connection, id, [&](const Row& row) { found.Take(row); });
    if (!read) return Result<std::optional<TaskView>>(read.error());
    return Complete(connection, std::move(found));
  });
}

Result<std::optional<TaskView>> SqlStore::FindTaskBySeq(task::TaskSeq seq) {
  return Read<std::optional<TaskView>>([&](Connection& connection) {
    Found found;
    Result<std::int64_t> rows = connection.Run(
        "SELECT " FG_TASK_COLUMNS
        ", t.event, t.callback FROM task t WHERE t.seq = $1 AND t.month IN " FG_MONTHS_OF("$1"),
        {seq}, [&](const Row& row) { found.Take(row); });
    if (!rows) return Result<std::optional<TaskView>>(rows.error());
    return Complete(connection, std::move(found));
  });
}

Result<int> SqlStore::CountAhead(const task::Task& task, int most) {
  return Read<int>([&](Connection& connection) -> Result<int> {
    std::int64_t count = 0;
    Result<std::int64_t> rows = connection.Run(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM task f WHERE f.month = 0 "
        "AND f.state IN (1, 2, 3) AND f.register = $1 AND f.seq <> $3 LIMIT $4) AS ahead) + "
        "(SELECT count(*) FROM (SELECT 1 FROM task q WHERE q.month = 0 AND q.state = 0 "
        "AND q.register = $1 AND (q.priority, q.seq) < ($2, $3) LIMIT $4) AS queued)",
        {task.register_key, static_cast<std::int64_t>(task.priority), task.seq, std::int64_t{most}},
        [&](const Row& row) { count = row.Int(0); });
    if (!rows) return rows.error();
    return std::min(static_cast<int>(count), most);
  });
}

Result<std::vector<task::Task>> SqlStore::ListTasks(const TaskFilter& filter) {
  using Tasks = std::vector<task::Task>;
  return Read<Tasks>([&](Connection& connection) -> Result<Tasks> {
    Tasks tasks;
    const ListQuery query = QueryOf(filter, dialect_.orders);
    Result<std::int64_t> rows = connection.Run(
        query.sql, query.params, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
    if (!rows) return rows.error();
    return tasks;
  });
}

Result<std::vector<Event>> SqlStore::EventsAfter(task::ShopKey shop, std::int64_t seq, int limit) {
  using Events = std::vector<Event>;
  return Read<Events>([&](Connection& connection) -> Result<Events> {
    Events events;
    Result<std::int64_t> rows = connection.Run(
        "SELECT e.seq, e.task, e.shop, e.state, e.result_json, e.happened_at "
        "FROM event e WHERE e.shop = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
        {shop, seq, Bounded(limit)}, [&](const Row& row) {
          events.push_back({row.Int(0), row.Int(1), "", "", row.Int(2), StateFromStored(row.Int(3)),
                            row.Text(4), base::FromMillis(row.Int(5))});
        });
    if (!rows) return rows.error();
    Status named = NameTasks(connection, &events);
    if (!named) return named.error();
    return events;
  });
}

Result<std::vector<Callback>> SqlStore::ListCallbacks(std::optional<CallbackState> state,
                                                      int limit) {
  using Callbacks = std::vector<Callback>;
  return Read<Callbacks>([&](Connection& connection) -> Result<Callbacks> {
    Callbacks callbacks;
    const auto keep = [&](const Row& row) { callbacks.push_back(CallbackFromRow(row)); };
    Result<std::int64_t> rows =
        state ? connection.Run("SELECT " FG_CALLBACK_COLUMNS
                               " FROM callback c WHERE c.state = $1 "
                               "ORDER BY c.key DESC LIMIT $2",
                               {StoredCallbackState(*state), Bounded(limit)}, keep)
              : connection.Run("SELECT " FG_CALLBACK_COLUMNS
                               " FROM callback c ORDER BY c.key DESC LIMIT $1",
                               {Bounded(limit)}, keep);
    if (!rows) return rows.error();
    Status named = NameTasks(connection, &callbacks);
    if (!named) return named.error();
    return callbacks;
  });
}

Result<std::optional<Callback>> SqlStore::FindCallback(std::string_view webhook_id) {
  using MayBe = std::optional<Callback>;
  return Read<MayBe>([&](Connection& connection) -> Result<MayBe> {
    std::vector<Callback> found;
    Result<std::int64_t> rows = connection.Run(
        "SELECT " FG_CALLBACK_COLUMNS " FROM callback c WHERE c.webhook_id = $1", {webhook_id},
        [&](const Row& row) { found.push_back(CallbackFromRow(row)); });
    if (!rows) return rows.error();
    Status named = NameTasks(connection, &found);
    if (!named) return named.error();
    if (found.empty()) return MayBe();
    return MayBe(std::move(found.front()));
  });
}

Result<Gauges> SqlStore::ReadGauges() {
  return Read<Gauges>([](Connection& connection) -> Result<Gauges> {
    Gauges gauges;
    Status status = ReadDepths(connection, &gauges);
    if (status.ok()) status = ReadOldestQueued(connection, &gauges);
    if (status.ok()) status = ReadCallbackGauges(connection, &gauges);
    if (!status) return status.error();
    return gauges;
  });
}

GroupStats SqlStore::group_stats() const { return writer_.stats(); }

}  // namespace fiscalgate::store
