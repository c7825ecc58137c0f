// The dispatcher's side: heads of lanes, attempts and their ends, recovery.
#include "lib/base/crypto.h"
#include "lib/base/text.h"
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

// Whoever extends this extends both: what it changes is on one side of the WHERE, what it asks of
// the row on the other.
#define FG_CLAIM_SETS                                                                   \
  "UPDATE task SET state = $1, lease = $2, attempts = attempts + 1, wait_reason = '', " \
  "changed_at = CASE WHEN state = $1 THEN changed_at ELSE $3 END"
#define FG_CLAIM_ASKS                                             \
  " WHERE seq = $4 AND month = 0 AND +state = $5 AND lease = '' " \
  "AND (state = $1 OR deadline_at = 0 OR deadline_at > $3)"
#define FG_CLAIM_GIVES " RETURNING attempts"
// The row of the lane, held until the commit: who takes the lane away comes before or after.
#define FG_CLAIM_HAS_LANE                                                   \
  " AND EXISTS (SELECT 1 FROM lane l WHERE l.register = task.register AND " \
  "l.node = $6 FOR SHARE)"
#define FG_CLAIM_TALKS ", due_at = $3, asks = 0"
// An ask leaves the state alone, and with it the time since when it is unknown.
constexpr std::string_view kClaimAttempt = FG_CLAIM_SETS FG_CLAIM_ASKS FG_CLAIM_GIVES;
constexpr std::string_view kClaimConversation =
    FG_CLAIM_SETS FG_CLAIM_TALKS FG_CLAIM_ASKS FG_CLAIM_GIVES;
constexpr std::string_view kClaimAttemptOfNode =
    FG_CLAIM_SETS FG_CLAIM_ASKS FG_CLAIM_HAS_LANE FG_CLAIM_GIVES;
constexpr std::string_view kClaimConversationOfNode =
    FG_CLAIM_SETS FG_CLAIM_TALKS FG_CLAIM_ASKS FG_CLAIM_HAS_LANE FG_CLAIM_GIVES;

std::string_view ClaimSql(const Claim& claim, ClaimFor what) {
  if (claim.node.empty()) return what == ClaimFor::kAttempt ? kClaimAttempt : kClaimConversation;
  return what == ClaimFor::kAttempt ? kClaimAttemptOfNode : kClaimConversationOfNode;
}

void AddClaim(const Claim& claim, ClaimFor what, std::int64_t* number, Trip* trip) {
  const bool ask = claim.kind == AttemptKind::kAsk;
  FG_CHECK(!claim.lease.empty());
  FG_CHECK(claim.from == (ask ? State::kUnknown : State::kQueued));
  std::vector<Param> params = {StoredState(ask ? State::kUnknown : State::kSending),
                               std::string_view(claim.lease), base::ToMillis(claim.at), claim.seq,
                               StoredState(claim.from)};
  if (!claim.node.empty()) params.emplace_back(std::string_view(claim.node));
  trip->Add(ClaimSql(claim, what), std::move(params),
            [number](const Row& row) { *number = row.Int(0); });
}

// The row of the attempt. One that was not sent is used again: its number stands for one attempt
// that may have reached the register.
void AddAttempt(const Claim& claim, std::int64_t number, Trip* trip) {
  trip->Add(
      "INSERT INTO attempt (task, number, kind, tries, started_at, sent_to, lease, agent) "
      "VALUES ($1, $2, $3, 1, $4, $5, $6, $7) ON CONFLICT (task, number) DO UPDATE SET "
      "tries = CASE WHEN attempt.kind = excluded.kind THEN attempt.tries + 1 ELSE 1 END, "
      "kind = excluded.kind, started_at = excluded.started_at, sent_to = excluded.sent_to, "
      "lease = excluded.lease, agent = excluded.agent, told_by_agent = 0, "
      "ended_at = NULL, result = '', http_status = 0, detail = ''",
      {claim.seq, number, StoredKind(claim.kind), base::ToMillis(claim.at),
       std::string_view(claim.sent_to), std::string_view(claim.lease),
       std::string_view(claim.agent)});
}

