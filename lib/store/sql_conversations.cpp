// Conversations with cloud registers: begun, kept between two moves, ended. What is due is one step
// into task_due, which holds the running conversations and nothing else.
#include <memory>

#include "lib/store/lanes.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

Status ApplyBegins(Connection& connection, const std::vector<Begin>& begins,
                   std::vector<bool>* granted) {
  std::vector<Claim> claims;
  for (const Begin& begin : begins) {
    Claim& claim = claims.emplace_back();
    claim.seq = begin.seq;
    claim.lease = begin.lease;
    claim.sent_to = begin.sent_to;
    claim.at = begin.at;
    claim.node = begin.node;
  }
  return ApplyClaims(connection, claims, ClaimFor::kConversation, granted);
}

void AddProgress(const Progress& progress, bool* kept, Trip* trip) {
  FG_CHECK(!progress.lease.empty());
  FG_CHECK(progress.state == task::State::kSending || progress.state == task::State::kWaiting);
  const Param notes = progress.notes ? Param(std::string_view(*progress.notes)) : Param(nullptr);
  trip->Add(
      "UPDATE task SET changed_at = CASE WHEN state >= $1 THEN changed_at ELSE $2 END, "
      "state = CASE WHEN state >= $1 THEN state ELSE $1 END, notes = coalesce($3, notes), "
      "asks = CASE WHEN $3 IS NULL THEN asks + $4 ELSE 0 END, due_at = $5, wait_reason = $6 "
      "WHERE seq = $7 AND month = 0 AND +state IN (1, 2) AND +due_at > 0 AND lease = $8 "
      "RETURNING seq",
      {StoredState(progress.state), base::ToMillis(progress.at), notes,
       std::int64_t{progress.asked}, base::ToMillis(progress.due_at),
       trip->Keep(Short(progress.wait_reason)), progress.seq, std::string_view(progress.lease)},
      [kept](const Row&) { *kept = true; });
}

Status ApplyProgress(Connection& connection, const std::vector<Progress>& all,
                     std::vector<bool>* flags) {
  const auto kept = std::make_unique<bool[]>(all.size());
  Trip trip;
  for (std::size_t i = 0; i < all.size(); ++i) AddProgress(all[i], &kept[i], &trip);
  Status status = trip.Run(connection);
  flags->assign(&kept[0], &kept[all.size()]);
  return status;
}

Status ApplyEnds(OutcomeWriter& outcomes, const std::vector<CloudEnd>& ends,
                 std::vector<bool>* flags) {
  std::vector<Ending> endings;
  for (const CloudEnd& end : ends) {
    FG_CHECK(!end.conclusion.lease.empty());
    endings.push_back(EndingOf(end.conclusion));
    endings.back().notes = &end.notes;
  }
  Result<std::vector<bool>> applied = outcomes.WriteAll(endings);
  if (!applied) return applied.error();
  *flags = std::move(*applied);
  return base::Ok();
}

Status ApplyAll(Connection& connection, OutcomeWriter& outcomes, const CloudBatch& batch,
                CloudApplied* applied) {
  // In the order of a conversation: its beginning, its notes and its end may be in one batch.
  Status status = ApplyBegins(connection, batch.begins, &applied->begins);
  if (status.ok()) status = ApplyProgress(connection, batch.progress, &applied->progress);
  if (status.ok()) status = ApplyEnds(outcomes, batch.ends, &applied->ends);
  if (status.ok()) status = ApplyHolds(connection, batch.holds);
  if (!status) return status;
  Trip rest;
  for (const Hasten& hasten : batch.hastens) {
    rest.Add("UPDATE task SET due_at = $1 WHERE seq = $2 AND month = 0 AND +due_at > $1",
             {base::ToMillis(hasten.at), hasten.seq});
  }
  for (const task::DeviceState& device : batch.devices) AddDeviceState(device, &rest);
  return rest.Run(connection);
}

Result<std::vector<LaneHead>> ReadHeads(Connection& connection, std::string_view sql,
                                        Params params) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows =
      connection.Run(sql, params, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
  if (!rows) return rows.error();
  return CompleteHeads(connection, std::move(tasks));
}

}  // namespace

Status HastenAll(Connection& connection, WallTime now) {
  Result<std::int64_t> rows =
      connection.Run("UPDATE task SET due_at = $1 WHERE month = 0 AND due_at > 0 AND due_at > $1",
                     {base::ToMillis(now)});
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
