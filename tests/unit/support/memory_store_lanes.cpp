// Lanes, groups, deadlines and devices of the store in memory.
#include <algorithm>

#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using store::WallTime;
using task::State;

MemoryStore::Row* MemoryStore::FindByOrder(task::ShopKey shop, const std::string& order_id) {
  for (auto& [seq, row] : tasks_) {
    if (row.task.shop == shop && row.task.order_id == order_id) return &row;
  }
  return nullptr;
}

MemoryStore::Row& MemoryStore::Insert(const task::NewTask& post) {
  Row row;
  row.task.seq = static_cast<task::TaskSeq>(tasks_.size()) + 1;
  row.task.id = post.id;
  row.task.shop = post.shop;
  row.task.register_key = post.register_key;
  row.task.order_id = post.order_id;
  row.task.accepted_at = row.task.changed_at = post.accepted_at;
  row.task.priority = post.priority;
  row.task.deadline_at = post.deadline_at;
  row.task.group = post.group;
  if (post.wants_number) row.task.number = ++counts_[post.register_key];
  row.package = post.package;
  row.content_hash = post.content_hash;
  Row& stored = tasks_.emplace(row.task.seq, std::move(row)).first->second;
  lanes_[stored.task.register_key].emplace(stored.task.seq, &stored);
  return stored;
}

const MemoryStore::Row* MemoryStore::FirstOf(task::RegisterKey lane, bool pass_unknown) const {
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return nullptr;
  const auto rank = [&](const task::Task& task) {
    if (task.state == State::kUnknown) return 1;
    return task.state == State::kQueued ? 2 + static_cast<int>(task.priority) : 0;
  };
  const Row* first = nullptr;
  for (const auto& [seq, row] : found->second) {
    const bool passed = row->task.state == State::kUnknown && !row->task.is_service();
    if (pass_unknown && passed) continue;
    if (first == nullptr || rank(row->task) < rank(first->task)) first = row;
  }
  return first;
}

bool MemoryStore::ApplyService(const store::ServiceOrder& order) {
  Row* present = FindByOrder(order.task.shop, order.task.order_id);
  if (present == nullptr) {
    Insert(order.task);
    return true;
  }
  if (!order.again_if_failed || present->task.state != State::kFailed) return false;
  present->task.state = State::kQueued;
  lanes_[present->task.register_key].emplace(present->task.seq, present);
  return true;
}

std::int64_t MemoryStore::ApplyMove(const store::Move& move) {
  std::vector<Row*> moved;
  for (const auto& [seq, row] : lanes_[move.from]) {
    const task::Task& task = row->task;
    const bool fits =
        task.state == State::kQueued && task.attempts == 0 && task.group == move.group;
    if (fits && std::cmp_less(moved.size(), move.limit)) moved.push_back(row);
  }
  for (Row* row : moved) {
    lanes_[move.from].erase(row->task.seq);
    row->task.register_key = move.to;
    row->task.wait_reason.clear();
    lanes_[move.to].emplace(row->task.seq, row);
  }
  return static_cast<std::int64_t>(moved.size());
}

Result<task::GroupKey> MemoryStore::AddGroup(const task::Group& group) {
  std::lock_guard lock(mutex_);
  groups_.push_back(group);
  groups_.back().key = static_cast<task::GroupKey>(groups_.size());
  ++operator_version_;
  return groups_.back().key;
}

Status MemoryStore::UpdateGroup(const task::Group& group) {
  std::lock_guard lock(mutex_);
  groups_.at(static_cast<std::size_t>(group.key - 1)) = group;
  ++operator_version_;
  return base::Ok();
}

Result<std::vector<task::DeviceState>> MemoryStore::DeviceStates() {
  std::lock_guard lock(mutex_);
  std::vector<task::DeviceState> states;
  for (const auto& [key, state] : devices_) states.push_back(state);
  return states;
}

Result<std::vector<task::Task>> MemoryStore::ExpireTasks(WallTime now, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<task::Task> ended;
  for (auto& [seq, row] : tasks_) {
    if (row.task.state != State::kQueued || !row.task.deadline_at) continue;
    if (*row.task.deadline_at > now || !std::cmp_less(ended.size(), limit)) continue;
    WriteOutcome(row, {State::kFailed, "too late", {}, "deadline_passed"}, now);
    ended.push_back(row.task);
  }
  return ended;
}

Result<task::Task> MemoryStore::OrderService(const task::NewTask& task, const std::string&,
                                             const std::string&) {
  std::lock_guard lock(mutex_);
  if (FindByOrder(task.shop, task.order_id) != nullptr) return Error{Code::kConflict, "taken"};
  ++operator_version_;
  return Insert(task).task;
}

Result<task::Task> MemoryStore::WithdrawTask(std::string_view id, task::ShopKey shop,
                                             const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  Row* row = FindById(id);
  if (row == nullptr || row->task.shop != shop) return Error{Code::kNotFound, "no such task"};
  const bool in_part = std::any_of(row->results.begin(), row->results.end(), [](const auto& each) {
    return each.second.state == task::CommandState::kDone;
  });
  if (row->task.state == State::kQueued && !in_part) {
    WriteOutcome(*row, {State::kCancelled, "", {}}, now);
  }
  return row->task;
}

}  // namespace fiscalgate::testing
