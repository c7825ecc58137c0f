// Lanes, moves, deadlines and devices of the store in memory.
#include <algorithm>

#include "lib/base/limits.h"
#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using store::WallTime;
using task::State;

namespace {

task::Outcome TooLate(const task::Task& task) {
  task::Outcome outcome;
  outcome.state = State::kFailed;
  outcome.error = "срок истёк: чек не был отправлен до " + base::FormatUtc(*task.deadline_at);
  if (!task.wait_reason.empty()) outcome.error += " (" + task.wait_reason + ")";
  outcome.error_code = "deadline_passed";
  return outcome;
}

}  // namespace

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

bool MemoryStore::ComesBefore(const task::Task& a, const task::Task& b) {
  return std::pair(a.priority, a.seq) < std::pair(b.priority, b.seq);
}

const MemoryStore::Row* MemoryStore::FirstOf(task::RegisterKey lane, bool pass_unknown,
                                             const store::LaneHint& hint) const {
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return nullptr;
  const auto rank = [&](const task::Task& task) {
    if (task.state == State::kSending) return 0;
    if (task.state == State::kWaiting) return 1;
    return task.state == State::kUnknown ? 2 : 3 + static_cast<int>(task.priority);
  };
  const Row* first = nullptr;
  for (const auto& [seq, row] : found->second) {
    const bool passed = row->task.state == State::kUnknown && !row->task.is_service();
    if (pass_unknown && passed) continue;
    const bool queued = row->task.state == State::kQueued;
    if (!queued && hint.nothing_ahead) continue;
    if (queued && seq <= hint.after.at(static_cast<std::size_t>(row->task.priority))) continue;
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
  present->task.error.clear();
  present->task.error_code.clear();
  present->task.error_class = {};
  present->task.changed_at = order.task.accepted_at;
  lanes_[present->task.register_key].emplace(present->task.seq, present);
  return true;
}

std::int64_t MemoryStore::ApplyMove(const store::Move& move) {
  std::vector<Row*> moved;
  for (const auto& [seq, row] : lanes_[move.from]) {
    const task::Task& task = row->task;
    const bool fits =
        task.state == State::kQueued && task.attempts == 0 && task.group == move.group;
    if (fits) moved.push_back(row);
  }
  std::sort(moved.begin(), moved.end(),
            [](const Row* a, const Row* b) { return ComesBefore(a->task, b->task); });
  moved.resize(std::min(moved.size(), static_cast<std::size_t>(move.limit)));
  for (Row* row : moved) {
    lanes_[move.from].erase(row->task.seq);
    row->task.register_key = move.to;
    row->task.wait_reason.clear();
    lanes_[move.to].emplace(row->task.seq, row);
  }
  return static_cast<std::int64_t>(moved.size());
}

Result<std::vector<task::DeviceState>> MemoryStore::DeviceStates() {
  std::lock_guard lock(mutex_);
  std::vector<task::DeviceState> states;
  for (const auto& [key, state] : devices_) states.push_back(state);
  return states;
}

Result<std::vector<task::Task>> MemoryStore::ExpireTasks(WallTime now, int limit) {
  std::lock_guard lock(mutex_);
  std::vector<Row*> overdue;
  for (auto& [seq, row] : tasks_) {
    if (row.task.state != State::kQueued || !row.task.deadline_at) continue;
    if (*row.task.deadline_at <= now) overdue.push_back(&row);
  }
  std::vector<task::Task> ended;
  if (overdue.empty()) return ended;
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  std::stable_sort(overdue.begin(), overdue.end(), [](const Row* a, const Row* b) {
    return *a->task.deadline_at < *b->task.deadline_at;
  });
  for (Row* row : overdue) {
    if (!std::cmp_less(ended.size(), std::min(limit, base::kMaxExpiredPerTurn))) break;
    WriteOutcome(*row, TooLate(row->task), now);
    ended.push_back(row->task);
  }
  return ended;
}

Result<task::Task> MemoryStore::OrderService(const task::NewTask& task, const std::string&,
                                             const std::string&) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  if (FindByOrder(task.shop, task.order_id) != nullptr || FindById(task.id) != nullptr) {
    return Error{Code::kConflict, "there is such a task already"};
  }
  ++operator_version_;
  return Insert(task).task;
}

Result<task::Task> MemoryStore::WithdrawTask(std::string_view id, task::ShopKey shop,
                                             const std::string&, WallTime now) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  Row* row = FindById(id);
  if (row == nullptr || row->task.shop != shop) {
    return Error{Code::kNotFound, "no task of this shop has this id"};
  }
  const bool in_part = std::any_of(row->results.begin(), row->results.end(), [](const auto& each) {
    return each.second.state == task::CommandState::kDone;
  });
  if (row->task.state == State::kQueued && !in_part) {
    WriteOutcome(*row, {State::kCancelled, "cancelled", {}}, now);
  }
  return row->task;
}

}  // namespace fiscalgate::testing
