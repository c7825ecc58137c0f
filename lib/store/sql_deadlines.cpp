// Tasks that end before they were sent: their time is over, or their shop took them back.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using task::State;

Result<std::vector<task::Task>> Overdue(Connection& connection, WallTime now, int limit) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows =
      connection.Run("SELECT " FG_TASK_COLUMNS
                     " FROM task t WHERE t.month = 0 AND t.state = 0 AND t.deadline_at > 0 "
                     "AND t.deadline_at <= $1 ORDER BY t.deadline_at LIMIT $2",
                     {base::ToMillis(now), std::int64_t{limit}},
                     [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
  if (!rows) return rows.error();
  return tasks;
}

task::Outcome TooLate(const task::Task& task) {
  task::Outcome outcome;
  outcome.state = State::kFailed;
  outcome.error = "срок истёк: чек не был отправлен до " + base::FormatUtc(*task.deadline_at);
  if (!task.wait_reason.empty()) outcome.error += " (" + task.wait_reason + ")";
  outcome.error_code = "deadline_passed";
  return outcome;
}

// A card that was charged, or the first of two receipts: "cancelled" would say that there is none.
Result<bool> IsDoneInPart(Connection& connection, task::TaskSeq seq) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT place FROM command_result WHERE task = $1 AND state = 0 LIMIT 1", {seq});
  if (!rows) return rows.error();
  return *rows > 0;
}

}  // namespace

Result<std::vector<task::Task>> SqlStore::ExpireTasks(WallTime now, int limit) {
  using Tasks = std::vector<task::Task>;
  // Looked at first on a reading connection: there is hardly ever anything to write.
  Result<Tasks> overdue =
      Read<Tasks>([&](Connection& connection) { return Overdue(connection, now, 1); });
  if (!overdue.ok() || overdue->empty()) return overdue;
  return writer_.Call<Tasks>([&](Connection& connection) -> Result<Tasks> {
    Result<Tasks> tasks = Overdue(connection, now, std::min(limit, base::kMaxExpiredPerTurn));
    if (!tasks) return tasks.error();
    std::vector<task::Outcome> outcomes;
    for (const task::Task& task : *tasks) outcomes.push_back(TooLate(task));
    std::vector<Ending> endings(tasks->size());
    for (std::size_t i = 0; i < endings.size(); ++i) {
      endings[i].task = (*tasks)[i];
      endings[i].outcome = &outcomes[i];
      endings[i].at = now;
    }
    Result<std::vector<bool>> moved =
        OutcomeWriter(connection, dialect_, write_result_).WriteAll(endings);
    if (!moved) return moved.error();
    Tasks ended;
    for (std::size_t i = 0; i < endings.size(); ++i) {
      if (!(*moved)[i]) continue;
      Result<std::optional<task::Task>> after = ReadTask(connection, (*tasks)[i].seq);
      if (!after) return after.error();
      ended.push_back(std::move(**after));
    }
    return ended;
  });
}

Result<task::Task> SqlStore::WithdrawTask(std::string_view id, task::ShopKey shop,
                                          const std::string& who, WallTime now) {
  return writer_.Call<task::Task>([&](Connection& connection) -> Result<task::Task> {
    std::optional<task::Task> task;
    Status read = ReadTaskById(connection, id, [&](const Row& row) { task = TaskFromRow(row); });
    if (!read) return read.error();
    if (!task || task->shop != shop)
      return Error{Code::kNotFound, "no task of this shop has this id"};
    if (task->state != State::kQueued) return std::move(*task);
    Result<bool> in_part = IsDoneInPart(connection, task->seq);
    if (!in_part) return in_part.error();
    if (*in_part) return std::move(*task);
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    Result<bool> moved = outcomes.Write(*task, {State::kCancelled, "cancelled", {}}, now);
    if (!moved) return moved.error();
    if (*moved) {
      Status noted = WriteAudit(connection, {who, "cancel task", id, "", now});
      if (!noted) return noted.error();
    }
    Result<std::optional<task::Task>> after = ReadTask(connection, task->seq);
    if (!after) return after.error();
    return std::move(**after);
  });
}

}  // namespace fiscalgate::store