void AddRelease(const Release& release, std::int64_t* number, Trip* trip) {
  if (release.lease.empty()) return;
  trip->Add(
      "UPDATE task SET state = CASE WHEN state = 1 THEN 0 ELSE state END, lease = '', "
      "attempts = attempts - 1, wait_reason = $1, "
      "changed_at = CASE WHEN state = 1 THEN $2 ELSE changed_at END "
      "WHERE seq = $3 AND month = 0 AND +state IN (1, 3) AND lease = $4 RETURNING attempts + 1",
      {trip->Keep(Short(release.wait_reason)), base::ToMillis(release.at), release.seq,
       std::string_view(release.lease)},
      [number](const Row& row) { *number = row.Int(0); });
}

Status ApplyReleases(Connection& connection, const std::vector<Release>& releases,
                     std::vector<bool>* flags) {
  std::vector<std::int64_t> numbers(releases.size());
  Trip tasks, rest;
  for (std::size_t i = 0; i < releases.size(); ++i) AddRelease(releases[i], &numbers[i], &tasks);
  Status status = tasks.Run(connection);
  if (!status) return status;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Release& release = releases[i];
    const bool released = numbers[i] != 0;
    flags->push_back(released);
    if (!released) continue;
    AddAttemptEnd(
        {release.seq, static_cast<int>(numbers[i]), "not_sent", 0, release.detail, release.at},
        &rest);
    if (release.told) AddTold(release.seq, release.lease, *release.told, release.at, &rest);
  }
  return rest.Run(connection);
}

Result<std::vector<task::RegisterKey>> LiveLanes(Connection& connection) {
  std::vector<task::RegisterKey> lanes;
  Result<std::int64_t> rows = connection.Run(
      "SELECT r.key FROM register r WHERE EXISTS "
      "(SELECT 1 FROM task t WHERE t.month = 0 AND t.register = r.key AND t.state = 0) OR EXISTS "
      "(SELECT 1 FROM task t WHERE t.month = 0 AND t.register = r.key AND t.state IN (1, 2, 3)) "
      "ORDER BY r.key",
      {}, [&](const Row& row) { lanes.push_back(row.Int(0)); });
  if (!rows) return rows.error();
  return lanes;
}

// Of one lane, or of all. Not the conversations: those go on from their notes.
Result<std::vector<task::Task>> InFlight(Connection& connection,
                                         std::optional<task::RegisterKey> lane) {
  std::vector<task::Task> tasks;
  Result<std::int64_t> rows = connection.Run(
      "SELECT " FG_TASK_COLUMNS
      " FROM task t WHERE t.month = 0 AND t.state IN (1, 2, 3) "
      "AND t.lease <> '' AND t.due_at = 0 AND ($1 = 0 OR t.register = $1) ORDER BY t.seq",
      {lane.value_or(0)}, [&](const Row& row) { tasks.push_back(TaskFromRow(row)); });
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

Status EndInterrupted(Connection& connection, OutcomeWriter& outcomes,
                      std::optional<task::RegisterKey> lane, WallTime now,
                      std::vector<task::TaskSeq>* unknown) {
  Result<std::vector<task::Task>> tasks = InFlight(connection, lane);
  if (!tasks) return tasks.error();
  std::vector<Conclusion> ends;
  std::vector<Ending> endings;
  for (const task::Task& task : *tasks) ends.push_back(Interrupted(task, now));
  for (std::size_t i = 0; i < ends.size(); ++i) {
    endings.push_back(EndingOf(ends[i]));
    endings.back().task = std::move((*tasks)[i]);
    if (endings.back().task->state != State::kUnknown) unknown->push_back(ends[i].seq);
  }
  Result<std::vector<bool>> concluded = outcomes.WriteAll(endings);
  if (!concluded) return concluded.error();
  return base::Ok();
}

}  // namespace

Status RecoverLane(Connection& connection, OutcomeWriter& outcomes, task::RegisterKey lane,
                   WallTime now, std::vector<task::TaskSeq>* unknown) {
  Status ended = EndInterrupted(connection, outcomes, lane, now, unknown);
  if (!ended) return ended;
  // Whoever went on with one under the old lease has lost it.
  const std::string lease = base::HexEncode(base::RandomBytes(16));
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET due_at = 1, lease = $1 WHERE month = 0 AND due_at > 0 AND register = $2",
      {std::string_view(lease), lane});
  if (!rows) return rows.error();
  return base::Ok();
}

