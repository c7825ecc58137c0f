// What the relay and readers ask of the store in memory.
#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using store::Result;
using store::Status;
using store::WallTime;
using task::State;

namespace {

std::size_t Bounded(int limit) {
  return static_cast<std::size_t>(std::clamp(limit, 0, base::kMaxRowsPerRead));
}

void Earlier(WallTime time, std::optional<WallTime>* earliest) {
  if (!*earliest || time < **earliest) *earliest = time;
}

// The newest of those that come in order.
template <typename T>
void KeepNewest(int limit, std::vector<T>* all) {
  const auto extra = std::ssize(*all) - limit;
  if (extra > 0) all->erase(all->begin(), all->begin() + extra);
}

}  // namespace

Result<std::vector<std::pair<task::ShopKey, WallTime>>> MemoryStore::ShopsWithCallbacks() {
  std::lock_guard lock(mutex_);
  std::map<task::ShopKey, WallTime> first;
  for (const auto& [key, callback] : callbacks_) {
    if (callback.state != store::CallbackState::kPending) continue;
    const auto it = first.try_emplace(callback.shop, callback.due_at).first;
    it->second = std::min(it->second, callback.due_at);
  }
  return std::vector<std::pair<task::ShopKey, WallTime>>(first.begin(), first.end());
}

Result<std::vector<store::Callback>> MemoryStore::DueCallbacks(task::ShopKey shop, WallTime now,
                                                               int limit) {
  std::lock_guard lock(mutex_);
  std::vector<store::Callback> due;
  for (const auto& [key, callback] : callbacks_) {
    if (callback.shop != shop || callback.state != store::CallbackState::kPending) continue;
    if (callback.due_at <= now) due.push_back(callback);
  }
  std::stable_sort(due.begin(), due.end(), [](const store::Callback& a, const store::Callback& b) {
    return a.due_at < b.due_at;
  });
  due.resize(std::min(due.size(), Bounded(limit)));
  return due;
}

Result<std::optional<WallTime>> MemoryStore::NextCallbackDue(task::ShopKey shop) {
  std::lock_guard lock(mutex_);
  std::optional<WallTime> next;
  for (const auto& [key, callback] : callbacks_) {
    if (callback.shop != shop || callback.state != store::CallbackState::kPending) continue;
    if (!next || callback.due_at < *next) next = callback.due_at;
  }
  return next;
}

Status MemoryStore::RecordDeliveries(const std::vector<store::Delivered>& deliveries) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun;
  for (const store::Delivered& delivered : deliveries) {
    const auto it = callbacks_.find(delivered.key);
    if (it == callbacks_.end()) continue;
    store::Callback& callback = it->second;
    if (callback.state != store::CallbackState::kPending) continue;
    if (callback.attempts != delivered.attempts) continue;
    callback.due_at = delivered.due_at;
    if (!delivered.counted) continue;
    callback.state = delivered.state;
    callback.attempts += 1;
    callback.last_status = delivered.status;
    callback.last_error =
        base::ToStorableText(base::Truncate(delivered.error, base::kKeptAnswerBytes));
  }
  return base::Ok();
}

MemoryStore::Row* MemoryStore::FindById(std::string_view id) {
  for (auto& [seq, row] : tasks_) {
    if (row.task.id == id) return &row;
  }
  return nullptr;
}

std::vector<task::CommandResult> MemoryStore::ResultsOf(const Row& row) {
  std::vector<task::CommandResult> results;
  for (const auto& [index, result] : row.results) results.push_back(result);
  return results;
}

store::LaneHead MemoryStore::HeadFrom(const Row& row) const {
  return {row.task, row.package, ResultsOf(row)};
}

store::TaskView MemoryStore::ViewOf(const Row& row) const {
  store::TaskView view;
  view.task = row.task;
  view.package = row.package;
  for (const auto& [number, attempt] : row.attempts) view.attempts.push_back(attempt);
  KeepNewest(base::kMaxAttemptsPerView, &view.attempts);
  view.evidence = row.evidence;
  KeepNewest(base::kMaxEvidencePerView, &view.evidence);
  view.results = ResultsOf(row);
  if (row.callback != 0) view.callback = callbacks_.at(row.callback);
  view.event_seq = row.event;
  if (row.task.state == State::kQueued) {
    const auto at = static_cast<std::size_t>(row.task.register_key - 1);
    const bool known = at < registers_.size();
    store::LaneHint hint;
    hint.nothing_ahead = known && registers_[at].provider != "bit";  // takes many at once
    const Row* first = FirstOf(row.task.register_key, known && registers_[at].pass_unknown, hint);
    if (first != nullptr && first != &row) view.behind = first->task.seq;
  }
  return view;
}

