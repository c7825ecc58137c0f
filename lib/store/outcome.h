// How a task comes to an outcome: task, results, event and callback, written together. Used by
// the dispatcher's conclusions, by recovery and by operators' acts; inside the writer's
// transaction.
#pragma once

#include <optional>
#include <string>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

class OutcomeWriter {
 public:
  OutcomeWriter(Connection& connection, const Dialect& dialect, const ResultWriter& write_result)
      : connection_(connection), dialect_(dialect), write_result_(write_result) {}

  // Moves `task` (as just read) to outcome.state, if it is still as it was read; keeps the
  // results, writes the event and, for a final state, the callback. False: it has changed.
  Result<bool> Write(const task::Task& task, const task::Outcome& outcome, WallTime at);

  // Adds what is known of the commands; what was done before stays as it was.
  Status MergeResults(task::TaskSeq seq, const std::vector<task::CommandResult>& results);

 private:
  Result<std::int64_t> NextEventSeq();
  Result<std::int64_t> WriteCallback(const task::Task& task, const std::string& result_json);

  Connection& connection_;
  const Dialect& dialect_;
  const ResultWriter& write_result_;
};

// The task of that row, on whatever connection; empty if there is none.
Result<std::optional<task::Task>> ReadTask(Connection& connection, task::TaskSeq seq);

// Ends the attempt that runs. `number` is the task's count of attempts.
struct AttemptEnd {
  task::TaskSeq seq = 0;
  int number = 0;
  std::string_view result;
  int http_status = 0;
  std::string_view detail;
  WallTime at;
};
Status EndAttempt(Connection& connection, const AttemptEnd& end);

}  // namespace fiscalgate::store
