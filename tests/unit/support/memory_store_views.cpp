// What the relay, readers and operators ask of the store in memory.
#include "tests/unit/support/memory_store.h"

#include <algorithm>

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using store::WallTime;
using task::State;

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
  if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
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
    callback.last_error = delivered.error;
  }
  return base::Ok();
}

MemoryStore::Row* MemoryStore::FindById(std::string_view id) {
  for (auto& [seq, row] : tasks_) {
    if (row.task.id == id) return &row;
  }
  return nullptr;
}

store::LaneHead MemoryStore::HeadFrom(const Row& row) const {
  store::LaneHead head{row.task, row.package, {}};
  for (const auto& [index, result] : row.results) head.results.push_back(result);
  return head;
}

store::TaskView MemoryStore::ViewOf(const Row& row) const {
  store::TaskView view;
  view.task = row.task;
  view.package = row.package;
  view.attempts = row.attempts;
  view.evidence = row.evidence;
  for (const auto& [index, result] : row.results) view.results.push_back(result);
  if (row.callback != 0) view.callback = callbacks_.at(row.callback);
  view.event_seq = row.event;
  if (row.task.state == State::kQueued) {
    const auto at = static_cast<std::size_t>(row.task.register_key - 1);
    const bool pass = at < registers_.size() && registers_[at].pass_unknown;
    const Row* first = FirstOf(row.task.register_key, pass);
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
  const auto lane = lanes_.find(task.register_key);
  if (lane == lanes_.end()) return 0;
  const auto count = std::distance(lane->second.begin(), lane->second.lower_bound(task.seq));
  return std::min(static_cast<int>(count), most);
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
    if (std::cmp_less(found.size(), filter.limit)) found.push_back(task);
  }
  return found;
}

Result<std::vector<store::Event>> MemoryStore::EventsAfter(task::ShopKey shop, std::int64_t seq,
                                                           int limit) {
  std::lock_guard lock(mutex_);
  std::vector<store::Event> found;
  for (const store::Event& event : events_) {
    if (event.shop != shop || event.seq <= seq) continue;
    if (std::cmp_less(found.size(), limit)) found.push_back(event);
  }
  return found;
}

Result<std::vector<store::Callback>> MemoryStore::ListCallbacks(
    std::optional<store::CallbackState> state, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<store::Callback> found;
  for (const auto& [key, callback] : callbacks_) {
    if (state && callback.state != *state) continue;
    if (std::cmp_less(found.size(), limit)) found.push_back(callback);
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

Result<store::Gauges> MemoryStore::ReadGauges() {
  std::lock_guard lock(mutex_);
  store::Gauges gauges;
  for (const auto& [key, rows] : lanes_) {
    if (!rows.empty()) gauges.lanes.push_back({key, static_cast<std::int64_t>(rows.size())});
  }
  for (const auto& [seq, row] : tasks_) {
    gauges.queued += row.task.state == State::kQueued ? 1 : 0;
    gauges.unknown += row.task.state == State::kUnknown ? 1 : 0;
  }
  for (const auto& [key, callback] : callbacks_) {
    gauges.callbacks_pending += callback.state == store::CallbackState::kPending ? 1 : 0;
    gauges.callbacks_dead += callback.state == store::CallbackState::kDead ? 1 : 0;
  }
  return gauges;
}

Status MemoryStore::CancelTask(std::string_view id, const std::string&, const std::string&,
                               WallTime now) {
  std::lock_guard lock(mutex_);
  Row* row = FindById(id);
  if (row == nullptr) return Error{Code::kNotFound, "no such task"};
  if (row->task.state != State::kQueued) return Error{Code::kConflict, "not queued"};
  ++operator_version_;
  WriteOutcome(*row, {State::kCancelled, "", {}}, now);
  return base::Ok();
}

Status MemoryStore::RetryTask(std::string_view id, const std::string&, const std::string&,
                              WallTime now) {
  std::lock_guard lock(mutex_);
  Row* row = FindById(id);
  if (row == nullptr) return Error{Code::kNotFound, "no such task"};
  if (row->task.state != State::kFailed) return Error{Code::kConflict, "not failed"};
  ++operator_version_;
  row->task.state = State::kQueued;
  row->task.deadline_at.reset();
  row->task.repeats = 0;
  row->task.error.clear();
  row->task.changed_at = now;
  lanes_[row->task.register_key].emplace(row->task.seq, row);
  return base::Ok();
}

Status MemoryStore::SettleTask(std::string_view id, bool printed,
                               const std::optional<ffd::FiscalMark>&, const std::string&,
                               const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  Row* row = FindById(id);
  if (row == nullptr) return Error{Code::kNotFound, "no such task"};
  if (row->task.state != State::kUnknown) return Error{Code::kConflict, "not unknown"};
  ++operator_version_;
  row->task.lease.clear();
  if (printed) {
    WriteOutcome(*row, {State::kDone, "", {}}, now);
  } else {
    row->task.state = State::kQueued;
    row->task.error.clear();
    row->task.changed_at = now;
  }
  return base::Ok();
}

Status MemoryStore::ReplayCallback(std::string_view webhook_id, const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  for (auto& [key, callback] : callbacks_) {
    if (callback.webhook_id != webhook_id) continue;
    callback.state = store::CallbackState::kPending;
    callback.attempts = 0;
    callback.due_at = now;
    ++operator_version_;
    return base::Ok();
  }
  return Error{Code::kNotFound, "no such callback"};
}

Result<std::int64_t> MemoryStore::ReplayDeadCallbacks(task::ShopKey shop, const std::string&,
                                                      WallTime now) {
  std::lock_guard lock(mutex_);
  std::int64_t count = 0;
  for (auto& [key, callback] : callbacks_) {
    if (callback.shop != shop || callback.state != store::CallbackState::kDead) continue;
    callback.state = store::CallbackState::kPending;
    callback.attempts = 0;
    callback.due_at = now;
    ++count;
  }
  ++operator_version_;
  return count;
}

}  // namespace fiscalgate::testing
