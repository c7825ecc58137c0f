#include "lib/store/rows.h"

#include "lib/base/check.h"
#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/store/month.h"
#include "lib/store/trip.h"

namespace fiscalgate::store {
namespace {

using task::State;

constexpr std::pair<State, std::int64_t> kStates[] = {
    {State::kQueued, 0}, {State::kSending, 1}, {State::kWaiting, 2},    {State::kUnknown, 3},
    {State::kDone, 10},  {State::kFailed, 11}, {State::kCancelled, 12},
};

// The month of an id is that of the clock of the gateway that made it: hardly ever another than
// the one in the number of its task, so that its partition is the first to look into.
Month MonthOfId(std::string_view id) {
  const std::string bytes = base::DecodeBase32(id);
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 6 && i < bytes.size(); ++i) {
    ms = ms << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return MonthAt(base::FromMillis(ms));
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

task::Package PackageFromRow(const Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3)};
}

Callback CallbackFromRow(const Row& row) {
  Callback callback;
  callback.key = row.Int(0);
  callback.webhook_id = row.Text(1);
  callback.shop = row.Int(2);
  callback.task = row.Int(3);
  callback.url = row.Text(4);
  callback.body = row.Text(5);
  callback.state = static_cast<CallbackState>(row.Int(6));
  callback.attempts = static_cast<int>(row.Int(7));
  callback.due_at = base::FromMillis(row.Int(8));
  callback.last_status = static_cast<int>(row.Int(9));
  callback.last_error = row.Text(10);
  return callback;
}

std::string MarkText(const std::optional<ffd::FiscalMark>& mark) {
  if (!mark) return "";
  base::JsonWriter writer;
  ffd::WriteFiscalMark(*mark, &writer);
  return writer.Take();
}

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

Status ReadTaskById(Connection& connection, std::string_view id,
                    const std::function<void(const Row&)>& on_row) {
  Result<std::int64_t> rows =
      connection.Run("SELECT " FG_TASK_COLUMNS
                     ", t.event, t.callback FROM task t WHERE t.id = $1 AND t.month IN (0, 1, $2)",
                     {id, MonthOfId(id)}, on_row);
  if (rows.ok() && *rows == 0) {
    rows = connection.Run("SELECT " FG_TASK_COLUMNS
                          ", t.event, t.callback FROM task t WHERE t.id = $1",
                          {id}, on_row);
  }
  if (!rows) return rows.error();
  return base::Ok();
}

Result<std::map<task::TaskSeq, TaskName>> ReadTaskNames(Connection& connection,
                                                        const std::set<task::TaskSeq>& tasks) {
  std::map<task::TaskSeq, TaskName> names;
  Trip trip;
  for (const task::TaskSeq seq : tasks) {
    trip.Add("SELECT id, order_id FROM task WHERE seq = $1 AND month IN " FG_MONTHS_OF("$1"), {seq},
             [&names, seq](const Row& row) {
               names[seq] = {row.Text(0), row.Text(1)};
             });
  }
  Status read = trip.Run(connection);
  if (!read) return read.error();
  return names;
}

Result<task::Package> ReadPackage(Connection& connection, task::TaskSeq seq) {
  task::Package package;
  Result<std::int64_t> rows =
      connection.Run(kReadPackage, {seq}, [&](const Row& row) { package = PackageFromRow(row); });
  if (!rows) return rows.error();
  return package;
}

Result<std::vector<task::CommandResult>> ReadResults(Connection& connection, task::TaskSeq seq) {
  std::vector<task::CommandResult> results;
  Result<std::int64_t> rows = connection.Run(
      kReadResults, {seq}, [&](const Row& row) { results.push_back(ResultFromRow(row)); });
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
  std::vector<task::Task> tasks;
  tasks.push_back(std::move(*task));
  Result<std::vector<LaneHead>> heads = CompleteHeads(connection, std::move(tasks));
  if (!heads) return heads.error();
  return std::optional<LaneHead>(std::move(heads->front()));
}

Result<std::vector<LaneHead>> CompleteHeads(Connection& connection, std::vector<task::Task> tasks) {
  std::vector<LaneHead> heads(tasks.size());
  Trip trip;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    LaneHead& head = heads[i];
    head.task = std::move(tasks[i]);
    trip.Add(kReadPackage, {head.task.seq},
             [&head](const Row& row) { head.package = PackageFromRow(row); });
    trip.Add(kReadResults, {head.task.seq},
             [&head](const Row& row) { head.results.push_back(ResultFromRow(row)); });
  }
  Status read = trip.Run(connection);
  if (!read) return read.error();
  return heads;
}

std::string Short(std::string_view text) {
  const std::string clean = base::ToStorableText(base::Truncate(text, base::kMaxErrorBytes));
  return base::Truncate(clean, base::kMaxErrorBytes);
}

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
