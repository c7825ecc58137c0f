// Shops, registers and groups of the store in memory.
#include <algorithm>

#include "tests/unit/support/memory_store.h"

namespace fiscalgate::testing {
namespace {

using base::Code;
using base::Error;
using store::Result;
using store::Status;
using task::State;

// Rows are never taken out: a key is a place.
template <typename T>
T* Find(std::vector<T>& all, std::int64_t key) {
  if (key < 1 || std::cmp_greater(key, all.size())) return nullptr;
  return &all[static_cast<std::size_t>(key - 1)];
}

template <typename T>
std::int64_t Add(std::vector<T>& all, const T& one) {
  all.push_back(one);
  all.back().key = static_cast<std::int64_t>(all.size());
  return all.back().key;
}

// Whether another one than that is so.
template <typename T, typename Is>
bool Another(const std::vector<T>& all, std::int64_t key, const Is& is) {
  return std::any_of(all.begin(), all.end(),
                     [&](const T& each) { return each.key != key && is(each); });
}

template <typename T>
bool HaveToken(const std::vector<T>& all, std::int64_t key, const base::Secret& token) {
  return Another(all, key,
                 [&](const T& each) { return each.kkt_token.Reveal() == token.Reveal(); });
}

// Lists of keys are sets, and are read in their order.
template <typename T>
Status Link(std::vector<std::int64_t>* keys, std::vector<T>& all, const char* what) {
  std::sort(keys->begin(), keys->end());
  keys->erase(std::unique(keys->begin(), keys->end()), keys->end());
  for (const std::int64_t key : *keys) {
    if (Find(all, key) == nullptr) {
      return Error{Code::kNotFound, std::string(what) + " does not exist"};
    }
  }
  return base::Ok();
}

}  // namespace

Result<task::DirectoryPtr> MemoryStore::LoadDirectory() {
  std::lock_guard lock(mutex_);
  return task::DirectoryPtr(
      std::make_shared<const task::Directory>(shops_, registers_, operator_version_, groups_));
}

Result<std::int64_t> MemoryStore::OperatorVersion() {
  std::lock_guard lock(mutex_);
  return operator_version_;
}

Status MemoryStore::CheckShop(const task::Shop& shop) {
  const bool taken = Another(
      shops_, shop.key, [&](const task::Shop& each) { return each.account_id == shop.account_id; });
  if (taken) return Error{Code::kConflict, "account id " + shop.account_id + " is taken"};
  for (const auto& [from, to] : shop.routes) {
    if (from == to) return Error{Code::kInvalid, "a route leads to where it begins"};
    if (Find(registers_, from) == nullptr || Find(registers_, to) == nullptr) {
      return Error{Code::kNotFound, "a register of this route does not exist"};
    }
  }
  return base::Ok();
}

Result<task::ShopKey> MemoryStore::AddShop(const task::Shop& shop) {
  std::lock_guard lock(mutex_);
  task::Shop added = shop;
  added.key = 0;
  Status status = BeginWrite();
  if (status.ok()) status = CheckShop(added);
  if (!status) return status.error();
  ++operator_version_;
  return Add(shops_, added);
}

Status MemoryStore::UpdateShop(const task::Shop& shop) {
  std::lock_guard lock(mutex_);
  Status status = BeginWrite();
  if (status.ok()) status = CheckShop(shop);
  if (!status) return status;
  task::Shop* kept = Find(shops_, shop.key);
  if (kept == nullptr) return Error{Code::kNotFound, "no such shop"};
  *kept = shop;
  ++operator_version_;
  return base::Ok();
}

Status MemoryStore::CheckRegister(task::Register* r) {
  const auto taken = [&](const auto& is) { return Another(registers_, r->key, is); };
  if (taken([&](const task::Register& each) { return each.name == r->name; })) {
    return Error{Code::kConflict, "register name " + r->name + " is taken"};
  }
  if (HaveToken(registers_, r->key, r->kkt_token)) {
    return Error{Code::kConflict, "another register has this token"};
  }
  if (HaveToken(groups_, 0, r->kkt_token)) {
    return Error{Code::kConflict, "a group has this token"};
  }
  const std::string key = r->agent_key.Reveal();
  if (!key.empty() &&
      taken([&](const task::Register& each) { return each.agent_key.Reveal() == key; })) {
    return Error{Code::kConflict, "another register has this agent key"};
  }
  return Link(&r->shops, shops_, "a shop of this register");
}

Result<task::RegisterKey> MemoryStore::AddRegister(const task::Register& r) {
  std::lock_guard lock(mutex_);
  task::Register added = r;
  added.key = 0;
  Status status = BeginWrite();
  if (status.ok()) status = CheckRegister(&added);
  if (!status) return status.error();
  if (added.agent_key.empty()) added.agent_instance.clear();
  ++operator_version_;
  return Add(registers_, added);
}

// Tasks that are not over are their provider's, and so are its notes on those that are.
Status MemoryStore::LeaveProvider(const task::Register& kept) {
  if (!lanes_[kept.key].empty()) {
    return Error{Code::kConflict,
                 "the register has tasks that are not over: they are its provider's"};
  }
  for (auto& [seq, row] : tasks_) {
    if (row.task.register_key == kept.key) row.task.notes.clear();
  }
  return base::Ok();
}

Status MemoryStore::UpdateRegister(const task::Register& r) {
  std::lock_guard lock(mutex_);
  task::Register changed = r;
  Status status = BeginWrite();
  if (status.ok()) status = CheckRegister(&changed);
  if (!status) return status;
  task::Register* kept = Find(registers_, r.key);
  if (kept == nullptr) return Error{Code::kNotFound, "no such register"};
  if (kept->provider != r.provider) status = LeaveProvider(*kept);
  if (!status) return status;
  if (kept->agent_key.Reveal() == r.agent_key.Reveal()) {
    changed.agent_instance = kept->agent_instance;
  }
  *kept = changed;
  ++operator_version_;
  return base::Ok();
}

Status MemoryStore::CheckGroup(task::Group* group) {
  if (Another(groups_, group->key,
              [&](const task::Group& each) { return each.name == group->name; })) {
    return Error{Code::kConflict, "group name " + group->name + " is taken"};
  }
  if (HaveToken(groups_, group->key, group->kkt_token)) {
    return Error{Code::kConflict, "another group has this token"};
  }
  if (HaveToken(registers_, 0, group->kkt_token)) {
    return Error{Code::kConflict, "a register has this token"};
  }
  const Status members = Link(&group->members, registers_, "a register of this group");
  return members.ok() ? Link(&group->shops, shops_, "a shop of this group") : members;
}

Result<task::GroupKey> MemoryStore::AddGroup(const task::Group& group) {
  std::lock_guard lock(mutex_);
  task::Group added = group;
  added.key = 0;
  Status status = BeginWrite();
  if (status.ok()) status = CheckGroup(&added);
  if (!status) return status.error();
  ++operator_version_;
  return Add(groups_, added);
}

Status MemoryStore::UpdateGroup(const task::Group& group) {
  std::lock_guard lock(mutex_);
  task::Group changed = group;
  Status status = BeginWrite();
  if (status.ok()) status = CheckGroup(&changed);
  if (!status) return status;
  task::Group* kept = Find(groups_, group.key);
  if (kept == nullptr) return Error{Code::kNotFound, "no such group"};
  *kept = changed;
  ++operator_version_;
  return base::Ok();
}

Result<std::string> MemoryStore::BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                           const std::string& instance) {
  std::lock_guard lock(mutex_);
  const Status begun = BeginWrite();
  if (!begun) return begun.error();
  task::Register* r = Find(registers_, key);
  if (agent_key.empty() || r == nullptr || r->agent_key.Reveal() != agent_key.Reveal()) {
    return Error{Code::kNotFound, "the key is not of this register"};
  }
  if (r->agent_instance.empty()) {
    r->agent_instance = instance;
    ++operator_version_;
  }
  return r->agent_instance;
}

}  // namespace fiscalgate::testing
