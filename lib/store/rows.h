// How the words of lib/task are kept in rows: stored codes, column lists, and back. Shared by the
// sql_*.cpp files only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/store.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

// Stored states. Live ones are below 10.
//   0 queued  1 sending  2 waiting  3 unknown  10 done  11 failed  12 cancelled
std::int64_t StoredState(task::State state);
task::State StateFromStored(std::int64_t stored);

std::int64_t StoredKind(task::AttemptKind kind);            // 0 send, 1 ask
std::int64_t StoredCallbackState(CallbackState state);      // 0 pending, 1 delivered, 2 dead
std::int64_t StoredCommandState(task::CommandState state);  // 0 done, 1 failed, 2 not run

// Literals, so that a statement is one constant text. The alias of the table is part of them.
#define FG_TASK_COLUMNS                                                         \
  "t.seq, t.id, t.shop, t.register, t.order_id, t.state, t.lease, t.attempts, " \
  "t.wait_reason, t.error, t.notes, t.accepted_at, t.changed_at, "              \
  "t.priority, t.deadline_at, t.register_group, t.repeats, t.error_code, "      \
  "t.error_class, t.paid_only, t.number, t.asks, t.due_at"
inline constexpr int kTaskColumns = 23;  // a statement's own columns follow
task::Task TaskFromRow(const Row& row);

// Without what its task is called: ReadTaskNames.
#define FG_CALLBACK_COLUMNS                                                   \
  "c.key, c.webhook_id, c.shop, c.task, c.url, c.body, c.state, c.attempts, " \
  "c.due_at, c.last_status, c.last_error"
Callback CallbackFromRow(const Row& row);

inline constexpr std::string_view kReadPackage =
    "SELECT commands, callback_success, callback_failed, prog_url FROM package WHERE task = $1";
task::Package PackageFromRow(const Row& row);
inline constexpr std::string_view kReadResults =
    "SELECT place, name, type, state, text, raw, mark FROM command_result WHERE task = $1 "
    "ORDER BY place";
task::CommandResult ResultFromRow(const Row& row);

// "" = none.
std::string MarkText(const std::optional<ffd::FiscalMark>& mark);
std::optional<ffd::FiscalMark> MarkFromText(const std::string& text);

// ---- reads shared by several operations, on whatever connection the caller works on
using base::Result;
using base::Status;
Result<task::Package> ReadPackage(Connection& connection, task::TaskSeq seq);
Result<std::vector<task::CommandResult>> ReadResults(Connection& connection, task::TaskSeq seq);

// The row of that id, live or over: the columns of a task, then the keys of its event and callback.
Status ReadTaskById(Connection& connection, std::string_view id,
                    const std::function<void(const Row&)>& on_row);

// Looked up one by one, each in the partition where it is: a join would look into all of them.
struct TaskName {
  std::string id, order_id;
};
Result<std::map<task::TaskSeq, TaskName>> ReadTaskNames(Connection& connection,
                                                        const std::set<task::TaskSeq>& tasks);
// Fills in task_id and order_id; what belongs to an archived task is left out.
template <typename T>
Status NameTasks(Connection& connection, std::vector<T>* all) {
  std::set<task::TaskSeq> tasks;
  for (const T& each : *all) tasks.insert(each.task);
  Result<std::map<task::TaskSeq, TaskName>> names = ReadTaskNames(connection, tasks);
  if (!names) return names.error();
  std::erase_if(*all, [&](const T& each) { return !names->contains(each.task); });
  for (T& each : *all) {
    const TaskName& name = names->at(each.task);
    each.task_id = name.id;
    each.order_id = name.order_id;
  }
  return base::Ok();
}

// 0 = none.
std::int64_t StoredTime(const std::optional<WallTime>& time);
std::optional<WallTime> TimeFromStored(std::int64_t stored);

// The rest of what an attempt needs of its task.
Result<std::optional<LaneHead>> CompleteHead(Connection& connection,
                                             std::optional<task::Task> task);

Result<std::vector<LaneHead>> CompleteHeads(Connection& connection, std::vector<task::Task> tasks);

// A text from outside as it is stored: at most kMaxErrorBytes, and nothing a database refuses.
std::string Short(std::string_view text);

}  // namespace fiscalgate::store
