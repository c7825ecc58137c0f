// The dispatcher's side: heads of lanes, attempts and their ends, recovery.
#include "lib/store/lanes.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_agents.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using task::AttemptKind;
using task::State;

constexpr std::string_view kInterrupted = "the gateway stopped between sending and the answer";

// The row of the attempt. One that was not sent is used again: its number stands for one attempt
// that may have reached the register.
Status WriteAttempt(Connection& connection, const Claim& claim, std::int64_t number) {
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO attempt (task, number, kind, tries, started_at, sent_to, lease, agent) "
      "VALUES ($1, $2, $3, 1, $4, $5, $6, $7) ON CONFLICT (task, number) DO UPDATE SET "
      "tries = CASE WHEN attempt.kind = excluded.kind THEN attempt.tries + 1 ELSE 1 END, "
      "kind = excluded.kind, started_at = excluded.started_at, sent_to = excluded.sent_to, "
      "lease = excluded.lease, agent = excluded.agent, told_by_agent = 0, "
      "ended_at = NULL, result = '', http_status = 0, detail = ''",
      {claim.seq, number, StoredKind(claim.kind), base::ToMillis(claim.at),
       std::string_view(claim.sent_to), std::string_view(claim.lease),
       std::string_view(claim.agent)});
  if (!rows) return rows.error();
  return base::Ok();
}

Result<bool> ApplyRelease(Connection& connection, const Release& release) {
  if (release.lease.empty()) return false;
  const std::string reason = Short(release.wait_reason);
  int number = 0;
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET state = CASE WHEN state = 1 THEN 0 ELSE state END, lease = '', "
      "attempts = attempts - 1, wait_reason = $1, "
      "changed_at = CASE WHEN state = 1 THEN $2 ELSE changed_at END "
      "WHERE seq = $3 AND state IN (1, 3) AND lease = $4 RETURNING attempts + 1",
      {std::string_view(reason), base::ToMillis(release.at), release.seq,
       std::string_view(release.lease)},
      [&](const Row& row) { number = static_cast<int>(row.Int(0)); });
  if (!rows) return rows.error();
  if (*rows == 0) return false;
  Status ended =
      EndAttempt(connection, {release.seq, number, "not_sent", 0, release.detail, release.at});
  if (!ended) return ended.error();
  return true;
}

// An ask that brought no answer: what was unknown stays so, and the shop has been told already.
Result<bool> StaysUnknown(Connection& connection, const task::Task& task) {
  Result<std::int64_t> rows =
      connection.Run("UPDATE task SET lease = '' WHERE seq = $1 AND state = 3 AND lease = $2",
                     {task.seq, std::string_view(task.lease)});
  if (!rows) return rows.error();
  return *rows == 1;
}

Result<bool> Conclude(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                      const Conclusion& conclusion) {
  const task::Outcome& outcome = conclusion.outcome;
  FG_CHECK(outcome.state == State::kDone || outcome.state == State::kFailed ||
           outcome.state == State::kUnknown);
  const bool silent = task.state == State::kUnknown && outcome.state == State::kUnknown;
  Result<bool> moved =
      silent ? StaysUnknown(connection, task) : outcomes.Write(task, outcome, conclusion.at);
  if (!moved.ok() || !*moved) return moved;
  if (silent) {
    Status merged = outcomes.MergeResults(task.seq, outcome.commands);
    if (!merged) return merged.error();
  }
  Status ended = EndAttempt(connection, {task.seq, task.attempts, conclusion.result,
                                         conclusion.http_status, conclusion.detail, conclusion.at});
  if (!ended) return ended.error();
  return true;
}

// What an agent said goes with the end of its attempt, whether that could be applied or not.
template <typename End>
Result<bool> WithTold(Connection& connection, const End& end, Result<bool> applied) {
  if (!applied.ok() || !end.told) return applied;
  Status kept = KeepTold(connection, end.seq, end.lease, *end.told, end.at, *applied);
  if (!kept) return kept.error();
  return applied;
}

