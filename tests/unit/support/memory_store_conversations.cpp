// Conversations of the store in memory.
#include <algorithm>

#include "lib/store/rows.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using store::Result;
using store::Short;
using store::Status;
using store::WallTime;
using task::State;

MemoryStore::Row* MemoryStore::Conversation(task::TaskSeq seq, const std::string& lease) {
  const auto it = tasks_.find(seq);
  if (it == tasks_.end() || lease.empty() || !it->second.task.due_at) return nullptr;
  const task::Task& task = it->second.task;
  const bool talks = task.state == State::kSending || task.state == State::kWaiting;
  return talks && task.lease == lease ? &it->second : nullptr;
}

bool MemoryStore::ApplyBegin(const store::Begin& begin) {
  store::Claim claim;
  claim.seq = begin.seq;
  claim.lease = begin.lease;
  claim.sent_to = begin.sent_to;
  claim.at = begin.at;
  if (!ApplyClaim(claim)) return false;
  task::Task& task = tasks_.at(begin.seq).task;
  task.due_at = begin.at;
  task.asks = 0;
  return true;
}

bool MemoryStore::ApplyProgress(const store::Progress& progress) {
  Row* row = Conversation(progress.seq, progress.lease);
  if (row == nullptr) return false;
  task::Task& task = row->task;
  if (task.state == State::kSending && progress.state == State::kWaiting) {
    task.state = State::kWaiting;
    task.changed_at = progress.at;
  }
  task.asks = progress.notes ? 0 : task.asks + (progress.asked ? 1 : 0);
  if (progress.notes) task.notes = *progress.notes;
  task.due_at = progress.due_at;
  task.wait_reason = Short(progress.wait_reason);
  return true;
}

bool MemoryStore::ApplyEnd(const store::CloudEnd& end) {
  if (Conversation(end.conclusion.seq, end.conclusion.lease) == nullptr) return false;
  return ApplyConclusion(end.conclusion, &end.notes);
}

Result<store::CloudApplied> MemoryStore::Apply(const store::CloudBatch& batch) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  store::CloudApplied applied;
  for (const auto& entry : batch.begins) applied.begins.push_back(ApplyBegin(entry));
  for (const auto& entry : batch.progress) applied.progress.push_back(ApplyProgress(entry));
  for (const auto& entry : batch.ends) applied.ends.push_back(ApplyEnd(entry));
  for (const auto& entry : batch.holds) ApplyHold(entry);
  for (const auto& entry : batch.hastens) {
    const auto it = tasks_.find(entry.seq);
    if (it == tasks_.end() || !it->second.task.due_at) continue;
    it->second.task.due_at = std::min(*it->second.task.due_at, entry.at);
  }
  for (const auto& entry : batch.devices) devices_[entry.register_key] = entry;
  return applied;
}

Result<std::vector<store::LaneHead>> MemoryStore::QueuedOf(task::RegisterKey lane, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<const Row*> rows;
  for (const auto& [seq, row] : lanes_[lane]) {
    if (row->task.state == State::kQueued) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return ComesBefore(a->task, b->task); });
  std::vector<store::LaneHead> heads;
  for (const Row* row : rows) {
    if (std::cmp_less(heads.size(), limit)) heads.push_back(HeadFrom(*row));
  }
  return heads;
}

Result<std::vector<store::LaneHead>> MemoryStore::DueConversations(task::RegisterKey lane,
                                                                   WallTime now, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<const Row*> rows;
  for (const auto& [seq, row] : lanes_[lane]) {
    if (row->task.due_at && *row->task.due_at <= now) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return *a->task.due_at < *b->task.due_at; });
  std::vector<store::LaneHead> heads;
  for (const Row* row : rows) {
    if (std::cmp_less(heads.size(), limit)) heads.push_back(HeadFrom(*row));
  }
  return heads;
}

Result<std::optional<WallTime>> MemoryStore::NextConversation(task::RegisterKey lane,
                                                              WallTime now) {
  std::lock_guard lock(mutex_);
  std::optional<WallTime> next;
  for (const auto& [seq, row] : lanes_[lane]) {
    const auto& due = row->task.due_at;
    if (due && *due > now && (!next || *due < *next)) next = due;
  }
  return next;
}

}  // namespace fiscalgate::testing
