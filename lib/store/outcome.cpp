#include "lib/store/outcome.h"

#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/store/rows.h"

namespace fiscalgate::store {
namespace {

using task::State;

std::string MarkText(const std::optional<ffd::FiscalMark>& mark) {
  if (!mark) return "";
  base::JsonWriter writer;
  ffd::WriteFiscalMark(*mark, &writer);
  return writer.Take();
}

// The task's row as it will be; false if the row is not as `before` says any more.
Result<bool> UpdateTask(Connection& connection, const task::Task& before, const task::Task& after,
                        std::int64_t event) {
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET state = $1, lease = '', due_at = 0, wait_reason = '', error = $2, "
      "changed_at = $3, event = $4, error_code = $5, error_class = $6 WHERE seq = $7 AND state = "
      "$8 AND lease = $9",
      {StoredState(after.state), std::string_view(after.error), base::ToMillis(after.changed_at),
       event, std::string_view(after.error_code), static_cast<std::int64_t>(after.error_class),
       before.seq, StoredState(before.state), std::string_view(before.lease)});
  if (!rows) return rows.error();
  return *rows == 1;
}

// Rare, so that the usual outcome need not touch the column.
Status NotePaid(Connection& connection, const task::Task& before, bool paid_only) {
  if (before.paid_without_receipt == paid_only) return base::Ok();
  Result<std::int64_t> rows = connection.Run("UPDATE task SET paid_only = $1 WHERE seq = $2",
                                             {std::int64_t{paid_only}, before.seq});
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace

Result<bool> OutcomeWriter::Write(const task::Task& before, const task::Outcome& outcome,
                                  WallTime at) {
  task::Task after = before;
  after.state = outcome.state;
  after.lease.clear();
  after.wait_reason.clear();
  after.due_at.reset();
  after.error = Short(outcome.error);
  after.error_code = outcome.error_code;
  after.error_class = outcome.error_class;
  after.changed_at = at;
  Result<std::int64_t> event = NextEventSeq();
  if (!event) return event.error();
  Result<bool> moved = UpdateTask(connection_, before, after, *event);
  if (!moved.ok() || !*moved) return moved;
  Status merged = MergeResults(before.seq, outcome.commands);
  if (!merged) return merged.error();
  Result<std::vector<task::CommandResult>> results = ReadResults(connection_, before.seq);
  if (!results) return results.error();
  const bool gives_up = after.state == State::kFailed || after.state == State::kCancelled;
  after.paid_without_receipt = gives_up && task::PaidWithoutReceipt(*results);
  Status noted = NotePaid(connection_, before, after.paid_without_receipt);
  if (!noted) return noted.error();
  const std::string json = write_result_ ? write_result_(after, *results, *event) : "{}";
  Result<std::int64_t> written = connection_.Run(
      "INSERT INTO event (seq, task, shop, state, result_json, happened_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {*event, after.seq, after.shop, StoredState(after.state), std::string_view(json),
       base::ToMillis(at)});
  if (!written) return written.error();
  if (!task::IsFinal(after.state)) return true;
  Result<std::int64_t> callback = WriteCallback(after, json);
  if (!callback) return callback.error();
  return true;
}

Result<std::int64_t> OutcomeWriter::NextEventSeq() {
  std::int64_t seq = 0;
  Result<std::int64_t> rows =
      connection_.Run(dialect_.next_event_seq, {}, [&](const Row& row) { seq = row.Int(0); });
  if (!rows) return rows.error();
  return seq;
}

Status OutcomeWriter::MergeResults(task::TaskSeq seq,
                                   const std::vector<task::CommandResult>& results) {
  for (const task::CommandResult& result : results) {
    const std::string mark = MarkText(result.mark);
    Result<std::int64_t> rows = connection_.Run(
        "INSERT INTO command_result (task, place, name, type, state, text, raw, mark) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (task, place) DO UPDATE SET "
        "name = excluded.name, type = excluded.type, state = excluded.state, "
        "text = excluded.text, raw = excluded.raw, mark = excluded.mark "
        "WHERE command_result.state <> 0",
        {seq, std::int64_t{result.index}, std::string_view(result.name),
         std::string_view(result.type), StoredCommandState(result.state),
         std::string_view(result.text), std::string_view(result.raw), std::string_view(mark)});
    if (!rows) return rows.error();
  }
  return base::Ok();
}

// Gives the callback's key, or 0 if the shop asked for none.
Result<std::int64_t> OutcomeWriter::WriteCallback(const task::Task& task,
                                                  const std::string& result_json) {
  Result<task::Package> package = ReadPackage(connection_, task.seq);
  if (!package) return package.error();
  const std::string& url =
      task.state == State::kDone ? package->callback_success : package->callback_failed;
  if (url.empty()) return std::int64_t{0};
  const std::string webhook_id = base::NewId(task.changed_at);
  const std::string body = "json=" + base::PercentEncode(result_json);
  std::int64_t key = 0;
  Result<std::int64_t> written = connection_.Run(
      "INSERT INTO callback (webhook_id, shop, task, url, body, state, due_at, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, 0, $6, $6) RETURNING key",
      {std::string_view(webhook_id), task.shop, task.seq, std::string_view(url),
       std::string_view(body), base::ToMillis(task.changed_at)},
      [&](const Row& row) { key = row.Int(0); });
  if (!written) return written.error();
  Result<std::int64_t> linked =
      connection_.Run("UPDATE task SET callback = $1 WHERE seq = $2", {key, task.seq});
  if (!linked) return linked.error();
  return key;
}

Result<std::optional<task::Task>> ReadTask(Connection& connection, task::TaskSeq seq) {
  std::optional<task::Task> task;
  Result<std::int64_t> rows =
      connection.Run("SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq = $1", {seq},
                     [&](const Row& row) { task = TaskFromRow(row); });
  if (!rows) return rows.error();
  return task;
}

Status EndAttempt(Connection& connection, const AttemptEnd& end) {
  const std::string detail = Short(end.detail);
  Result<std::int64_t> rows = connection.Run(
      "UPDATE attempt SET ended_at = $1, result = $2, http_status = $3, detail = $4 "
      "WHERE task = $5 AND number = $6 AND ended_at IS NULL",
      {base::ToMillis(end.at), end.result, std::int64_t{end.http_status}, std::string_view(detail),
       end.seq, std::int64_t{end.number}});
  if (!rows) return rows.error();
  return base::Ok();
}

}  // namespace fiscalgate::store
