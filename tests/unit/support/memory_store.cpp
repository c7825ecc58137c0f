#include "tests/unit/support/memory_store.h"

#include <algorithm>

#include "lib/base/id.h"
#include "lib/base/text.h"
#include "lib/store/rows.h"

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Short;
using store::Status;
using store::WallTime;
using task::State;

namespace {

constexpr std::string_view kInterrupted = "the gateway stopped between sending and the answer";

}  // namespace

MemoryStore::MemoryStore(store::ResultWriter write_result)
    : write_result_(std::move(write_result)) {}

Status MemoryStore::BeginWrite() {
  if (stopped_) return Error{Code::kUnavailable, "the store is stopping", base::Retry::kLater};
  ++stats_.groups;
  ++stats_.operations;
  return base::Ok();
}

store::GroupStats MemoryStore::group_stats() const {
  std::lock_guard lock(mutex_);
  return stats_;
}

Status MemoryStore::Probe() {
  std::lock_guard lock(mutex_);
  return BeginWrite();
}

void MemoryStore::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
}

bool MemoryStore::Accept(task::NewTask post, std::function<void(Result<store::Accepted>)> done) {
  Result<store::Accepted> result = store::Accepted();
  {
    std::lock_guard lock(mutex_);
    if (!BeginWrite()) return false;
    if (const Row* row = FindByOrder(post.shop, post.order_id)) {
      result->what = row->content_hash == post.content_hash ? store::Acceptance::kSame
                                                            : store::Acceptance::kConflict;
      result->task = row->task;
    } else if (FindById(post.id) != nullptr) {
      result = Error{Code::kInternal, "the task's id is taken", base::Retry::kLater};
    } else {
      result->task = Insert(post).task;
    }
  }
  done(std::move(result));
  return true;
}

Result<store::Recovered> MemoryStore::Recover(WallTime now) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  store::Recovered recovered;
  for (auto& [seq, row] : tasks_) {
    if (row.task.due_at) row.task.due_at = std::min(*row.task.due_at, now);
    if (row.task.lease.empty() || row.task.due_at) continue;
    const bool was_unknown = row.task.state == State::kUnknown;
    store::Conclusion conclusion;
    conclusion.seq = seq;
    conclusion.lease = row.task.lease;
    conclusion.outcome.error = kInterrupted;
    conclusion.result = "no_answer";
    conclusion.detail = kInterrupted;
    conclusion.at = now;
    ApplyConclusion(conclusion);
    if (!was_unknown) recovered.unknown.push_back(seq);
  }
  for (const task::Register& r : registers_) {
    if (!lanes_[r.key].empty()) recovered.lanes.push_back(r.key);
  }
  return recovered;
}

