#include "lib/store/rows.h"

#include "lib/base/check.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::store {
namespace {

using task::State;

constexpr std::pair<State, std::int64_t> kStates[] = {
    {State::kQueued, 0}, {State::kSending, 1}, {State::kWaiting, 2},    {State::kUnknown, 3},
    {State::kDone, 10},  {State::kFailed, 11}, {State::kCancelled, 12},
};

std::optional<ffd::FiscalMark> MarkFromText(const std::string& text) {
  if (text.empty()) return std::nullopt;
  Result<base::JsonDocument> document = base::ParseJson(text);
  FG_CHECK(document.ok());  // written by us
  return ffd::ReadFiscalMark(document->root());
}

task::CommandResult ResultFromRow(const Row& row) {
  task::CommandResult result;
  result.index = static_cast<int>(row.Int(0));
  result.name = row.Text(1);
  result.type = row.Text(2);
  result.state = static_cast<task::CommandState>(row.Int(3));
  result.text = row.Text(4);
  result.raw = row.Text(5);
  result.mark = MarkFromText(row.Text(6));
  return result;
}

}  // namespace

std::int64_t StoredState(State state) {
  for (const auto& [name, stored] : kStates) {
    if (name == state) return stored;
  }
  base::CheckFailed("every state has a code", __FILE__, __LINE__);
}

State StateFromStored(std::int64_t stored) {
  for (const auto& [state, code] : kStates) {
    if (code == stored) return state;
  }
  base::CheckFailed("a stored state is one of ours", __FILE__, __LINE__);
}

std::int64_t StoredKind(task::AttemptKind kind) { return kind == task::AttemptKind::kSend ? 0 : 1; }
std::int64_t StoredCallbackState(CallbackState state) { return static_cast<std::int64_t>(state); }
std::int64_t StoredCommandState(task::CommandState state) {
  return static_cast<std::int64_t>(state);
}

task::Task TaskFromRow(const Row& row) {
  task::Task task;
  task.seq = row.Int(0);
  task.id = row.Text(1);
  task.shop = row.Int(2);
  task.register_key = row.Int(3);
  task.order_id = row.Text(4);
  task.state = StateFromStored(row.Int(5));
  task.lease = row.Text(6);
  task.attempts = static_cast<int>(row.Int(7));
  task.wait_reason = row.Text(8);
  task.error = row.Text(9);
  task.notes = row.Text(10);
  task.accepted_at = base::FromMillis(row.Int(11));
  task.changed_at = base::FromMillis(row.Int(12));
  task.priority = static_cast<task::Priority>(row.Int(13));
  task.deadline_at = TimeFromStored(row.Int(14));
  task.group = row.Int(15);
  task.repeats = static_cast<int>(row.Int(16));
  task.error_code = row.Text(17);
  task.error_class = static_cast<task::ErrorClass>(row.Int(18));
  task.paid_without_receipt = row.Int(19) != 0;
  task.number = row.Int(20);
  task.asks = static_cast<int>(row.Int(21));
  task.due_at = TimeFromStored(row.Int(22));
  return task;
}

Callback CallbackFromRow(const Row& row) {
  Callback callback;
  callback.key = row.Int(0);
  callback.webhook_id = row.Text(1);
  callback.shop = row.Int(2);
  callback.task = row.Int(3);
  callback.task_id = row.Text(4);
  callback.order_id = row.Text(5);
  callback.url = row.Text(6);
  callback.body = row.Text(7);
  callback.state = static_cast<CallbackState>(row.Int(8));
  callback.attempts = static_cast<int>(row.Int(9));
  callback.due_at = base::FromMillis(row.Int(10));
  callback.last_status = static_cast<int>(row.Int(11));
  callback.last_error = row.Text(12);
  return callback;
}

Result<task::Package> ReadPackage(Connection& connection, task::TaskSeq seq) {
  task::Package package;
  Result<std::int64_t> rows = connection.Run(
      "SELECT commands, callback_success, callback_failed, prog_url FROM package WHERE task = $1",
      {seq}, [&](const Row& row) {
        package = {row.Text(0), row.Text(1), row.Text(2), row.Text(3)};
      });
  if (!rows) return rows.error();
  return package;
}

Result<std::vector<task::CommandResult>> ReadResults(Connection& connection, task::TaskSeq seq) {
  std::vector<task::CommandResult> results;
  Result<std::int64_t> rows = connection.Run(
      "SELECT place, name, type, state, text, raw, mark FROM command_result WHERE task = $1 "
      "ORDER BY place",
      {seq}, [&](const Row& row) { results.push_back(ResultFromRow(row)); });
  if (!rows) return rows.error();
  return results;
}

std::int64_t StoredTime(const std::optional<WallTime>& time) {
  return time ? base::ToMillis(*time) : 0;
}

std::optional<WallTime> TimeFromStored(std::int64_t stored) {
  if (stored == 0) return std::nullopt;
  return base::FromMillis(stored);
}

Result<std::optional<LaneHead>> CompleteHead(Connection& connection,
                                             std::optional<task::Task> task) {
  if (!task) return std::optional<LaneHead>();
  Result<task::Package> package = ReadPackage(connection, task->seq);
  if (!package) return package.error();
  Result<std::vector<task::CommandResult>> results = ReadResults(connection, task->seq);
  if (!results) return results.error();
  return std::optional<LaneHead>(
      LaneHead{std::move(*task), std::move(*package), std::move(*results)});
}

std::string Short(std::string_view text) { return base::Truncate(text, base::kMaxErrorBytes); }

std::string_view CallbackStateName(CallbackState state) {
  switch (state) {
    case CallbackState::kPending:
      return "pending";
    case CallbackState::kDelivered:
      return "delivered";
    case CallbackState::kDead:
      return "dead";
  }
  base::CheckFailed("every callback state has a name", __FILE__, __LINE__);
}

}  // namespace fiscalgate::store
