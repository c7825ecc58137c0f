#include "lib/store/restored.h"

#include "lib/http/url.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using task::State;

constexpr std::int64_t kTasksAtOnce = 500;
constexpr std::int64_t kSkippedEvents = 1'000'000'000;

// Where it would have been sent, had it been sent after the copy was made: a register that answers
// the same order with its first result may be asked there.
Result<std::string> WhereItWouldGo(Connection& connection, const task::Task& task) {
  std::string address;
  Result<std::int64_t> rows = connection.Run(
      "SELECT r.provider, r.via, r.url, p.prog_url FROM register r, package p "
      "WHERE r.key = $1 AND p.task = $2",
      {task.register_key, task.seq}, [&](const Row& row) {
        if (row.Text(0) != "bit") return;
        if (row.Text(1) == "agent") {
          address = "agent";
          return;
        }
        const std::string posted = row.Text(3);
        const auto url = http::Url::Parse(posted.empty() ? row.Text(2) : posted);
        if (url.ok()) address = url->Origin();
      });
  if (!rows) return rows.error();
  return address;
}

Result<std::string> WhereItWent(Connection& connection, const task::Task& task) {
  std::string address;
  Result<std::int64_t> rows = connection.Run(
      "SELECT sent_to FROM attempt WHERE task = $1 AND number = $2",
      {task.seq, std::int64_t{task.attempts}}, [&](const Row& row) { address = row.Text(0); });
  if (!rows) return rows.error();
  if (*rows > 0) return address;
  return WhereItWouldGo(connection, task);
}

// Without a lease: no agent can have anything to say of it, and no silence proves anything.
Status AddAttempt(Connection& connection, const task::Task& task, const std::string& why,
                  WallTime at) {
  Result<std::string> sent_to = WhereItWent(connection, task);
  if (!sent_to) return sent_to.error();
  Trip trip;
  AddAttemptEnd({task.seq, task.attempts, "no_answer", 0, why, at}, &trip);
  Status ended = trip.Run(connection);
  if (!ended) return ended;
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO attempt (task, number, kind, tries, started_at, ended_at, sent_to, result, "
      "detail) VALUES ($1, $2, 0, 1, $3, $3, $4, 'no_answer', $5) "
      "ON CONFLICT (task, number) DO UPDATE SET kind = 0, tries = 1, "
      "started_at = excluded.started_at, ended_at = excluded.ended_at, "
      "sent_to = excluded.sent_to, result = excluded.result, http_status = 0, "
      "detail = excluded.detail, lease = '', agent = '', told_by_agent = 0",
      {task.seq, std::int64_t{task.attempts} + 1, base::ToMillis(at), std::string_view(*sent_to),
       std::string_view(why)});
  if (!rows) return rows.error();
  rows = connection.Run(
      "UPDATE task SET attempts = attempts + 1, lease = '', due_at = 0, error = $1 "
      "WHERE seq = $2 AND month = 0 AND state = 3",
      {std::string_view(why), task.seq});
  if (!rows) return rows.error();
  return base::Ok();
}

Status Distrust(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                const std::string& why, WallTime now) {
  if (task.state != State::kUnknown) {
    Result<bool> moved = outcomes.Write(task, {State::kUnknown, why, {}}, now);
    if (!moved) return moved.error();
  }
  return AddAttempt(connection, task, why, now);
}

Result<std::vector<task::Task>> LiveTasksAfter(Connection& connection, task::TaskSeq seq) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows = connection.Run(
      "SELECT " FG_TASK_COLUMNS
      " FROM task t WHERE t.month = 0 AND t.state < 10 AND t.seq > $1 ORDER BY t.seq LIMIT $2",
      {seq, kTasksAtOnce}, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
  if (!rows) return rows.error();
  return tasks;
}

// A shop that has read the feed beyond what this copy knows would not see what comes next: keys go
// on where none can have been.
Status SkipEvents(Connection& connection, const Dialect& dialect) {
  std::int64_t next = 0;
  Result<std::int64_t> done = connection.Run(dialect.event_numbers, {std::int64_t{1}},
                                             [&](const Row& row) { next = row.Int(0); });
  if (done.ok()) {
    done = connection.Run("UPDATE meta SET value = $1 WHERE name = 'last_event'",
                          {next + kSkippedEvents});
  }
  if (done.ok() && !dialect.restart_counter.empty()) {
    done = connection.Run(Filled(dialect.restart_counter, "event", "seq"));
  }
  return done ? base::Ok() : Status(done.error());
}

}  // namespace

Result<std::int64_t> DistrustCopy(Connection& connection, const Dialect& dialect,
                                  const ResultWriter& write_result, const RestoredFrom& from) {
  const std::string taken = base::FormatUtc(from.taken_at);
  const std::string why =
      "restored from a backup of " + taken + "; the register or an operator decides";
  OutcomeWriter outcomes(connection, dialect, write_result);
  Status done = SkipEvents(connection, dialect);
  std::int64_t count = 0;
  for (task::TaskSeq last = 0; done.ok();) {
    Result<std::vector<task::Task>> tasks = LiveTasksAfter(connection, last);
    if (!tasks) return tasks.error();
    if (tasks->empty()) break;
    for (const task::Task& task : *tasks) {
      if (done.ok()) done = Distrust(connection, outcomes, task, why, from.now);
    }
    count += static_cast<std::int64_t>(tasks->size());
    last = tasks->back().seq;
  }
  if (done.ok()) {
    const std::string result = std::to_string(count) + " tasks are unknown now";
    done = WriteAudit(connection, {from.who, "restore store", taken, result, from.now});
  }
  if (done.ok()) done = BumpOperatorVersion(connection);
  if (!done) return done.error();
  return count;
}

}  // namespace fiscalgate::store
