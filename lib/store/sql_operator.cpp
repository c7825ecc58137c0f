// What a person may do to a task. Each act is checked against the state in the statement that does
// it, and leaves a line in the audit trail.
#include <algorithm>

#include "lib/base/json.h"
#include "lib/store/month.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using task::State;

struct Act {
  std::string_view name;  // for the audit trail
  State from;
  std::string_view id, who, why;
  WallTime now;
};

Result<task::Task> TaskInState(Connection& connection, const Act& act) {
  std::optional<task::Task> task;
  Status read = ReadTaskById(connection, act.id, [&](const Row& row) { task = TaskFromRow(row); });
  if (!read) return read.error();
  if (!task) return Error{Code::kNotFound, "no task has this id"};
  if (task->state == act.from) return std::move(*task);
  return Error{Code::kConflict, "the task is " + std::string(task::StateName(task->state)) +
                                    "; only a task that is " +
                                    std::string(task::StateName(act.from)) + " allows this"};
}

Status Note(Connection& connection, const Act& act) {
  Status audited = WriteAudit(connection, {act.who, act.name, act.id, act.why, act.now});
  if (!audited) return audited;
  return BumpOperatorVersion(connection);
}

// Between the look and the change nothing can happen inside one transaction of the only writer of
// SQLite; another engine may say otherwise.
Status Changed(bool moved) {
  if (moved) return base::Ok();
  return Error{Code::kConflict, "the task has just changed; look again"};
}

// Back to its place in the lane; whoever says so wants it sent, however late. A lease of a running
// ask is taken away: its answer comes too late. Notes stay: a conversation goes on from them.
Status Requeue(Connection& connection, const task::Task& task, WallTime now) {
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET state = 0, lease = '', error = '', wait_reason = '', changed_at = $1, "
      "deadline_at = 0, repeats = 0, asks = 0, error_code = '', error_class = 0, month = 0 "
      "WHERE seq = $2 AND month IN " FG_MONTHS_OF("$2") " AND state = $3 AND lease = $4",
      {base::ToMillis(now), task.seq, StoredState(task.state), std::string_view(task.lease)});
  if (!rows) return rows.error();
  return Changed(*rows == 1);
}

// What of the package is not known to be done, as done by the word of an operator.
Result<std::vector<task::CommandResult>> SettledResults(Connection& connection, task::TaskSeq seq,
                                                        const Act& act) {
  Result<task::Package> package = ReadPackage(connection, seq);
  if (!package) return package.error();
  Result<std::vector<task::CommandResult>> known = ReadResults(connection, seq);
  if (!known) return known.error();
  Result<base::JsonDocument> document = base::ParseJson(package->commands);
  if (!document) return document.error();
  std::vector<task::CommandResult> settled;
  int index = 0;
  for (const base::JsonValue& command : document->root().items) {
    const auto done = [&](const task::CommandResult& result) {
      return result.index == index && result.state == task::CommandState::kDone;
    };
    if (std::none_of(known->begin(), known->end(), done)) {
      task::CommandResult& result = settled.emplace_back();
      result.index = index;
      result.name = command.FindText("name");
      result.type = command.FindText("type");
      result.state = task::CommandState::kDone;
      result.text = Short("settled as done by " + std::string(act.who));
    }
    ++index;
  }
  return settled;
}

// A mark is of one receipt: the first that was not known to be done.
void AttachMark(const std::optional<ffd::FiscalMark>& mark,
                std::vector<task::CommandResult>* results) {
  if (!mark || results->empty()) return;
  for (task::CommandResult& result : *results) {
    if (result.type == "kktReceiptFiscalization") {
      result.mark = mark;
      return;
    }
  }
  results->front().mark = mark;
}

Status SettlePrinted(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                     const std::optional<ffd::FiscalMark>& mark, const Act& act) {
  Result<std::vector<task::CommandResult>> results = SettledResults(connection, task.seq, act);
  if (!results) return results.error();
  AttachMark(mark, &*results);
  Result<bool> moved = outcomes.Write(task, {State::kDone, "", std::move(*results)}, act.now);
  if (!moved) return moved.error();
  return Changed(*moved);
}

}  // namespace

Status SqlStore::CancelTask(std::string_view id, const std::string& who, const std::string& why,
                            WallTime now) {
  const Act act{"cancel task", State::kQueued, id, who, why, now};
  return Do([&](Connection& connection) -> Status {
    Result<task::Task> task = TaskInState(connection, act);
    if (!task) return task.error();
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    const std::string error = why.empty() ? "cancelled" : "cancelled: " + why;
    Result<bool> moved = outcomes.Write(*task, {State::kCancelled, error, {}}, now);
    if (!moved) return moved.error();
    Status changed = Changed(*moved);
    return changed.ok() ? Note(connection, act) : changed;
  });
}

Status SqlStore::RetryTask(std::string_view id, const std::string& who, const std::string& why,
                           WallTime now) {
  const Act act{"retry task", State::kFailed, id, who, why, now};
  return Do([&](Connection& connection) -> Status {
    Result<task::Task> task = TaskInState(connection, act);
    if (!task) return task.error();
    Status requeued = Requeue(connection, *task, now);
    return requeued.ok() ? Note(connection, act) : requeued;
  });
}

Status SqlStore::SettleTask(std::string_view id, bool printed,
                            const std::optional<ffd::FiscalMark>& mark, const std::string& who,
                            const std::string& why, WallTime now) {
  const Act act{printed ? "settle task as printed" : "settle task as not printed",
                State::kUnknown,
                id,
                who,
                why,
                now};
  return Do([&](Connection& connection) -> Status {
    Result<task::Task> task = TaskInState(connection, act);
    if (!task) return task.error();
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    Status settled = printed ? SettlePrinted(connection, outcomes, *task, mark, act)
                             : Requeue(connection, *task, now);
    if (!settled) return settled;
    Trip trip;
    AddAttemptEnd(
        {task->seq, task->attempts, "no_answer", 0, "settled by an operator meanwhile", now},
        &trip);
    Status ended = trip.Run(connection);
    return ended.ok() ? Note(connection, act) : ended;
  });
}

}  // namespace fiscalgate::store
