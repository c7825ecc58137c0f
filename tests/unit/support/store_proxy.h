// Stands before another store: counts what is asked of it, refuses commits on demand, and lets a
// test act in the moment before one.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lib/store/store.h"

namespace fiscalgate::testing {

class StoreProxy final : public store::Store {
 public:
  explicit StoreProxy(store::Store& inner) : inner_(inner) {}

  std::atomic<bool> disk_full{false};
  std::function<bool(const store::DispatchBatch&)> refuse;  // beside disk_full
  std::function<void(const store::DispatchBatch&)> before_apply;
  std::function<void(const store::CloudBatch&)> before_cloud;
  std::atomic<int> queues_read{0}, conversations_read{0}, cloud_applies{0};
  store::LaneHint last_hint;
  std::atomic<int> heads_read{0}, applies{0}, records{0}, due_read{0};
  store::DispatchBatch last_batch;
  std::vector<store::Delivered> last_records;

  store::Result<task::DirectoryPtr> LoadDirectory() override { return inner_.LoadDirectory(); }
  store::Result<std::int64_t> OperatorVersion() override { return inner_.OperatorVersion(); }
  store::Result<task::ShopKey> AddShop(const task::Shop& s) override { return inner_.AddShop(s); }
  store::Status UpdateShop(const task::Shop& s) override { return inner_.UpdateShop(s); }
  store::Result<task::RegisterKey> AddRegister(const task::Register& r) override {
    return inner_.AddRegister(r);
  }
  store::Status UpdateRegister(const task::Register& r) override {
    return inner_.UpdateRegister(r);
  }
  store::Result<task::GroupKey> AddGroup(const task::Group& g) override {
    return inner_.AddGroup(g);
  }
  store::Status UpdateGroup(const task::Group& g) override { return inner_.UpdateGroup(g); }
  store::Result<std::vector<task::DeviceState>> DeviceStates() override {
    return inner_.DeviceStates();
  }
  store::Result<std::vector<task::Task>> ExpireTasks(store::WallTime now, int limit) override {
    return inner_.ExpireTasks(now, limit);
  }
  store::Result<task::Task> OrderService(const task::NewTask& t, const std::string& who,
                                         const std::string& why) override {
    return inner_.OrderService(t, who, why);
  }
  store::Result<task::Task> WithdrawTask(std::string_view id, task::ShopKey shop,
                                         const std::string& who, store::WallTime now) override {
    return inner_.WithdrawTask(id, shop, who, now);
  }
  bool Accept(task::NewTask t, std::function<void(store::Result<store::Accepted>)> done) override {
    return inner_.Accept(std::move(t), std::move(done));
  }

  store::Result<store::Recovered> Recover(store::WallTime now) override {
    if (disk_full) return Full();
    return inner_.Recover(now);
  }
  store::Result<std::optional<store::LaneHead>> HeadOf(task::RegisterKey lane, bool pass_unknown,
                                                       const store::LaneHint& hint) override {
    ++heads_read;
    last_hint = hint;
    return inner_.HeadOf(lane, pass_unknown, hint);
  }
  store::Result<store::DispatchApplied> Apply(const store::DispatchBatch& batch) override {
    ++applies;
    last_batch = batch;
    if (before_apply) before_apply(batch);
    if (disk_full || (refuse && refuse(batch))) return Full();
    return inner_.Apply(batch);
  }
  store::Result<std::optional<store::LaneHead>> OldestUnknown(task::RegisterKey lane,
                                                              task::TaskSeq after) override {
    return inner_.OldestUnknown(lane, after);
  }

  store::Result<store::CloudApplied> Apply(const store::CloudBatch& batch) override {
    ++cloud_applies;
    if (before_cloud) before_cloud(batch);
    if (disk_full) return Full();
    return inner_.Apply(batch);
  }
  store::Result<std::vector<store::LaneHead>> QueuedOf(task::RegisterKey lane, int limit) override {
    ++queues_read;
    return inner_.QueuedOf(lane, limit);
  }
  store::Result<std::vector<store::LaneHead>> DueConversations(task::RegisterKey lane,
                                                               store::WallTime now,
                                                               int limit) override {
    ++conversations_read;
    return inner_.DueConversations(lane, now, limit);
  }
  store::Result<std::optional<store::WallTime>> NextConversation(task::RegisterKey lane,
                                                                 store::WallTime now) override {
    return inner_.NextConversation(lane, now);
  }

