// Agents: their keys and bindings, what they said, how they are.
#include "lib/store/sql_agents.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using task::State;

std::string PlaceOf(const std::string& name) { return "register/" + name + "/agent_key"; }

std::string PrintOf(const base::Secret& key, const base::KeyRing& keys) {
  return key.empty() ? std::string() : keys.Fingerprint(key.Reveal());
}

// The binding belongs to the key: a register written back with the key it has keeps its own.
Result<std::string> InstanceToKeep(Connection& connection, task::RegisterKey key,
                                   const std::string& print, const std::string& given) {
  std::string instance = given;
  Result<std::int64_t> rows =
      connection.Run("SELECT agent_print, agent_instance FROM register WHERE key = $1", {key},
                     [&](const Row& row) {
                       if (row.Text(0) == print) instance = row.Text(1);
                     });
  if (!rows) return rows.error();
  return instance;
}

// The last attempt of the task that may have reached the register.
struct LastAttempt {
  std::string lease;
  bool told = false;
};
Result<LastAttempt> ReadLastAttempt(Connection& connection, const task::Task& task) {
  LastAttempt last;
  Result<std::int64_t> rows =
      connection.Run("SELECT lease, told_by_agent FROM attempt WHERE task = $1 AND number = $2",
                     {task.seq, std::int64_t{task.attempts}}, [&](const Row& row) {
                       last.lease = row.Text(0);
                       last.told = row.Int(1) != 0;
                     });
  if (!rows) return rows.error();
  return last;
}

// Whether this was said of the lease before; the word of an agent may follow the proof by silence.
Result<bool> IsRepeated(Connection& connection, const Proof& proof) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT key FROM evidence WHERE lease = $1 AND ($2 = 0 OR delivery <> 'never_received') "
      "AND task = $3",
      {std::string_view(proof.lease), std::int64_t{proof.told.by_agent()}, proof.seq});
  if (!rows) return rows.error();
  return *rows > 0;
}

struct Heard {
  task::TaskSeq seq = 0;
  std::string_view lease;
  const Told& told;
  WallTime at;
  bool applied = false;
  std::string_view note = "";
};

void AddHeard(const Heard& heard, Trip* trip) {
  const std::string_view body =
      std::string_view(heard.told.body).substr(0, base::kKeptEvidenceBytes);
  trip->Add(
      "INSERT INTO evidence (task, lease, received_at, delivery, http_status, body, applied, note) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {heard.seq, heard.lease, base::ToMillis(heard.at), std::string_view(heard.told.delivery),
       std::int64_t{heard.told.http_status}, Bytes{body}, std::int64_t{heard.applied}, heard.note});
  if (!heard.told.by_agent()) return;
  trip->Add("UPDATE attempt SET told_by_agent = 1 WHERE task = $1 AND lease = $2",
            {heard.seq, heard.lease});
}

// Proven that nothing was done: back to its place in the lane, and the attempt does not count.
Result<bool> Requeue(Connection& connection, const task::Task& task, const Proof& proof) {
  const std::string reason = Short(proof.wait_reason);
  Result<std::int64_t> rows = connection.Run(
      "UPDATE task SET state = 0, lease = '', error = '', error_code = '', error_class = 0, "
      "wait_reason = $1, attempts = attempts - 1, "
      "changed_at = $2 WHERE seq = $3 AND month = 0 AND +state = $4 AND lease = $5 "
      "AND attempts = $6",
      {std::string_view(reason), base::ToMillis(proof.at), task.seq, StoredState(task.state),
       std::string_view(task.lease), std::int64_t{task.attempts}});
  if (!rows) return rows.error();
  return *rows == 1;
}

Status CorrectAttempt(Connection& connection, const task::Task& task, const Proof& proof) {
  const bool outcome = proof.meaning == Proof::Meaning::kOutcome;
  const std::string detail = Short(outcome ? proof.outcome.error : proof.wait_reason);
  Result<std::int64_t> rows = connection.Run(
      "UPDATE attempt SET result = $1, http_status = $2, detail = $3, "
      "ended_at = coalesce(ended_at, $6) WHERE task = $4 AND number = $5",
      {std::string_view(outcome ? "answered" : "not_sent"), std::int64_t{proof.told.http_status},
       std::string_view(detail), task.seq, std::int64_t{task.attempts}, base::ToMillis(proof.at)});
  if (!rows) return rows.error();
  return base::Ok();
}

Result<bool> Change(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                    const Proof& proof) {
  Result<bool> moved = proof.meaning == Proof::Meaning::kOutcome
                           ? outcomes.Write(task, proof.outcome, proof.at)
                           : Requeue(connection, task, proof);
  if (!moved.ok() || !*moved) return moved;
  Status corrected = CorrectAttempt(connection, task, proof);
  if (!corrected) return corrected.error();
  return true;
}

}  // namespace

