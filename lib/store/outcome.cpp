#include "lib/store/outcome.h"

#include <algorithm>

#include "lib/base/id.h"
#include "lib/base/text.h"
#include "lib/store/lanes.h"
#include "lib/store/month.h"
#include "lib/store/rows.h"
#include "lib/store/sql_agents.h"

namespace fiscalgate::store {
namespace {

using task::CommandResult;
using task::State;

// Everything in one change of the row: it leaves for its month with it. A command that was done
// stays so in the results; a callback that there is no new one for stays linked. `attempts` guards
// against a task that went through another attempt and back.
constexpr std::string_view kEnd =
    "UPDATE task SET state = $1, lease = '', due_at = 0, wait_reason = '', error = $2, "
    "changed_at = $3, event = $4, error_code = $5, error_class = $6, paid_only = $7, "
    "callback = CASE WHEN $8 = 0 THEN callback ELSE $8 END, notes = coalesce($9, notes), "
    "month = CASE WHEN $1 < 10 THEN 0 ELSE " FG_MONTH_OF("seq") " END "
    "WHERE seq = $10 AND month = 0 AND +state = $11 AND lease = $12 AND attempts = $13 "
    "RETURNING seq";
constexpr std::string_view kRepeat =
    "UPDATE task SET state = 0, lease = '', repeats = repeats + 1, wait_reason = $1, "
    "changed_at = $2 WHERE seq = $3 AND month = 0 AND +state IN (1, 3) AND lease = $4 "
    "RETURNING seq";
// An ask that brought no answer: what was unknown stays so, and the shop has been told already.
constexpr std::string_view kStay =
    "UPDATE task SET lease = '' WHERE seq = $1 AND month = 0 AND +state = 3 AND lease = $2 "
    "RETURNING seq";
constexpr std::string_view kKeepResult =
    "INSERT INTO command_result (task, place, name, type, state, text, raw, mark) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (task, place) DO UPDATE SET "
    "name = excluded.name, type = excluded.type, state = excluded.state, "
    "text = excluded.text, raw = excluded.raw, mark = excluded.mark "
    "WHERE command_result.state <> 0";

// As it would be read back. What registers say is kept in any case: an outcome that cannot be
// written would come for ever.
CommandResult Storable(const CommandResult& result) {
  CommandResult kept = result;
  kept.text = base::ToStorableText(result.text);
  kept.raw = base::ToStorableText(result.raw);
  kept.mark = MarkFromText(MarkText(result.mark));
  return kept;
}

// The rule of kKeepResult.
void Merge(const std::vector<CommandResult>& more, std::vector<CommandResult>* known) {
  for (const CommandResult& result : more) {
    const auto at =
        std::lower_bound(known->begin(), known->end(), result.index,
                         [](const CommandResult& each, int index) { return each.index < index; });
    if (at == known->end() || at->index != result.index) {
      known->insert(at, Storable(result));
    } else if (at->state != task::CommandState::kDone) {
      *at = Storable(result);
    }
  }
}

void AddResults(task::TaskSeq seq, const std::vector<CommandResult>& results, Trip* trip) {
  for (const CommandResult& result : results) {
    trip->Add(kKeepResult,
              {seq, std::int64_t{result.index}, std::string_view(result.name),
               std::string_view(result.type), StoredCommandState(result.state),
               trip->Keep(base::ToStorableText(result.text)),
               trip->Keep(base::ToStorableText(result.raw)), trip->Keep(MarkText(result.mark))});
  }
}

std::int64_t TakeOne(std::vector<std::int64_t>* numbers) {
  FG_CHECK(!numbers->empty());
  const std::int64_t number = numbers->front();
  numbers->erase(numbers->begin());
  return number;
}

}  // namespace

// One ending while it is worked at.
struct OutcomeWriter::Work {
  enum class How { kNot, kEnds, kRepeats, kStays };

  const Ending* ending = nullptr;
  std::optional<task::Task> before;
  task::Task after;
  How how = How::kNot;
  bool moved = false;
  std::vector<CommandResult> results;  // with those of the outcome
  std::string url_success, url_failed;
  std::string json, webhook_id, body, reason;
  std::string_view url;  // of the callback to write; empty: none
  std::int64_t event = 0, callback = 0;

