// The part of Engine that shares the work with other nodes: lanes come and go, and what became of
// an attempt may be known elsewhere first.

#include <algorithm>
#include <utility>

#include "lib/base/log.h"
#include "lib/dispatch/engine.h"

namespace fiscalgate::dispatch {
namespace {

// What no row of a lane says: nothing can be claimed with it.
constexpr char kNobody[] = "-";

using Meaning = store::Proof::Meaning;

// An end that came too late, as what it proves. Empty: nobody said a thing.
std::optional<store::Proof> ProofOfEnd(const Attempt& attempt, const store::Conclusion& end,
                                       bool others) {
  const task::State state = end.outcome.state;
  const bool says = end.result == "answered" && attempt.kind == task::AttemptKind::kSend &&
                    (state == task::State::kDone || state == task::State::kFailed);
  if (!end.told && !(others && says && end.repeat_because.empty())) return {};
  store::Proof proof;
  proof.told = end.told ? *end.told : store::Told{"answered", end.http_status, ""};
  for (const task::CommandResult& result : end.outcome.commands) {
    if (proof.told.body.empty()) proof.told.body = result.raw;
  }
  if (!end.repeat_because.empty()) {
    proof.meaning = Meaning::kNotDone;
    proof.wait_reason = end.repeat_because;
  } else if (says) {
    proof.meaning = Meaning::kOutcome;
    proof.outcome = end.outcome;
  }
  return proof;
}

std::optional<store::Proof> ProofOfEnd(const Attempt& attempt, const store::Release& end) {
  if (!end.told || attempt.kind == task::AttemptKind::kAsk) return {};
  store::Proof proof;
  proof.told = *end.told;
  proof.meaning = Meaning::kNotDone;
  proof.wait_reason = end.wait_reason;
  return proof;
}

}  // namespace

bool Engine::Has(task::RegisterKey lane) const {
  return options_.holdings == nullptr || options_.holdings->Has(lane);
}

bool Engine::MayBegin() const {
  return options_.holdings == nullptr || !options_.holdings->Token().empty();
}

std::string Engine::NodeToClaimWith() const {
  if (options_.holdings == nullptr) return "";
  std::string token = options_.holdings->Token();
  return token.empty() ? kNobody : token;
}

void Engine::Take(const cluster::LanesMoved& news) {
  for (const task::RegisterKey lane : news.lost) AbandonIfOver(lane);
  if (news.taken.empty()) return;
  // Others have spoken with these registers.
  auto devices = with_.store.DeviceStates();
  if (devices.ok()) {
    guard_.Load(std::move(*devices));
    guard_at_ = now_;
  } else {
    log::Error("devices_not_read", {{"error", devices.error().what}});
  }
  for (const task::RegisterKey key : news.taken) {
    if (!IsOurs(key)) continue;
    AbandonIfOver(key);
    // A request that waits here for an agent may be waited for elsewhere by its agent.
    const auto running = running_.find(key);
    if (running != running_.end() && carried_.contains(running->second.head.task.seq)) {
      options_.carrier->Recall(key, running->second.lease);
    }
    Lane& lane = board_.At(key);
    lane.Relook(true);
    Settle(lane);
  }
  for (const task::TaskSeq seq : news.unknown) {
    const auto view = with_.store.FindTaskBySeq(seq);
    if (!view.ok() || !*view) continue;
    log::Warn("task_unknown_after_takeover", {{"task", (*view)->task.id}});
    with_.on_change((*view)->task);
  }
}

// News of a loss may be old: the lane may be here again, and its attempt begun since. What is still
// under its lease in the store is nobody else's, and would be waited for in vain if it were let go.
void Engine::AbandonIfOver(task::RegisterKey lane) {
  const auto it = running_.find(lane);
  if (it == running_.end() || it->second.ticket == 0) return;
  const Attempt& attempt = it->second;
  // The answer of a register comes back here, whoever has the lane then. The word of an agent may
  // have gone to another node.
  if (attempt.register_->via != task::Via::kAgent) return;
  const auto view = with_.store.FindTaskBySeq(attempt.head.task.seq);
  if (!view.ok() || !*view || (*view)->task.lease == attempt.lease) return;
  Abandon(attempt);
}

void Engine::Abandon(const Attempt& attempt) {
  const task::RegisterKey lane = attempt.head.task.register_key;
  if (options_.carrier != nullptr && !options_.carrier->Recall(lane, attempt.lease)) {
    options_.carrier->Told(lane, attempt.lease);
  }
  ++count_.lost_leases;
  if (attempt.failing) --failing_taken_;
  carried_.erase(attempt.head.task.seq);
  running_.erase(lane);
  Lane& its = board_.At(lane);
  its.Free();
  Settle(its);
}

void Engine::Take(TaskChanged news) {
  const auto carried = carried_.find(news.seq);
  if (carried == carried_.end()) return;
  const auto it = running_.find(carried->second);
  if (it != running_.end() && it->second.head.task.seq == news.seq) AbandonIfOver(it->first);
}

// This node was taken for dead, and the task for unknown, or somebody has settled it: what the
// register said, or its agent, may settle it still, and is kept in any case. Its agent waits for
// that.
bool Engine::BringAsProof(Attempt& attempt, const Ending& ending) {
  const auto* concluded = std::get_if<store::Conclusion>(&ending.what);
  auto proof = concluded != nullptr ? ProofOfEnd(attempt, *concluded, options_.holdings != nullptr)
                                    : ProofOfEnd(attempt, std::get<store::Release>(ending.what));
  if (!proof) return false;
  proof->seq = attempt.head.task.seq;
  proof->lease = attempt.lease;
  proof->at = with_.clock.Now();
  lost_ends_.push_back({std::move(*proof), attempt.head.task, std::move(attempt.recorded)});
  return true;
}

}  // namespace fiscalgate::dispatch