Status ReadAgentSettings(Connection& connection, const base::KeyRing& keys,
                         std::vector<task::Register>* registers) {
  Status opened = base::Ok();
  auto at = registers->begin();
  Result<std::int64_t> rows = connection.Run(
      "SELECT via, agent_key, agent_instance FROM register ORDER BY key", {}, [&](const Row& row) {
        task::Register& r = *at++;
        r.via = task::ViaNamed(row.Text(0)).value_or(r.via);
        r.agent_instance = row.Text(2);
        const std::string sealed = row.Text(1);
        if (sealed.empty()) return;
        Result<base::Secret> key = keys.Open(sealed, PlaceOf(r.name));
        if (key.ok()) {
          r.agent_key = std::move(*key);
        } else if (opened.ok()) {
          opened = key.error();
        }
      });
  if (!rows) return rows.error();
  return opened;
}

Status PutAgentSettings(Connection& connection, task::RegisterKey key, const task::Register& r,
                        const base::KeyRing& keys) {
  const std::string print = PrintOf(r.agent_key, keys);
  if (!print.empty()) {
    Result<std::int64_t> taken = connection.Run(
        "SELECT key FROM register WHERE agent_print = $1 AND key <> $2", {Bytes{print}, key});
    if (!taken) return taken.error();
    if (*taken > 0) return Error{Code::kConflict, "another register has this agent key"};
  }
  Result<std::string> instance = InstanceToKeep(connection, key, print, r.agent_instance);
  if (!instance) return instance.error();
  const std::string sealed =
      r.agent_key.empty() ? std::string() : keys.Seal(r.agent_key, PlaceOf(r.name));
  Result<std::int64_t> rows = connection.Run(
      "UPDATE register SET via = $1, agent_key = $2, agent_print = $3, agent_instance = $4 "
      "WHERE key = $5",
      {task::ViaName(r.via), Bytes{sealed}, Bytes{print}, std::string_view(*instance), key});
  if (!rows) return rows.error();
  return base::Ok();
}

void AddTold(task::TaskSeq seq, std::string_view lease, const Told& told, WallTime at, Trip* trip) {
  AddHeard({seq, lease, told, at, true}, trip);
}

Result<ProofApplied> ApplyProof(Connection& connection, OutcomeWriter& outcomes,
                                const Proof& proof) {
  ProofApplied applied;
  Result<bool> repeated = IsRepeated(connection, proof);
  if (!repeated) return repeated.error();
  Result<std::optional<task::Task>> task = ReadTask(connection, proof.seq);
  if (!task) return task.error();
  if (!task->has_value()) return applied;
  applied.before = (*task)->state;
  if (*repeated) {
    applied.what = ProofApplied::What::kRepeated;
    return applied;
  }
  Result<LastAttempt> last = ReadLastAttempt(connection, **task);
  if (!last) return last.error();
  const Ruling ruling = RuleOn(**task, last->lease == proof.lease, last->told, proof);
  bool changed = false;
  if (ruling.applies) {
    Result<bool> moved = Change(connection, outcomes, **task, proof);
    if (!moved) return moved.error();
    changed = *moved;
  }
  applied.what = changed ? ProofApplied::What::kApplied : ProofApplied::What::kKept;
  applied.contradicts = !ruling.note.empty();
  Trip trip;
  AddHeard({proof.seq, proof.lease, proof.told, proof.at, changed, ruling.note}, &trip);
  Status kept = trip.Run(connection);
  if (!kept) return kept.error();
  return applied;
}

Status ReadEvidence(Connection& connection, TaskView* view) {
  Result<std::int64_t> rows = connection.Run(
      "SELECT lease, delivery, http_status, body, received_at, applied, note FROM evidence "
      "WHERE task = $1 ORDER BY key DESC LIMIT $2",
      {view->task.seq, std::int64_t{base::kMaxEvidencePerView}}, [&](const Row& row) {
        Evidence& evidence = view->evidence.emplace_back();
        evidence.lease = row.Text(0);
        evidence.told = {row.Text(1), static_cast<int>(row.Int(2)), row.Text(3)};
        evidence.received_at = base::FromMillis(row.Int(4));
        evidence.applied = row.Int(5) != 0;
        evidence.note = row.Text(6);
      });
  if (!rows) return rows.error();
  std::reverse(view->evidence.begin(), view->evidence.end());
  return base::Ok();
}