  const task::Outcome& outcome() const { return *ending->outcome; }
  task::TaskSeq seq() const { return before->seq; }
  // Whether the row that was read is the one this is about.
  How HowItEnds() const {
    const Conclusion* end = ending->conclusion;
    if (!before) return How::kNot;
    if (!ending->task && (end->lease.empty() || before->lease != end->lease)) return How::kNot;
    const bool talks = before->state == State::kSending || before->state == State::kWaiting;
    if (ending->notes != nullptr && !(talks && before->due_at)) return How::kNot;
    if (end == nullptr) return How::kEnds;
    if (!end->repeat_because.empty()) return How::kRepeats;
    const State state = ending->outcome->state;
    FG_CHECK(state == State::kDone || state == State::kFailed || state == State::kUnknown);
    const bool stays = before->state == State::kUnknown && state == State::kUnknown;
    return stays ? How::kStays : How::kEnds;
  }
};

Ending EndingOf(const Conclusion& conclusion) {
  Ending ending;
  ending.outcome = &conclusion.outcome;
  ending.at = conclusion.at;
  ending.conclusion = &conclusion;
  return ending;
}

Result<std::vector<bool>> OutcomeWriter::WriteAll(const std::vector<Ending>& endings) {
  std::vector<Work> all(endings.size());
  for (std::size_t i = 0; i < endings.size(); ++i) all[i].ending = &endings[i];
  Status status = all.empty() ? base::Ok() : Read(&all);
  if (status.ok()) status = Change(&all);
  if (status.ok()) status = KeepRest(all);
  if (!status) return status.error();
  std::vector<bool> moved;
  for (const Work& work : all) moved.push_back(work.moved);
  return moved;
}

Result<bool> OutcomeWriter::Write(const task::Task& task, const task::Outcome& outcome,
                                  WallTime at) {
  Ending ending;
  ending.task = task;
  ending.outcome = &outcome;
  ending.at = at;
  Result<std::vector<bool>> moved = WriteAll({ending});
  if (!moved) return moved.error();
  return bool{moved->front()};
}

Status OutcomeWriter::Read(std::vector<Work>* all) {
  Trip trip;
  std::vector<std::int64_t> events, callbacks;
  for (Work& work : *all) {
    const Ending& ending = *work.ending;
    work.before = ending.task;
    const task::TaskSeq seq = ending.task ? ending.task->seq : ending.conclusion->seq;
    if (!work.before) {
      trip.Add("SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq = $1 AND t.month = 0", {seq},
               [&work](const Row& row) { work.before = TaskFromRow(row); });
    }
    trip.Add(kReadResults, {seq},
             [&work](const Row& row) { work.results.push_back(ResultFromRow(row)); });
    trip.Add("SELECT callback_success, callback_failed FROM package WHERE task = $1", {seq},
             [&work](const Row& row) {
               work.url_success = row.Text(0);
               work.url_failed = row.Text(1);
             });
  }
  const auto count = static_cast<std::int64_t>(all->size());
  trip.Add(dialect_.event_numbers, {count},
           [&events](const Row& row) { events.push_back(row.Int(0)); });
  trip.Add(dialect_.callback_numbers, {count},
           [&callbacks](const Row& row) { callbacks.push_back(row.Int(0)); });
  Status read = trip.Run(connection_);
  if (!read) return read;
  for (Work& work : *all) Prepare(&work, &events, &callbacks);
  return read;
}

void OutcomeWriter::Prepare(Work* work, std::vector<std::int64_t>* events,
                            std::vector<std::int64_t>* callbacks) {
  work->how = work->HowItEnds();
  if (work->how == Work::How::kRepeats) {
    work->reason = Short(work->ending->conclusion->repeat_because);
  }
  if (work->how != Work::How::kEnds) return;
  const task::Outcome& outcome = work->outcome();
  task::Task& after = work->after = *work->before;
  after.state = outcome.state;
  after.lease.clear();
  after.wait_reason.clear();
  after.due_at.reset();
  after.error = Short(outcome.error);
  after.error_code = outcome.error_code;
  after.error_class = outcome.error_class;
  after.changed_at = work->ending->at;
  if (work->ending->notes != nullptr) after.notes = *work->ending->notes;
  Merge(outcome.commands, &work->results);
  const bool gives_up = after.state == State::kFailed || after.state == State::kCancelled;
  after.paid_without_receipt = gives_up && task::PaidWithoutReceipt(work->results);
  work->event = TakeOne(events);
  work->json = write_result_ ? write_result_(after, work->results, work->event) : "{}";
  if (!task::IsFinal(after.state)) return;
  work->url = after.state == State::kDone ? work->url_success : work->url_failed;
  if (work->url.empty()) return;
  work->callback = TakeOne(callbacks);
  work->webhook_id = base::NewId(after.changed_at);
  work->body = "json=" + base::PercentEncode(work->json);
}

Status OutcomeWriter::Change(std::vector<Work>* all) {
  Trip trip;
  for (Work& work : *all) {
    if (work.how == Work::How::kNot) continue;
    const task::Task &before = *work.before, &after = work.after;
    const auto moved = [&work](const Row&) { work.moved = true; };
    const std::string_view lease = before.lease;
    if (work.how == Work::How::kStays) {
      trip.Add(kStay, {work.seq(), lease}, moved);
    } else if (work.how == Work::How::kRepeats) {
      trip.Add(kRepeat,
               {std::string_view(work.reason), base::ToMillis(work.ending->at), work.seq(), lease},
               moved);
    } else {
      const std::string* notes = work.ending->notes;
      trip.Add(
          kEnd,
          {StoredState(after.state), std::string_view(after.error),
           base::ToMillis(after.changed_at), work.event, std::string_view(after.error_code),
           static_cast<std::int64_t>(after.error_class), std::int64_t{after.paid_without_receipt},
           work.callback, notes != nullptr ? Param(std::string_view(*notes)) : Param(nullptr),
           work.seq(), StoredState(before.state), lease, std::int64_t{before.attempts}},
          moved);
    }
  }
  return trip.Run(connection_);
}

Status OutcomeWriter::KeepRest(const std::vector<Work>& all) {
  Trip trip;
  for (const Work& work : all) {
    const Conclusion* end = work.ending->conclusion;
    const bool is_its_end = work.how != Work::How::kNot;
    if (is_its_end && end != nullptr && end->device) AddDeviceState(*end->device, &trip);
    if (work.moved) AddResults(work.seq(), work.outcome().commands, &trip);
    if (work.moved && work.how == Work::How::kEnds) {
      const task::Task& task = work.after;
      trip.Add(
          "INSERT INTO event (seq, task, shop, state, result_json, happened_at) "
          "VALUES ($1, $2, $3, $4, $5, $6)",
          {work.event, task.seq, task.shop, StoredState(task.state), std::string_view(work.json),
           base::ToMillis(task.changed_at)});
      if (work.callback != 0) {
        trip.Add(
            "INSERT INTO callback (key, webhook_id, shop, task, url, body, state, due_at, "
            "changed_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)",
            {work.callback, std::string_view(work.webhook_id), task.shop, task.seq, work.url,
             std::string_view(work.body), base::ToMillis(task.changed_at)});
      }
    }
    if (end == nullptr || !work.moved) continue;
    AddAttemptEnd(
        {work.seq(), work.before->attempts, end->result, end->http_status, end->detail, end->at},
        &trip);
    if (end->told) AddTold(end->seq, end->lease, *end->told, end->at, &trip);
  }
  return trip.Run(connection_);
}

Result<std::optional<task::Task>> ReadTask(Connection& connection, task::TaskSeq seq) {
  std::optional<task::Task> task;
  Result<std::int64_t> rows = connection.Run(
      "SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq = $1 AND t.month IN " FG_MONTHS_OF("$1"),
      {seq}, [&](const Row& row) { task = TaskFromRow(row); });
  if (!rows) return rows.error();
  return task;
}

void AddAttemptEnd(const AttemptEnd& end, Trip* trip) {
  trip->Add(
      "UPDATE attempt SET ended_at = $1, result = $2, http_status = $3, detail = $4 "
      "WHERE task = $5 AND number = $6 AND ended_at IS NULL",
      {base::ToMillis(end.at), end.result, std::int64_t{end.http_status},
       trip->Keep(Short(end.detail)), end.seq, std::int64_t{end.number}});
}

}  // namespace fiscalgate::store
