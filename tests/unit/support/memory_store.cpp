#include "tests/unit/support/memory_store.h"

#include <algorithm>

#include "lib/base/id.h"
#include "lib/base/text.h"

namespace fiscalgate::testing {

using store::Result;
using store::Status;
using store::WallTime;
using task::State;

MemoryStore::MemoryStore(store::ResultWriter write_result)
    : write_result_(std::move(write_result)) {}

Result<task::DirectoryPtr> MemoryStore::LoadDirectory() {
  std::lock_guard lock(mutex_);
  return task::DirectoryPtr(
      std::make_shared<const task::Directory>(shops_, registers_, operator_version_, groups_));
}

Result<std::int64_t> MemoryStore::OperatorVersion() {
  std::lock_guard lock(mutex_);
  return operator_version_;
}

Result<task::ShopKey> MemoryStore::AddShop(const task::Shop& shop) {
  std::lock_guard lock(mutex_);
  shops_.push_back(shop);
  shops_.back().key = static_cast<task::ShopKey>(shops_.size());
  ++operator_version_;
  return shops_.back().key;
}

Status MemoryStore::UpdateShop(const task::Shop& shop) {
  std::lock_guard lock(mutex_);
  shops_.at(static_cast<std::size_t>(shop.key - 1)) = shop;
  ++operator_version_;
  return base::Ok();
}

Result<task::RegisterKey> MemoryStore::AddRegister(const task::Register& r) {
  std::lock_guard lock(mutex_);
  registers_.push_back(r);
  registers_.back().key = static_cast<task::RegisterKey>(registers_.size());
  ++operator_version_;
  return registers_.back().key;
}

Status MemoryStore::UpdateRegister(const task::Register& r) {
  std::lock_guard lock(mutex_);
  task::Register& kept = registers_.at(static_cast<std::size_t>(r.key - 1));
  const bool same_key = kept.agent_key.Reveal() == r.agent_key.Reveal();
  const std::string instance = same_key ? kept.agent_instance : r.agent_instance;
  kept = r;
  kept.agent_instance = instance;
  ++operator_version_;
  return base::Ok();
}

bool MemoryStore::Accept(task::NewTask post, std::function<void(Result<store::Accepted>)> done) {
  store::Accepted accepted;
  {
    std::lock_guard lock(mutex_);
    if (const Row* row = FindByOrder(post.shop, post.order_id)) {
      accepted.what = row->content_hash == post.content_hash ? store::Acceptance::kSame
                                                             : store::Acceptance::kConflict;
      accepted.task = row->task;
    } else {
      accepted.task = Insert(post).task;
    }
  }
  done(accepted);
  return true;
}

Result<store::Recovered> MemoryStore::Recover(WallTime now) {
  std::lock_guard lock(mutex_);
  store::Recovered recovered;
  for (auto& [seq, row] : tasks_) {
    if (row.task.due_at) row.task.due_at = now;
    if (row.task.lease.empty() || row.task.due_at) continue;
    const bool was_unknown = row.task.state == State::kUnknown;
    store::Conclusion conclusion;
    conclusion.seq = seq;
    conclusion.lease = row.task.lease;
    conclusion.outcome.error = "interrupted";
    conclusion.result = "no_answer";
    conclusion.at = now;
    ApplyConclusion(conclusion);
    if (!was_unknown) recovered.unknown.push_back(seq);
  }
  for (const auto& [lane, rows] : lanes_) {
    if (!rows.empty()) recovered.lanes.push_back(lane);
  }
  return recovered;
}

Result<std::optional<store::LaneHead>> MemoryStore::HeadOf(task::RegisterKey lane,
                                                           bool pass_unknown) {
  std::lock_guard lock(mutex_);
  const Row* first = FirstOf(lane, pass_unknown);
  if (first == nullptr) return std::optional<store::LaneHead>();
  return std::optional(HeadFrom(*first));
}

Result<std::optional<store::LaneHead>> MemoryStore::OldestUnknown(task::RegisterKey lane,
                                                                  task::TaskSeq after) {
  std::lock_guard lock(mutex_);
  for (const auto& [seq, row] : lanes_[lane]) {
    if (seq > after && row->task.state == State::kUnknown) return std::optional(HeadFrom(*row));
  }
  return std::optional<store::LaneHead>();
}

Result<store::DispatchApplied> MemoryStore::Apply(const store::DispatchBatch& batch) {
  std::lock_guard lock(mutex_);
  store::DispatchApplied applied;
  const auto told = [this](const auto& end, bool was_applied) {
    const auto it = tasks_.find(end.seq);
    if (end.told && it != tasks_.end()) {
      Keep(it->second, end.lease, {"", *end.told, end.at, was_applied, ""});
    }
    return was_applied;
  };
  for (const auto& entry : batch.conclusions) {
    applied.conclusions.push_back(told(entry, ApplyConclusion(entry)));
  }
  for (const auto& entry : batch.releases) {
    applied.releases.push_back(told(entry, ApplyRelease(entry)));
  }
  for (const auto& entry : batch.proofs) applied.proofs.push_back(ApplyProof(entry));
  for (const auto& entry : batch.claims) applied.claims.push_back(ApplyClaim(entry));
  for (const auto& entry : batch.holds) ApplyHold(entry);
  for (const auto& entry : batch.services) applied.services.push_back(ApplyService(entry));
  for (const auto& entry : batch.moves) applied.moved.push_back(ApplyMove(entry));
  return applied;
}

bool MemoryStore::ApplyClaim(const store::Claim& claim) {
  const auto it = tasks_.find(claim.seq);
  if (it == tasks_.end()) return false;
  Row& row = it->second;
  const bool ask = claim.kind == task::AttemptKind::kAsk;
  FG_CHECK(!claim.lease.empty() && claim.from == (ask ? State::kUnknown : State::kQueued));
  if (row.task.state != claim.from || !row.task.lease.empty()) return false;
  if (!ask && row.task.deadline_at && *row.task.deadline_at <= claim.at) return false;
  if (!ask) {
    row.task.state = State::kSending;
    row.task.changed_at = claim.at;
  }
  row.task.lease = claim.lease;
  row.task.wait_reason.clear();
  row.task.attempts += 1;
  if (static_cast<int>(row.attempts.size()) < row.task.attempts) row.attempts.emplace_back();
  row.leases.resize(row.attempts.size());
  row.leases.back() = {claim.lease, claim.agent};
  task::Attempt& attempt = row.attempts.back();
  attempt.tries = attempt.number != 0 && attempt.kind == claim.kind ? attempt.tries + 1 : 1;
  attempt.number = row.task.attempts;
  attempt.kind = claim.kind;
  attempt.started_at = claim.at;
  attempt.ended_at.reset();
  attempt.sent_to = claim.sent_to;
  attempt.told_by_agent = false;
  attempt.result.clear();
  return true;
}

bool MemoryStore::ApplyConclusion(const store::Conclusion& conclusion) {
  const auto it = tasks_.find(conclusion.seq);
  if (it == tasks_.end() || conclusion.lease.empty()) return false;
  Row& row = it->second;
  if (row.task.lease != conclusion.lease) return false;
  const bool silent =
      row.task.state == State::kUnknown && conclusion.outcome.state == State::kUnknown;
  row.task.lease.clear();
  for (const task::CommandResult& result : conclusion.outcome.commands) {
    task::CommandResult& kept = row.results[result.index];
    if (kept.state != task::CommandState::kDone || kept.name.empty()) kept = result;
  }
  if (conclusion.device) devices_[conclusion.device->register_key] = *conclusion.device;
  if (!conclusion.repeat_because.empty()) {
    row.task.state = State::kQueued;
    row.task.repeats += 1;
    row.task.wait_reason = conclusion.repeat_because;
    row.task.changed_at = conclusion.at;
  } else if (!silent) {
    WriteOutcome(row, conclusion.outcome, conclusion.at);
  }
  EndAttempt(row, conclusion.result, conclusion.http_status, conclusion.detail, conclusion.at);
  return true;
}

bool MemoryStore::ApplyRelease(const store::Release& release) {
  const auto it = tasks_.find(release.seq);
  if (it == tasks_.end() || release.lease.empty()) return false;
  Row& row = it->second;
  if (row.task.lease != release.lease) return false;
  if (row.task.state == State::kSending) {
    row.task.state = State::kQueued;
    row.task.changed_at = release.at;
  }
  row.task.lease.clear();
  row.task.wait_reason = release.wait_reason;
  row.task.attempts -= 1;
  EndAttempt(row, "not_sent", 0, release.detail, release.at);
  return true;
}

void MemoryStore::ApplyHold(const store::Hold& hold) {
  const auto it = tasks_.find(hold.seq);
  if (it == tasks_.end() || it->second.task.state != State::kQueued) return;
  it->second.task.wait_reason = hold.wait_reason;
}

void MemoryStore::EndAttempt(Row& row, const std::string& result, int status,
                             const std::string& detail, WallTime at) {
  if (row.attempts.empty()) return;
  task::Attempt& attempt = row.attempts.back();
  attempt.ended_at = at;
  attempt.result = result;
  attempt.http_status = status;
  attempt.detail = detail;
}

void MemoryStore::WriteOutcome(Row& row, const task::Outcome& outcome, WallTime at) {
  row.task.state = outcome.state;
  row.task.error = outcome.error;
  row.task.error_code = outcome.error_code;
  row.task.error_class = outcome.error_class;
  row.task.wait_reason.clear();
  row.task.due_at.reset();
  row.task.changed_at = at;
  store::Event event;
  event.seq = static_cast<std::int64_t>(events_.size()) + 1;
  event.task = row.task.seq;
  event.task_id = row.task.id;
  event.order_id = row.task.order_id;
  event.shop = row.task.shop;
  event.state = outcome.state;
  event.at = at;
  std::vector<task::CommandResult> results;
  for (const auto& [index, result] : row.results) results.push_back(result);
  const bool gives_up = outcome.state == State::kFailed || outcome.state == State::kCancelled;
  row.task.paid_without_receipt = gives_up && task::PaidWithoutReceipt(results);
  event.result_json = write_result_ ? write_result_(row.task, results, event.seq) : "{}";
  row.event = event.seq;
  events_.push_back(event);
  if (!task::IsFinal(outcome.state)) return;
  lanes_[row.task.register_key].erase(row.task.seq);
  WriteCallback(row, event.result_json, at);
}

void MemoryStore::WriteCallback(Row& row, const std::string& json, WallTime at) {
  const std::string& url =
      row.task.state == State::kDone ? row.package.callback_success : row.package.callback_failed;
  if (url.empty()) return;
  store::Callback callback;
  callback.key = static_cast<std::int64_t>(callbacks_.size()) + 1;
  callback.webhook_id = base::NewId(at);
  callback.shop = row.task.shop;
  callback.task = row.task.seq;
  callback.task_id = row.task.id;
  callback.order_id = row.task.order_id;
  callback.url = url;
  callback.body = "json=" + base::PercentEncode(json);
  callback.due_at = at;
  row.callback = callback.key;
  callbacks_.emplace(callback.key, callback);
}

}  // namespace fiscalgate::testing
