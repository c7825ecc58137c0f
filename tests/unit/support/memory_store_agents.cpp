// What agents say, in the store in memory.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/store/rows.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using store::Result;
using store::Short;
using store::Status;
using task::State;

void MemoryStore::Keep(Row& row, const std::string& lease, store::Evidence evidence) {
  evidence.lease = lease;
  evidence.told.body.resize(std::min(evidence.told.body.size(), base::kKeptEvidenceBytes));
  for (auto& [number, attempt] : row.attempts) {
    if (attempt.lease == lease && evidence.told.by_agent()) attempt.told_by_agent = true;
  }
  row.evidence.push_back(std::move(evidence));
}

void MemoryStore::SettleBy(Row& row, Row::Try& attempt, const store::Proof& proof) {
  const bool ends = proof.meaning == store::Proof::Meaning::kOutcome;
  attempt.result = ends ? "answered" : "not_sent";
  attempt.http_status = proof.told.http_status;
  attempt.detail = Short(ends ? proof.outcome.error : proof.wait_reason);
  if (!attempt.ended_at) attempt.ended_at = proof.at;
  if (ends) return WriteOutcome(row, proof.outcome, proof.at);
  row.task.state = State::kQueued;
  row.task.lease.clear();
  row.task.error.clear();
  row.task.error_code.clear();
  row.task.error_class = {};
  row.task.wait_reason = Short(proof.wait_reason);
  row.task.attempts -= 1;
  row.task.changed_at = proof.at;
}

store::ProofApplied MemoryStore::ApplyProof(const store::Proof& proof) {
  using What = store::ProofApplied::What;
  store::ProofApplied applied;
  const auto it = tasks_.find(proof.seq);
  if (it == tasks_.end()) return applied;
  Row& row = it->second;
  applied.before = row.task.state;
  const bool repeated = std::any_of(row.evidence.begin(), row.evidence.end(), [&](const auto& e) {
    return e.lease == proof.lease && (!proof.told.by_agent() || e.told.by_agent());
  });
  if (repeated) {
    applied.what = What::kRepeated;
    return applied;
  }
  const auto last = row.attempts.find(row.task.attempts);
  const bool is_last = last != row.attempts.end() && last->second.lease == proof.lease;
  const bool told = is_last && last->second.told_by_agent;
  const store::Ruling ruling = store::RuleOn(row.task, is_last, told, proof);
  if (ruling.applies) SettleBy(row, last->second, proof);
  Keep(row, proof.lease, {"", proof.told, proof.at, ruling.applies, std::string(ruling.note)});
  applied.what = ruling.applies ? What::kApplied : What::kKept;
  applied.contradicts = !ruling.note.empty();
  return applied;
}

Result<std::optional<store::LeaseHolder>> MemoryStore::FindLease(std::string_view lease) {
  std::lock_guard lock(mutex_);
  std::optional<store::LeaseHolder> told;
  if (lease.empty()) return told;
  for (const auto& [seq, row] : tasks_) {
    for (const auto& [number, attempt] : row.attempts) {
      if (attempt.lease != lease) continue;
      return std::optional(
          store::LeaseHolder{HeadFrom(row), attempt.kind, number == row.task.attempts});
    }
    for (const store::Evidence& evidence : row.evidence) {
      if (evidence.lease == lease) told = store::LeaseHolder{HeadFrom(row), {}, false};
    }
  }
  return told;
}

Result<std::vector<store::UnknownLease>> MemoryStore::UnknownLeases(task::RegisterKey lane) {
  std::lock_guard lock(mutex_);
  std::vector<store::UnknownLease> leases;
  for (const auto& [seq, row] : lanes_[lane]) {
    if (row->task.state != State::kUnknown || !row->task.lease.empty()) continue;
    const auto last = row->attempts.find(row->task.attempts);
    if (last == row->attempts.end()) continue;
    leases.push_back({last->second.lease, last->second.agent, last->second.told_by_agent});
  }
  return leases;
}

Status MemoryStore::RecordAgents(const std::vector<store::AgentStatus>& agents) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun;
  for (const store::AgentStatus& agent : agents) {
    store::AgentStatus& kept = agents_[agent.register_key] = agent;
    kept.version = base::ToStorableText(agent.version);
    kept.driver = base::ToStorableText(agent.driver);
  }
  return base::Ok();
}

Result<std::vector<store::AgentStatus>> MemoryStore::ListAgents() {
  std::lock_guard lock(mutex_);
  std::vector<store::AgentStatus> agents;
  for (const auto& [key, agent] : agents_) agents.push_back(agent);
  return agents;
}

}  // namespace fiscalgate::testing