Result<std::optional<store::LaneHead>> MemoryStore::HeadOf(task::RegisterKey lane,
                                                           bool pass_unknown,
                                                           const store::LaneHint& hint) {
  std::lock_guard lock(mutex_);
  const Row* first = FirstOf(lane, pass_unknown, hint);
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
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  store::DispatchApplied applied;
  const auto told = [this](const auto& end, bool was_applied) {
    const auto it = tasks_.find(end.seq);
    if (end.told && was_applied) {
      Keep(it->second, end.lease, {"", *end.told, end.at, true, ""});
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
  const bool ask = claim.kind == task::AttemptKind::kAsk;
  FG_CHECK(!claim.lease.empty() && claim.from == (ask ? State::kUnknown : State::kQueued));
  if (it == tasks_.end()) return false;
  Row& row = it->second;
  if (row.task.state != claim.from || !row.task.lease.empty()) return false;
  if (!ask && row.task.deadline_at && *row.task.deadline_at <= claim.at) return false;
  if (!ask) {
    row.task.state = State::kSending;
    row.task.changed_at = claim.at;
  }
  row.task.lease = claim.lease;
  row.task.wait_reason.clear();
  row.task.attempts += 1;
  // One that was not sent is used again: its number stands for one that may have been.
  Row::Try& attempt = row.attempts[row.task.attempts];
  const int tries = attempt.number != 0 && attempt.kind == claim.kind ? attempt.tries + 1 : 1;
  attempt = {};
  attempt.number = row.task.attempts;
  attempt.kind = claim.kind;
  attempt.tries = tries;
  attempt.started_at = claim.at;
  attempt.sent_to = claim.sent_to;
  attempt.lease = claim.lease;
  attempt.agent = claim.agent;
  return true;
}

bool MemoryStore::ApplyConclusion(const store::Conclusion& conclusion, const std::string* notes) {
  const auto it = tasks_.find(conclusion.seq);
  if (it == tasks_.end() || conclusion.lease.empty()) return false;
  Row& row = it->second;
  if (row.task.lease != conclusion.lease) return false;
  if (conclusion.device) devices_[conclusion.device->register_key] = *conclusion.device;
  const State end = conclusion.outcome.state;
  if (!conclusion.repeat_because.empty()) {
    if (row.task.state == State::kWaiting) return false;
    KeepResults(row, conclusion.outcome.commands);
    row.task.state = State::kQueued;
    row.task.lease.clear();
    row.task.repeats += 1;
    row.task.wait_reason = Short(conclusion.repeat_because);
    row.task.changed_at = conclusion.at;
  } else if (row.task.state == State::kUnknown && end == State::kUnknown) {
    // The shop has been told already.
    KeepResults(row, conclusion.outcome.commands);
    row.task.lease.clear();
  } else {
    FG_CHECK(end == State::kDone || end == State::kFailed || end == State::kUnknown);
    if (notes != nullptr) row.task.notes = *notes;
    WriteOutcome(row, conclusion.outcome, conclusion.at);
  }
  EndAttempt(row, row.task.attempts, conclusion);
  return true;
}

bool MemoryStore::ApplyRelease(const store::Release& release) {
  const auto it = tasks_.find(release.seq);
  if (it == tasks_.end() || release.lease.empty()) return false;
  Row& row = it->second;
  if (row.task.lease != release.lease || row.task.state == State::kWaiting) return false;
  if (row.task.state == State::kSending) {
    row.task.state = State::kQueued;
    row.task.changed_at = release.at;
  }
  row.task.lease.clear();
  row.task.wait_reason = Short(release.wait_reason);
  row.task.attempts -= 1;
  store::Conclusion end;
  end.result = "not_sent";
  end.detail = release.detail;
  end.at = release.at;
  EndAttempt(row, row.task.attempts + 1, end);
  return true;
}

void MemoryStore::ApplyHold(const store::Hold& hold) {
  const auto it = tasks_.find(hold.seq);
  if (it == tasks_.end() || it->second.task.state != State::kQueued) return;
  it->second.task.wait_reason = Short(hold.wait_reason);
}

void MemoryStore::EndAttempt(Row& row, int number, const store::Conclusion& end) {
  const auto it = row.attempts.find(number);
  if (it == row.attempts.end() || it->second.ended_at) return;
  task::Attempt& attempt = it->second;
  attempt.ended_at = end.at;
  attempt.result = end.result;
  attempt.http_status = end.http_status;
  attempt.detail = Short(end.detail);
}

void MemoryStore::KeepResults(Row& row, const std::vector<task::CommandResult>& results) {
  for (const task::CommandResult& result : results) {
    const auto [kept, is_new] = row.results.try_emplace(result.index, result);
    if (!is_new && kept->second.state != task::CommandState::kDone) kept->second = result;
    kept->second.text = base::ToStorableText(kept->second.text);
    kept->second.raw = base::ToStorableText(kept->second.raw);
  }
}

void MemoryStore::WriteOutcome(Row& row, const task::Outcome& outcome, WallTime at) {
  KeepResults(row, outcome.commands);
  row.task.state = outcome.state;
  row.task.lease.clear();
  row.task.error = Short(outcome.error);
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
  const std::vector<task::CommandResult> results = ResultsOf(row);
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