Status ApplyClaims(Connection& connection, const std::vector<Claim>& claims, ClaimFor what,
                   std::vector<bool>* granted) {
  std::vector<std::int64_t> numbers(claims.size());
  Trip tasks, attempts;
  for (std::size_t i = 0; i < claims.size(); ++i) AddClaim(claims[i], what, &numbers[i], &tasks);
  Status status = tasks.Run(connection);
  if (!status) return status;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    granted->push_back(numbers[i] != 0);
    if (numbers[i] != 0) AddAttempt(claims[i], numbers[i], &attempts);
  }
  return attempts.Run(connection);
}

Status ApplyHolds(Connection& connection, const std::vector<Hold>& holds) {
  Trip trip;
  for (const Hold& hold : holds) {
    trip.Add("UPDATE task SET wait_reason = $1 WHERE seq = $2 AND month = 0 AND +state = 0",
             {trip.Keep(Short(hold.wait_reason)), hold.seq});
  }
  return trip.Run(connection);
}

Result<std::optional<LaneHead>> SqlStore::HeadOf(task::RegisterKey lane, bool pass_unknown,
                                                 const LaneHint& hint) {
  return Read<std::optional<LaneHead>>([&](Connection& connection) {
    // What is in flight or unknown stands before all that is queued; each part is one step into
    // an index, however long the line is.
    constexpr std::string_view kAny =
        "SELECT " FG_TASK_COLUMNS
        " FROM task t WHERE t.month = 0 AND t.seq = "
        "coalesce(" FG_FIRST_IN_FLIGHT ", " FG_FIRST_UNKNOWN ", " FG_NEXT_QUEUED ")";
    constexpr std::string_view kKnown =
        "SELECT " FG_TASK_COLUMNS
        " FROM task t WHERE t.month = 0 AND t.seq = "
        "coalesce(" FG_FIRST_IN_FLIGHT ", " FG_FIRST_UNKNOWN_SERVICE ", " FG_NEXT_QUEUED ")";
    constexpr std::string_view kQueued = "SELECT " FG_TASK_COLUMNS
                                         " FROM task t WHERE t.month = 0 AND t.seq = "
                                         "coalesce(" FG_NEXT_QUEUED ")";
    std::optional<task::Task> task;
    Result<std::int64_t> rows = connection.Run(hint.nothing_ahead ? kQueued
                                               : pass_unknown     ? kKnown
                                                                  : kAny,
                                               {lane, hint.after[0], hint.after[1], hint.after[2]},
                                               [&](const Row& row) { task = TaskFromRow(row); });
    if (!rows) return Result<std::optional<LaneHead>>(rows.error());
    return CompleteHead(connection, std::move(task));
  });
}

Result<std::optional<LaneHead>> SqlStore::OldestUnknown(task::RegisterKey lane,
                                                        task::TaskSeq after) {
  return Read<std::optional<LaneHead>>([&](Connection& connection) {
    std::optional<task::Task> task;
    Result<std::int64_t> rows =
        connection.Run("SELECT " FG_TASK_COLUMNS
                       " FROM task t WHERE t.month = 0 AND t.state IN (1, 2, 3) AND t.state = 3 "
                       "AND t.register = $1 AND t.seq > $2 ORDER BY t.seq LIMIT 1",
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
    std::vector<Ending> endings;
    for (const Conclusion& conclusion : batch.conclusions) endings.push_back(EndingOf(conclusion));
    Result<std::vector<bool>> concluded = outcomes.WriteAll(endings);
    if (!concluded) return concluded.error();
    applied.conclusions = std::move(*concluded);
    Status status = ApplyReleases(connection, batch.releases, &applied.releases);
    if (!status) return status.error();
    for (const Proof& proof : batch.proofs) {
      Result<ProofApplied> weighed = ApplyProof(connection, outcomes, proof);
      if (!weighed) return weighed.error();
      applied.proofs.push_back(*weighed);
    }
    status = ApplyClaims(connection, batch.claims, ClaimFor::kAttempt, &applied.claims);
    if (status.ok()) status = ApplyHolds(connection, batch.holds);
    if (status.ok()) {
      status = ApplyServices(connection, dialect_.orders, batch.services, &applied);
    }
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
    Status ended = EndInterrupted(connection, outcomes, std::nullopt, now, &recovered.unknown);
    if (!ended) return ended.error();
    Status hastened = HastenAll(connection, now);
    if (!hastened) return hastened.error();
    Result<std::vector<task::RegisterKey>> lanes = LiveLanes(connection);
    if (!lanes) return lanes.error();
    recovered.lanes = std::move(*lanes);
    return recovered;
  });
}

}  // namespace fiscalgate::store