Result<std::optional<store::TaskView>> MemoryStore::FindTask(std::string_view id) {
  std::lock_guard lock(mutex_);
  const Row* row = FindById(id);
  if (row == nullptr) return std::optional<store::TaskView>();
  return std::optional(ViewOf(*row));
}

Result<std::optional<store::TaskView>> MemoryStore::FindTaskBySeq(task::TaskSeq seq) {
  std::lock_guard lock(mutex_);
  const auto it = tasks_.find(seq);
  if (it == tasks_.end()) return std::optional<store::TaskView>();
  return std::optional(ViewOf(it->second));
}

store::Result<int> MemoryStore::CountAhead(const task::Task& task, int most) {
  std::lock_guard lock(mutex_);
  const auto& lane = lanes_[task.register_key];
  const auto count = std::count_if(lane.begin(), lane.end(), [&](const auto& each) {
    const task::Task& other = each.second->task;
    return other.state == State::kQueued ? ComesBefore(other, task) : other.seq != task.seq;
  });
  return static_cast<int>(std::min<std::ptrdiff_t>(count, most));
}

Result<std::vector<task::Task>> MemoryStore::ListTasks(const store::TaskFilter& filter) {
  std::lock_guard lock(mutex_);
  std::vector<task::Task> found;
  for (auto it = tasks_.rbegin(); it != tasks_.rend(); ++it) {
    const task::Task& task = it->second.task;
    if (filter.shop && task.shop != *filter.shop) continue;
    if (filter.register_key && task.register_key != *filter.register_key) continue;
    if (filter.state && task.state != *filter.state) continue;
    if (filter.paid_without_receipt && !task.paid_without_receipt) continue;
    if (!filter.order_id.empty() && task.order_id != filter.order_id) continue;
    if (found.size() < Bounded(filter.limit)) found.push_back(task);
  }
  return found;
}

Result<std::vector<store::Event>> MemoryStore::EventsAfter(task::ShopKey shop, std::int64_t seq,
                                                           int limit) {
  std::lock_guard lock(mutex_);
  std::vector<store::Event> found;
  for (const store::Event& event : events_) {
    if (event.shop != shop || event.seq <= seq) continue;
    if (found.size() < Bounded(limit)) found.push_back(event);
  }
  return found;
}

Result<std::vector<store::Callback>> MemoryStore::ListCallbacks(
    std::optional<store::CallbackState> state, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<store::Callback> found;
  for (auto it = callbacks_.rbegin(); it != callbacks_.rend(); ++it) {
    const store::Callback& callback = it->second;
    if (state && callback.state != *state) continue;
    if (found.size() < Bounded(limit)) found.push_back(callback);
  }
  return found;
}

Result<std::optional<store::Callback>> MemoryStore::FindCallback(std::string_view id) {
  std::lock_guard lock(mutex_);
  std::optional<store::Callback> found;
  for (const auto& [key, callback] : callbacks_) {
    if (callback.webhook_id == id) found = callback;
  }
  return found;
}

void MemoryStore::ReadLaneGauges(store::Gauges* gauges) {
  for (const task::Register& r : registers_) {
    const auto& rows = lanes_[r.key];
    gauges->lanes.push_back({r.key, static_cast<std::int64_t>(rows.size())});
    for (const auto& [seq, row] : rows) {
      if (row->task.state != State::kQueued) continue;
      ++gauges->queued;
      Earlier(row->task.accepted_at, &gauges->oldest_queued);
    }
  }
}

Result<store::Gauges> MemoryStore::ReadGauges() {
  std::lock_guard lock(mutex_);
  store::Gauges gauges;
  ReadLaneGauges(&gauges);
  for (const auto& [seq, row] : tasks_) {
    gauges.paid_without_receipt += row.task.paid_without_receipt ? 1 : 0;
    if (row.task.state != State::kUnknown) continue;
    ++gauges.unknown;
    Earlier(row.task.changed_at, &gauges.oldest_unknown);
  }
  for (const auto& [key, callback] : callbacks_) {
    gauges.callbacks_dead += callback.state == store::CallbackState::kDead ? 1 : 0;
    if (callback.state != store::CallbackState::kPending) continue;
    ++gauges.callbacks_pending;
    Earlier(callback.due_at, &gauges.oldest_callback_due);
  }
  return gauges;
}

}  // namespace fiscalgate::testing
