// What agents say, in the store in memory.
#include <algorithm>

#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using task::State;

void MemoryStore::Keep(Row& row, const std::string& lease, store::Evidence evidence) {
  evidence.lease = lease;
  for (std::size_t i = 0; i < row.leases.size(); ++i) {
    if (row.leases[i].first == lease && evidence.told.by_agent()) {
      row.attempts[i].told_by_agent = true;
    }
  }
  row.evidence.push_back(std::move(evidence));
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
  const auto last = static_cast<std::size_t>(row.task.attempts) - 1;
  const bool is_last = row.task.attempts > 0 && row.leases.at(last).first == proof.lease;
  const bool told = is_last && row.attempts.at(last).told_by_agent;
  const store::Ruling ruling = store::RuleOn(row.task, is_last, told, proof);
  if (ruling.applies && proof.meaning == store::Proof::Meaning::kOutcome) {
    for (const auto& result : proof.outcome.commands) row.results[result.index] = result;
    row.attempts[last].result = "answered";
    row.attempts[last].http_status = proof.told.http_status;
    WriteOutcome(row, proof.outcome, proof.at);
  } else if (ruling.applies) {
    row.task.state = State::kQueued;
    row.task.error.clear();
    row.task.wait_reason = proof.wait_reason;
    row.task.attempts -= 1;
    row.task.changed_at = proof.at;
    row.attempts[last].result = "not_sent";
  }
  Keep(row, proof.lease, {"", proof.told, proof.at, ruling.applies, std::string(ruling.note)});
  applied.what = ruling.applies ? What::kApplied : What::kKept;
  applied.contradicts = !ruling.note.empty();
  return applied;
}

Result<std::optional<store::LeaseHolder>> MemoryStore::FindLease(std::string_view lease) {
  std::lock_guard lock(mutex_);
  std::optional<store::LeaseHolder> found;
  for (const auto& [seq, row] : tasks_) {
    for (const store::Evidence& evidence : row.evidence) {
      if (evidence.lease == lease) found = store::LeaseHolder{HeadFrom(row), {}, false};
    }
    for (std::size_t i = 0; i < row.leases.size(); ++i) {
      if (lease.empty() || row.leases[i].first != lease) continue;
      const bool is_last = std::cmp_equal(i + 1, row.task.attempts);
      found = store::LeaseHolder{HeadFrom(row), row.attempts[i].kind, is_last};
    }
  }
  return found;
}

Result<std::vector<store::UnknownLease>> MemoryStore::UnknownLeases(task::RegisterKey lane) {
  std::lock_guard lock(mutex_);
  std::vector<store::UnknownLease> leases;
  for (const auto& [seq, row] : lanes_[lane]) {
    if (row->task.state != State::kUnknown || !row->task.lease.empty()) continue;
    const auto last = static_cast<std::size_t>(row->task.attempts) - 1;
    leases.push_back({row->leases.at(last).first, row->leases.at(last).second,
                      row->attempts.at(last).told_by_agent});
  }
  return leases;
}

Result<std::string> MemoryStore::BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                           const std::string& instance) {
  std::lock_guard lock(mutex_);
  task::Register& r = registers_.at(static_cast<std::size_t>(key - 1));
  if (agent_key.empty() || r.agent_key.Reveal() != agent_key.Reveal()) {
    return Error{Code::kNotFound, "another key"};
  }
  if (r.agent_instance.empty()) {
    r.agent_instance = instance;
    ++operator_version_;
  }
  return r.agent_instance;
}

Status MemoryStore::RecordAgents(const std::vector<store::AgentStatus>& agents) {
  std::lock_guard lock(mutex_);
  for (const store::AgentStatus& agent : agents) agents_[agent.register_key] = agent;
  return base::Ok();
}

Result<std::vector<store::AgentStatus>> MemoryStore::ListAgents() {
  std::lock_guard lock(mutex_);
  std::vector<store::AgentStatus> agents;
  for (const auto& [key, agent] : agents_) agents.push_back(agent);
  return agents;
}

}  // namespace fiscalgate::testing
