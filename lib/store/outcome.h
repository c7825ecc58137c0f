// How tasks come to an end, or an attempt at one: task, results, event, callback and attempt,
// written together, for a whole batch in three trips to the engine. Used by the dispatcher's
// conclusions, by recovery and by operators' acts; inside the writer's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"
#include "lib/store/store.h"
#include "lib/store/trip.h"

namespace fiscalgate::store {

// Ends the attempt that runs. `number` is the task's count of attempts.
struct AttemptEnd {
  task::TaskSeq seq = 0;
  int number = 0;
  std::string_view result;
  int http_status = 0;
  std::string_view detail;
  WallTime at;
};
void AddAttemptEnd(const AttemptEnd& end, Trip* trip);

// One end. What it points to stays until it is written.
struct Ending {
  // The live task as just read. Without it, it is read by its number and must be under the lease
  // of the conclusion.
  std::optional<task::Task> task = {};
  const task::Outcome* outcome = nullptr;
  WallTime at;
  // What is written besides; may be null: an end without an attempt.
  const Conclusion* conclusion = nullptr;
  // Of a conversation, which must go on: kept with the end.
  const std::string* notes = nullptr;
};
Ending EndingOf(const Conclusion& conclusion);

class OutcomeWriter {
 public:
  OutcomeWriter(Connection& connection, const Dialect& dialect, const ResultWriter& write_result)
      : connection_(connection), dialect_(dialect), write_result_(write_result) {}

  // Moves each task to its outcome, if it is still as it was read; keeps the results, writes the
  // event and, for a final state, the callback. An unknown task that stays unknown has no event;
  // one that is repeated is queued again. A flag each: false: the task has changed, nothing was
  // done.
  Result<std::vector<bool>> WriteAll(const std::vector<Ending>& endings);
  // The same for one, without an attempt.
  Result<bool> Write(const task::Task& task, const task::Outcome& outcome, WallTime at);

 private:
  struct Work;
  Status Read(std::vector<Work>* all);
  void Prepare(Work* work, std::vector<std::int64_t>* events, std::vector<std::int64_t>* callbacks);
  Status Change(std::vector<Work>* all);
  Status KeepRest(const std::vector<Work>& all);

  Connection& connection_;
  const Dialect& dialect_;
  const ResultWriter& write_result_;
};

// The task of that row, live or over, on whatever connection; empty if there is none.
Result<std::optional<task::Task>> ReadTask(Connection& connection, task::TaskSeq seq);

}  // namespace fiscalgate::store