Result<std::vector<task::RegisterKey>> LiveLanes(Connection& connection) {
  std::vector<task::RegisterKey> lanes;
  Result<std::int64_t> rows = connection.Run(
      "SELECT r.key FROM register r WHERE EXISTS "
      "(SELECT 1 FROM task t WHERE t.register = r.key AND t.state = 0) OR EXISTS "
      "(SELECT 1 FROM task t WHERE t.register = r.key AND t.state IN (1, 2, 3)) ORDER BY r.key",
      {}, [&](const Row& row) { lanes.push_back(row.Int(0)); });
  if (!rows) return rows.error();
  return lanes;
}

// Not the conversations: those go on from their notes.
Result<std::vector<task::Task>> InFlight(Connection& connection) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows =
      connection.Run("SELECT " FG_TASK_COLUMNS
                     " FROM task t WHERE t.state IN (1, 2, 3) AND t.lease <> '' "
                     "AND t.due_at = 0 ORDER BY t.seq",
                     {}, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
  if (!rows) return rows.error();
  return tasks;
}

Conclusion Interrupted(const task::Task& task, WallTime now) {
  Conclusion conclusion;
  conclusion.seq = task.seq;
  conclusion.lease = task.lease;
  conclusion.outcome.error = kInterrupted;
  conclusion.result = "no_answer";
  conclusion.detail = kInterrupted;
  conclusion.at = now;
  return conclusion;
}

}  // namespace

Result<bool> ApplyClaim(Connection& connection, const Claim& claim) {
  const bool ask = claim.kind == AttemptKind::kAsk;
  FG_CHECK(!claim.lease.empty());
  FG_CHECK(claim.from == (ask ? State::kUnknown : State::kQueued));
  std::int64_t number = 0;
  // An ask leaves the state alone, and with it the time since when it is unknown.
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET state = $1, lease = $2, attempts = attempts + 1, wait_reason = '', "
      "changed_at = CASE WHEN state = $1 THEN changed_at ELSE $3 END "
      "WHERE seq = $4 AND state = $5 AND lease = '' "
      "AND (state = $1 OR deadline_at = 0 OR deadline_at > $3) RETURNING attempts",
      {StoredState(ask ? State::kUnknown : State::kSending), std::string_view(claim.lease),
       base::ToMillis(claim.at), claim.seq, StoredState(claim.from)},
      [&](const Row& row) { number = row.Int(0); });
  if (!rows) return rows.error();
  if (*rows == 0) return false;
  Status written = WriteAttempt(connection, claim, number);
  if (!written) return written.error();
  return true;
}

Status ApplyHold(Connection& connection, const Hold& hold) {
  const std::string reason = Short(hold.wait_reason);
  Result<std::int64_t> rows =
      connection.Run("UPDATE task SET wait_reason = $1 WHERE seq = $2 AND state = 0",
                     {std::string_view(reason), hold.seq});
  if (!rows) return rows.error();
  return base::Ok();
}

Result<bool> ApplyConclusion(Connection& connection, OutcomeWriter& outcomes,
                             const Conclusion& conclusion) {
  Result<std::optional<task::Task>> task = ReadTask(connection, conclusion.seq);
  if (!task) return task.error();
  if (!task->has_value() || conclusion.lease.empty() || (*task)->lease != conclusion.lease) {
    return false;
  }
  if (conclusion.device) {
    Status kept = KeepDeviceState(connection, *conclusion.device);
    if (!kept) return kept.error();
  }
  if (!conclusion.repeat_because.empty()) {
    return RepeatLater(connection, outcomes, **task, conclusion);
  }
  return Conclude(connection, outcomes, **task, conclusion);
}