  store::Result<std::optional<store::LeaseHolder>> FindLease(std::string_view lease) override {
    return inner_.FindLease(lease);
  }
  store::Result<std::vector<store::UnknownLease>> UnknownLeases(task::RegisterKey lane) override {
    return inner_.UnknownLeases(lane);
  }
  store::Result<std::string> BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                       const std::string& instance) override {
    return inner_.BindAgent(key, agent_key, instance);
  }
  store::Status RecordAgents(const std::vector<store::AgentStatus>& agents) override {
    return inner_.RecordAgents(agents);
  }
  store::Result<std::vector<store::AgentStatus>> ListAgents() override {
    return inner_.ListAgents();
  }

  store::Result<std::vector<std::pair<task::ShopKey, store::WallTime>>> ShopsWithCallbacks()
      override {
    return inner_.ShopsWithCallbacks();
  }
  store::Result<std::vector<store::Callback>> DueCallbacks(task::ShopKey shop, store::WallTime now,
                                                           int limit) override {
    ++due_read;
    return inner_.DueCallbacks(shop, now, limit);
  }
  store::Result<std::optional<store::WallTime>> NextCallbackDue(task::ShopKey shop) override {
    return inner_.NextCallbackDue(shop);
  }
  store::Status RecordDeliveries(const std::vector<store::Delivered>& deliveries) override {
    ++records;
    last_records = deliveries;
    if (disk_full) return Full();
    return inner_.RecordDeliveries(deliveries);
  }

  store::Result<std::optional<store::TaskView>> FindTask(std::string_view id) override {
    return inner_.FindTask(id);
  }
  store::Result<std::optional<store::TaskView>> FindTaskBySeq(task::TaskSeq seq) override {
    return inner_.FindTaskBySeq(seq);
  }
  store::Result<int> CountAhead(const task::Task& task, int most) override {
    return inner_.CountAhead(task, most);
  }
  store::Result<std::vector<task::Task>> ListTasks(const store::TaskFilter& filter) override {
    return inner_.ListTasks(filter);
  }
  store::Result<std::vector<store::Event>> EventsAfter(task::ShopKey shop, std::int64_t seq,
                                                       int limit) override {
    return inner_.EventsAfter(shop, seq, limit);
  }
  store::Result<std::vector<store::Callback>> ListCallbacks(
      std::optional<store::CallbackState> state, int limit) override {
    return inner_.ListCallbacks(state, limit);
  }
  store::Result<std::optional<store::Callback>> FindCallback(std::string_view id) override {
    return inner_.FindCallback(id);
  }
  store::Result<store::Gauges> ReadGauges() override { return inner_.ReadGauges(); }
  store::GroupStats group_stats() const override { return inner_.group_stats(); }
  store::Status CancelTask(std::string_view id, const std::string& who, const std::string& why,
                           store::WallTime now) override {
    return inner_.CancelTask(id, who, why, now);
  }
  store::Status RetryTask(std::string_view id, const std::string& who, const std::string& why,
                          store::WallTime now) override {
    return inner_.RetryTask(id, who, why, now);
  }
  store::Status SettleTask(std::string_view id, bool printed,
                           const std::optional<ffd::FiscalMark>& mark, const std::string& who,
                           const std::string& why, store::WallTime now) override {
    return inner_.SettleTask(id, printed, mark, who, why, now);
  }
  store::Status ReplayCallback(std::string_view webhook_id, const std::string& who,
                               store::WallTime now) override {
    return inner_.ReplayCallback(webhook_id, who, now);
  }
  store::Result<std::int64_t> ReplayDeadCallbacks(task::ShopKey shop, const std::string& who,
                                                  store::WallTime now) override {
    return inner_.ReplayDeadCallbacks(shop, who, now);
  }
  store::Couriers& couriers() override { return inner_.couriers(); }
  store::Nodes* nodes() override { return inner_.nodes(); }
  store::Status Probe() override { return inner_.Probe(); }
  store::Status MakeMonths() override { return inner_.MakeMonths(); }
  void Stop() override { inner_.Stop(); }

 private:
  static base::Error Full() {
    return {base::Code::kUnavailable, "the disk is full", base::Retry::kLater};
  }
  store::Store& inner_;
};

}  // namespace fiscalgate::testing