Result<std::optional<LeaseHolder>> SqlStore::FindLease(std::string_view lease) {
  using Found = std::optional<LeaseHolder>;
  return Read<Found>([&](Connection& connection) -> Result<Found> {
    if (lease.empty()) return Found();
    task::TaskSeq seq = 0;
    std::int64_t number = 0;
    Found found = LeaseHolder{};
    Result<std::int64_t> rows = connection.Run(
        "SELECT task, kind, number FROM attempt WHERE lease = $1 AND lease <> ''", {lease},
        [&](const Row& row) {
          seq = row.Int(0);
          number = row.Int(2);
          found->kind = row.Int(1) == 0 ? task::AttemptKind::kSend : task::AttemptKind::kAsk;
        });
    // The row of an attempt that was not sent is used again; what was told of it stays.
    if (rows.ok() && seq == 0) {
      rows = connection.Run("SELECT task FROM evidence WHERE lease = $1", {lease},
                            [&](const Row& row) { seq = row.Int(0); });
    }
    if (!rows) return rows.error();
    if (seq == 0) return Found();
    Result<std::optional<task::Task>> task = ReadTask(connection, seq);
    if (!task) return task.error();
    Result<std::optional<LaneHead>> head = CompleteHead(connection, std::move(*task));
    if (!head) return head.error();
    if (!head->has_value()) return Found();
    found->head = std::move(**head);
    found->is_last = number != 0 && number == found->head.task.attempts;
    return found;
  });
}

Result<std::vector<UnknownLease>> SqlStore::UnknownLeases(task::RegisterKey lane) {
  using Leases = std::vector<UnknownLease>;
  return Read<Leases>([&](Connection& connection) -> Result<Leases> {
    Leases leases;
    Result<std::int64_t> rows = connection.Run(
        "SELECT a.lease, a.agent, a.told_by_agent FROM task t "
        "JOIN attempt a ON a.task = t.seq AND a.number = t.attempts "
        "WHERE t.month = 0 AND t.state IN (1, 2, 3) AND t.state = 3 AND t.register = $1 "
        "AND t.lease = '' "
        "AND a.lease <> '' ORDER BY t.seq LIMIT $2",
        {lane, std::int64_t{base::kMaxRowsPerRead}}, [&](const Row& row) {
          leases.push_back({row.Text(0), row.Text(1), row.Int(2) != 0});
        });
    if (!rows) return rows.error();
    return leases;
  });
}

Result<std::string> SqlStore::BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                        const std::string& instance) {
  if (agent_key.empty()) return Error{Code::kNotFound, "no key"};
  const std::string print = PrintOf(agent_key, keys_);
  return writer_.Call<std::string>([&](Connection& connection) -> Result<std::string> {
    Result<std::int64_t> bound = connection.Run(
        "UPDATE register SET agent_instance = $1 WHERE key = $2 AND agent_print = $3 "
        "AND agent_instance = ''",
        {std::string_view(instance), key, Bytes{print}});
    if (!bound) return bound.error();
    if (*bound > 0) {
      Status bumped = BumpOperatorVersion(connection);
      if (!bumped) return bumped.error();
    }
    std::string now;
    Result<std::int64_t> rows =
        connection.Run("SELECT agent_instance FROM register WHERE key = $1 AND agent_print = $2",
                       {key, Bytes{print}}, [&](const Row& row) { now = row.Text(0); });
    if (!rows) return rows.error();
    if (*rows == 0) return Error{Code::kNotFound, "the key is not of this register"};
    return now;
  });
}

Status SqlStore::RecordAgents(const std::vector<AgentStatus>& agents) {
  return Do([&](Connection& connection) -> Status {
    for (const AgentStatus& agent : agents) {
      const std::string version = base::ToStorableText(agent.version);
      const std::string driver = base::ToStorableText(agent.driver);
      Result<std::int64_t> rows = connection.Run(
          "INSERT INTO agent_status (register, seen_at, version, driver_state, clock_skew_ms) "
          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (register) DO UPDATE SET "
          "seen_at = excluded.seen_at, version = excluded.version, "
          "driver_state = excluded.driver_state, clock_skew_ms = excluded.clock_skew_ms",
          {agent.register_key, base::ToMillis(agent.seen_at), std::string_view(version),
           std::string_view(driver), agent.clock_skew_ms});
      if (!rows) return rows.error();
    }
    return base::Ok();
  });
}

Result<std::vector<AgentStatus>> SqlStore::ListAgents() {
  using Agents = std::vector<AgentStatus>;
  return Read<Agents>([](Connection& connection) -> Result<Agents> {
    Agents agents;
    Result<std::int64_t> rows = connection.Run(
        "SELECT register, seen_at, version, driver_state, clock_skew_ms FROM agent_status "
        "ORDER BY register",
        {}, [&](const Row& row) {
          agents.push_back(
              {row.Int(0), base::FromMillis(row.Int(1)), row.Text(2), row.Text(3), row.Int(4)});
        });
    if (!rows) return rows.error();
    return agents;
  });
}

}  // namespace fiscalgate::store