Result<std::optional<LaneHead>> SqlStore::HeadOf(task::RegisterKey lane, bool pass_unknown) {
  return Read<std::optional<LaneHead>>([&](Connection& connection) {
    // What is in flight or unknown stands before all that is queued; each part is one step into
    // an index, however long the line is.
    constexpr std::string_view kAny =
        "SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq = coalesce(" FG_FIRST_IN_FLIGHT
        ", " FG_FIRST_UNKNOWN ", " FG_FIRST_QUEUED ")";
    constexpr std::string_view kKnown =
        "SELECT " FG_TASK_COLUMNS " FROM task t WHERE t.seq = coalesce(" FG_FIRST_IN_FLIGHT
        ", " FG_FIRST_UNKNOWN_SERVICE ", " FG_FIRST_QUEUED ")";
    std::optional<task::Task> task;
    Result<std::int64_t> rows = connection.Run(pass_unknown ? kKnown : kAny, {lane},
                                               [&](const Row& row) { task = TaskFromRow(row); });
    if (!rows) return Result<std::optional<LaneHead>>(rows.error());
    return CompleteHead(connection, std::move(task));
  });
}

Result<std::optional<LaneHead>> SqlStore::OldestUnknown(task::RegisterKey lane,
                                                        task::TaskSeq after) {
  return Read<std::optional<LaneHead>>([&](Connection& connection) {
    std::optional<task::Task> task;
    Result<std::int64_t> rows = connection.Run(
        "SELECT " FG_TASK_COLUMNS
        " FROM task t WHERE t.state IN (1, 2, 3) AND t.state = 3 AND t.register = $1 "
        "AND t.seq > $2 ORDER BY t.seq LIMIT 1",
        {lane, after}, [&](const Row& row) { task = TaskFromRow(row); });
    if (!rows) return Result<std::optional<LaneHead>>(rows.error());
    return CompleteHead(connection, std::move(task));
  });
}

Result<DispatchApplied> SqlStore::Apply(const DispatchBatch& batch) {
  return writer_.Call<DispatchApplied>([&](Connection& connection) -> Result<DispatchApplied> {
    DispatchApplied applied;
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    // Ends first: a lane's next claim may be in the same batch.
    Status status = ForEach(batch.conclusions, &applied.conclusions, [&](const Conclusion& entry) {
      return WithTold(connection, entry, ApplyConclusion(connection, outcomes, entry));
    });
    if (!status) return status.error();
    status = ForEach(batch.releases, &applied.releases, [&](const Release& entry) {
      return WithTold(connection, entry, ApplyRelease(connection, entry));
    });
    if (!status) return status.error();
    for (const Proof& proof : batch.proofs) {
      Result<ProofApplied> weighed = ApplyProof(connection, outcomes, proof);
      if (!weighed) return weighed.error();
      applied.proofs.push_back(*weighed);
    }
    status = ForEach(batch.claims, &applied.claims,
                     [&](const Claim& entry) { return ApplyClaim(connection, entry); });
    if (!status) return status.error();
    for (const Hold& hold : batch.holds) {
      if (status = ApplyHold(connection, hold); !status) return status.error();
    }
    status = ApplyServices(connection, batch.services, &applied);
    // Last: what was claimed stays where it is.
    if (status.ok()) status = ApplyMoves(connection, batch.moves, &applied);
    if (!status) return status.error();
    return applied;
  });
}

Result<Recovered> SqlStore::Recover(WallTime now) {
  return writer_.Call<Recovered>([&](Connection& connection) -> Result<Recovered> {
    Recovered recovered;
    OutcomeWriter outcomes(connection, dialect_, write_result_);
    Result<std::vector<task::Task>> tasks = InFlight(connection);
    if (!tasks) return tasks.error();
    for (const task::Task& task : *tasks) {
      Result<bool> concluded = Conclude(connection, outcomes, task, Interrupted(task, now));
      if (!concluded) return concluded.error();
      if (task.state != State::kUnknown) recovered.unknown.push_back(task.seq);
    }
    Status hastened = HastenAll(connection, now);
    if (!hastened) return hastened.error();
    Result<std::vector<task::RegisterKey>> lanes = LiveLanes(connection);
    if (!lanes) return lanes.error();
    recovered.lanes = std::move(*lanes);
    return recovered;
  });
}

}  // namespace fiscalgate::store
