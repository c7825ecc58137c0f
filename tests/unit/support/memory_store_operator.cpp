// What a person does to tasks and callbacks of the store in memory.
#include <algorithm>

#include "lib/base/json.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using store::WallTime;
using task::CommandResult;
using task::State;

namespace {

// What of the package is not known to be done, as done by the word of an operator.
Result<std::vector<CommandResult>> SettledResults(const std::string& commands,
                                                  const std::vector<CommandResult>& known,
                                                  const std::string& who) {
  const Result<base::JsonDocument> document = base::ParseJson(commands);
  if (!document) return document.error();
  std::vector<CommandResult> settled;
  int index = -1;
  for (const base::JsonValue& command : document->root().items) {
    ++index;
    const bool done = std::any_of(known.begin(), known.end(), [&](const CommandResult& result) {
      return result.index == index && result.state == task::CommandState::kDone;
    });
    if (done) continue;
    CommandResult& result = settled.emplace_back();
    result.index = index;
    result.name = command.FindText("name");
    result.type = command.FindText("type");
    result.state = task::CommandState::kDone;
    result.text = "settled as done by " + who;
  }
  return settled;
}

// To the first receipt among them, or to the first of all.
void AttachMark(const std::optional<ffd::FiscalMark>& mark, std::vector<CommandResult>* results) {
  if (!mark || results->empty()) return;
  const auto receipt = std::find_if(
      results->begin(), results->end(),
      [](const CommandResult& result) { return result.type == "kktReceiptFiscalization"; });
  (receipt == results->end() ? results->front() : *receipt).mark = mark;
}

void Replay(store::Callback& callback, WallTime now) {
  callback.state = store::CallbackState::kPending;
  callback.attempts = 0;
  callback.due_at = now;
}

}  // namespace

Result<MemoryStore::Row*> MemoryStore::FindInState(std::string_view id, State state) {
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  Row* row = FindById(id);
  if (row == nullptr) return Error{Code::kNotFound, "no task has this id"};
  if (row->task.state == state) return row;
  return Error{Code::kConflict, "the task is " + std::string(task::StateName(row->task.state)) +
                                    "; only a task that is " + std::string(task::StateName(state)) +
                                    " allows this"};
}

// Whoever says so wants it sent, however late. Notes stay: a conversation goes on from them.
void MemoryStore::Requeue(Row& row, WallTime now) {
  row.task.state = State::kQueued;
  row.task.lease.clear();
  row.task.error.clear();
  row.task.error_code.clear();
  row.task.error_class = {};
  row.task.wait_reason.clear();
  row.task.deadline_at.reset();
  row.task.repeats = 0;
  row.task.asks = 0;
  row.task.changed_at = now;
  lanes_[row.task.register_key].emplace(row.task.seq, &row);
}

Status MemoryStore::CancelTask(std::string_view id, const std::string&, const std::string& why,
                               WallTime now) {
  std::lock_guard lock(mutex_);
  const Result<Row*> row = FindInState(id, State::kQueued);
  if (!row) return row.error();
  const std::string error = why.empty() ? "cancelled" : "cancelled: " + why;
  WriteOutcome(**row, {State::kCancelled, error, {}}, now);
  ++operator_version_;
  return base::Ok();
}

Status MemoryStore::RetryTask(std::string_view id, const std::string&, const std::string&,
                              WallTime now) {
  std::lock_guard lock(mutex_);
  const Result<Row*> row = FindInState(id, State::kFailed);
  if (!row) return row.error();
  Requeue(**row, now);
  ++operator_version_;
  return base::Ok();
}

Status MemoryStore::SettleTask(std::string_view id, bool printed,
                               const std::optional<ffd::FiscalMark>& mark, const std::string& who,
                               const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  const Result<Row*> found = FindInState(id, State::kUnknown);
  if (!found) return found.error();
  Row& row = **found;
  if (printed) {
    Result<std::vector<CommandResult>> results =
        SettledResults(row.package.commands, ResultsOf(row), who);
    if (!results) return results.error();
    AttachMark(mark, &*results);
    WriteOutcome(row, {State::kDone, "", std::move(*results)}, now);
  } else {
    Requeue(row, now);
  }
  store::Conclusion end;  // of an ask that runs
  end.result = "no_answer";
  end.detail = "settled by an operator meanwhile";
  end.at = now;
  EndAttempt(row, row.task.attempts, end);
  ++operator_version_;
  return base::Ok();
}

Status MemoryStore::ReplayCallback(std::string_view webhook_id, const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun;
  for (auto& [key, callback] : callbacks_) {
    if (callback.webhook_id != webhook_id) continue;
    Replay(callback, now);
    ++operator_version_;
    return base::Ok();
  }
  return Error{Code::kNotFound, "no callback has this id"};
}

Result<std::int64_t> MemoryStore::ReplayDeadCallbacks(task::ShopKey shop, const std::string&,
                                                      WallTime now) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  std::int64_t count = 0;
  for (auto& [key, callback] : callbacks_) {
    if (callback.shop != shop || callback.state != store::CallbackState::kDead) continue;
    Replay(callback, now);
    ++count;
  }
  if (count > 0) ++operator_version_;
  return count;
}

}  // namespace fiscalgate::testing
