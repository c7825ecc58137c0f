// Conversations with cloud registers: begun, kept between two moves, ended. What is due is one step
// into task_due, which holds the running conversations and nothing else.
#include "lib/store/lanes.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

Result<bool> ApplyBegin(Connection& connection, const Begin& begin) {
  Claim claim;
  claim.seq = begin.seq;
  claim.lease = begin.lease;
  claim.sent_to = begin.sent_to;
  claim.at = begin.at;
  Result<bool> claimed = ApplyClaim(connection, claim);
  if (!claimed.ok() || !*claimed) return claimed;
  Result<std::int64_t> rows = connection.Run("UPDATE task SET due_at = $1, asks = 0 WHERE seq = $2",
                                             {base::ToMillis(begin.at), begin.seq});
  if (!rows) return rows.error();
  return true;
}

Result<bool> ApplyProgress(Connection& connection, const Progress& progress) {
  FG_CHECK(!progress.lease.empty());
  FG_CHECK(progress.state == task::State::kSending || progress.state == task::State::kWaiting);
  const std::string reason = Short(progress.wait_reason);
  const Param notes = progress.notes ? Param(std::string_view(*progress.notes)) : Param(nullptr);
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET changed_at = CASE WHEN state >= $1 THEN changed_at ELSE $2 END, "
      "state = CASE WHEN state >= $1 THEN state ELSE $1 END, notes = coalesce($3, notes), "
      "asks = CASE WHEN $3 IS NULL THEN asks + $4 ELSE 0 END, due_at = $5, wait_reason = $6 "
      "WHERE seq = $7 AND state IN (1, 2) AND due_at > 0 AND lease = $8",
      {StoredState(progress.state), base::ToMillis(progress.at), notes,
       std::int64_t{progress.asked}, base::ToMillis(progress.due_at), std::string_view(reason),
       progress.seq, std::string_view(progress.lease)});
  if (!rows) return rows.error();
  return *rows == 1;
}

Result<bool> ApplyEnd(Connection& connection, OutcomeWriter& outcomes, const CloudEnd& end) {
  const Conclusion& conclusion = end.conclusion;
  FG_CHECK(!conclusion.lease.empty());
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET notes = $1 WHERE seq = $2 AND state IN (1, 2) AND due_at > 0 "
      "AND lease = $3",
      {std::string_view(end.notes), conclusion.seq, std::string_view(conclusion.lease)});
  if (!rows) return rows.error();
  if (*rows == 0) return false;
  return ApplyConclusion(connection, outcomes, conclusion);
}

Status ApplyHasten(Connection& connection, const Hasten& hasten) {
  Result<std::int64_t> rows =
      connection.Run("UPDATE task SET due_at = $1 WHERE seq = $2 AND due_at > $1",
                     {base::ToMillis(hasten.at), hasten.seq});
  if (!rows) return rows.error();
  return base::Ok();
}

Status ApplyAll(Connection& connection, OutcomeWriter& outcomes, const CloudBatch& batch,
                CloudApplied* applied) {
  // In the order of a conversation: its beginning, its notes and its end may be in one batch.
  Status status = ForEach(batch.begins, &applied->begins,
                          [&](const Begin& entry) { return ApplyBegin(connection, entry); });
  if (!status) return status;
  status = ForEach(batch.progress, &applied->progress,
                   [&](const Progress& entry) { return ApplyProgress(connection, entry); });
  if (!status) return status;
  status = ForEach(batch.ends, &applied->ends,
                   [&](const CloudEnd& entry) { return ApplyEnd(connection, outcomes, entry); });
  for (const Hold& hold : batch.holds) {
    if (status.ok()) status = ApplyHold(connection, hold);
  }
  for (const Hasten& hasten : batch.hastens) {
    if (status.ok()) status = ApplyHasten(connection, hasten);
  }
  for (const task::DeviceState& device : batch.devices) {
    if (status.ok()) status = KeepDeviceState(connection, device);
  }
  return status;
}

Result<std::vector<LaneHead>> ReadHeads(Connection& connection, std::string_view sql,
                                        Params params) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows =
      connection.Run(sql, params, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
  if (!rows) return rows.error();
  std::vector<LaneHead> heads;
  for (task::Task& task : tasks) {
    Result<std::optional<LaneHead>> head = CompleteHead(connection, std::move(task));
    if (!head) return head.error();
    heads.push_back(std::move(**head));
  }
  return heads;
}

}  // namespace

Status HastenAll(Connection& connection, WallTime now) {
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET due_at = $1 WHERE due_at > 0 AND due_at > $1", {base::ToMillis(now)});
  if (!rows) return rows.error();
  return base::Ok();
}

Result<CloudApplied> SqlStore::Apply(const CloudBatch& batch) {
  return writer_.Call<CloudApplied>([&](Connection& connection) -> Result<CloudApplied> {
    CloudApplied applied;
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    Status status = ApplyAll(connection, outcomes, batch, &applied);
    if (!status) return status.error();
    return applied;
  });
}

Result<std::vector<LaneHead>> SqlStore::QueuedOf(task::RegisterKey lane, int limit) {
  return Read<std::vector<LaneHead>>([&](Connection& connection) {
    return ReadHeads(connection, "SELECT " FG_TASK_COLUMNS FG_QUEUED_TASKS,
                     {lane, std::int64_t{limit}});
  });
}

Result<std::vector<LaneHead>> SqlStore::DueConversations(task::RegisterKey lane, WallTime now,
                                                         int limit) {
  return Read<std::vector<LaneHead>>([&](Connection& connection) {
    return ReadHeads(connection, "SELECT " FG_TASK_COLUMNS FG_DUE_CONVERSATIONS,
                     {lane, base::ToMillis(now), std::int64_t{limit}});
  });
}

Result<std::optional<WallTime>> SqlStore::NextConversation(task::RegisterKey lane, WallTime now) {
  using Next = std::optional<WallTime>;
  return Read<Next>([&](Connection& connection) -> Result<Next> {
    Next next;
    Result<std::int64_t> rows =
        connection.Run(FG_NEXT_CONVERSATION, {lane, base::ToMillis(now)},
                       [&](const Row& row) { next = base::FromMillis(row.Int(0)); });
    if (!rows) return rows.error();
    return next;
  });
}

}  // namespace fiscalgate::store
