// A fake of store::Store that keeps everything in memory: the same meaning of every operation, no
// disk. Any thread; completions run on the caller's. tests/store holds it to the same conformance
// as the engines that last. What nobody reads back through store::Store (the audit trail, sealed
// secrets) is left out, and so are nodes and months.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "lib/store/store.h"

#include "tests/unit/support/memory_couriers.h"

namespace fiscalgate::testing {

class MemoryStore : public store::Store {
 public:
  explicit MemoryStore(store::ResultWriter write_result = {});

  store::Result<task::DirectoryPtr> LoadDirectory() override;
  store::Result<std::int64_t> OperatorVersion() override;
  store::Result<task::ShopKey> AddShop(const task::Shop& shop) override;
  store::Status UpdateShop(const task::Shop& shop) override;
  store::Result<task::RegisterKey> AddRegister(const task::Register& r) override;
  store::Status UpdateRegister(const task::Register& r) override;
  store::Result<task::GroupKey> AddGroup(const task::Group& group) override;
  store::Status UpdateGroup(const task::Group& group) override;

  bool Accept(task::NewTask task,
              std::function<void(store::Result<store::Accepted>)> done) override;

  store::Result<store::Recovered> Recover(store::WallTime now) override;
  store::Result<std::optional<store::LaneHead>> HeadOf(task::RegisterKey lane, bool pass_unknown,
                                                       const store::LaneHint& hint) override;
  store::Result<store::DispatchApplied> Apply(const store::DispatchBatch& batch) override;
  store::Result<std::optional<store::LaneHead>> OldestUnknown(task::RegisterKey lane,
                                                              task::TaskSeq after) override;

  store::Result<store::CloudApplied> Apply(const store::CloudBatch& batch) override;
  store::Result<std::vector<store::LaneHead>> QueuedOf(task::RegisterKey lane, int limit) override;
  store::Result<std::vector<store::LaneHead>> DueConversations(task::RegisterKey lane,
                                                               store::WallTime now,
                                                               int limit) override;
  store::Result<std::optional<store::WallTime>> NextConversation(task::RegisterKey lane,
                                                                 store::WallTime now) override;

  store::Result<std::vector<task::DeviceState>> DeviceStates() override;
  store::Result<std::vector<task::Task>> ExpireTasks(store::WallTime now, int limit) override;
  store::Result<task::Task> OrderService(const task::NewTask& task, const std::string& who,
                                         const std::string& why) override;
  store::Result<task::Task> WithdrawTask(std::string_view id, task::ShopKey shop,
                                         const std::string& who, store::WallTime now) override;
  store::Result<std::optional<store::LeaseHolder>> FindLease(std::string_view lease) override;
  store::Result<std::vector<store::UnknownLease>> UnknownLeases(task::RegisterKey lane) override;
  store::Result<std::string> BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                       const std::string& instance) override;
  store::Status RecordAgents(const std::vector<store::AgentStatus>& agents) override;
  store::Result<std::vector<store::AgentStatus>> ListAgents() override;

  store::Result<std::vector<std::pair<task::ShopKey, store::WallTime>>> ShopsWithCallbacks()
      override;
  store::Result<std::vector<store::Callback>> DueCallbacks(task::ShopKey shop, store::WallTime now,
                                                           int limit) override;
  store::Result<std::optional<store::WallTime>> NextCallbackDue(task::ShopKey shop) override;
  store::Status RecordDeliveries(const std::vector<store::Delivered>& deliveries) override;

  store::Result<std::optional<store::TaskView>> FindTask(std::string_view id) override;
  store::Result<std::optional<store::TaskView>> FindTaskBySeq(task::TaskSeq seq) override;
  store::Result<int> CountAhead(const task::Task& task, int most) override;
  store::Result<std::vector<task::Task>> ListTasks(const store::TaskFilter& filter) override;
  store::Result<std::vector<store::Event>> EventsAfter(task::ShopKey shop, std::int64_t seq,
                                                       int limit) override;
  store::Result<std::vector<store::Callback>> ListCallbacks(
      std::optional<store::CallbackState> state, int limit) override;
  store::Result<std::optional<store::Callback>> FindCallback(std::string_view id) override;
  store::Result<store::Gauges> ReadGauges() override;
  store::GroupStats group_stats() const override;

  store::Status CancelTask(std::string_view id, const std::string& who, const std::string& why,
                           store::WallTime now) override;
  store::Status RetryTask(std::string_view id, const std::string& who, const std::string& why,
                          store::WallTime now) override;
  store::Status SettleTask(std::string_view id, bool printed,
                           const std::optional<ffd::FiscalMark>& mark, const std::string& who,
                           const std::string& why, store::WallTime now) override;
  store::Status ReplayCallback(std::string_view webhook_id, const std::string& who,
                               store::WallTime now) override;
  store::Result<std::int64_t> ReplayDeadCallbacks(task::ShopKey shop, const std::string& who,
                                                  store::WallTime now) override;
  store::Couriers& couriers() override { return couriers_; }
  store::Nodes* nodes() override { return nullptr; }
  store::Status Probe() override;
  store::Status MakeMonths() override { return base::Ok(); }
  void Stop() override;

 private:
  MemoryCouriers couriers_;
  struct Row {
    task::Task task;
    task::Package package;
    std::string content_hash;
    struct Try : task::Attempt {
      std::string lease, agent;
    };
    std::map<int, Try> attempts;  // by their numbers
    std::vector<store::Evidence> evidence;
    std::map<int, task::CommandResult> results;
    std::int64_t event = 0;
    std::int64_t callback = 0;
  };
  // First in every write, under the lock. Errors: the store was stopped.
  store::Status BeginWrite();
  store::Status CheckShop(const task::Shop& shop);
  // These put the keys in their order, too.
  store::Status CheckRegister(task::Register* r);
  store::Status CheckGroup(task::Group* group);
  store::Status LeaveProvider(const task::Register& kept);
  Row* FindById(std::string_view id);
  // Errors: kNotFound, kConflict.
  store::Result<Row*> FindInState(std::string_view id, task::State state);
  void Requeue(Row& row, store::WallTime now);
  Row* FindByOrder(task::ShopKey shop, const std::string& order_id);
  Row& Insert(const task::NewTask& post);
  // Who stands first in the lane; null: nobody.
  const Row* FirstOf(task::RegisterKey lane, bool pass_unknown,
                     const store::LaneHint& hint = {}) const;
  bool ApplyService(const store::ServiceOrder& order);
  std::int64_t ApplyMove(const store::Move& move);
  bool ApplyClaim(const store::Claim& claim);
  bool ApplyConclusion(const store::Conclusion& conclusion, const std::string* notes = nullptr);
  bool ApplyRelease(const store::Release& release);
  void ApplyHold(const store::Hold& hold);
  bool ApplyBegin(const store::Begin& begin);
  bool ApplyProgress(const store::Progress& progress);
  bool ApplyEnd(const store::CloudEnd& end);
  // The row of a conversation that goes on under this lease; null: there is none.
  Row* Conversation(task::TaskSeq seq, const std::string& lease);
  store::ProofApplied ApplyProof(const store::Proof& proof);
  void SettleBy(Row& row, Row::Try& attempt, const store::Proof& proof);
  static void Keep(Row& row, const std::string& lease, store::Evidence evidence);
  void WriteOutcome(Row& row, const task::Outcome& outcome, store::WallTime at);
  void WriteCallback(Row& row, const std::string& json, store::WallTime at);
  // What was done stays so.
  static void KeepResults(Row& row, const std::vector<task::CommandResult>& results);
  static std::vector<task::CommandResult> ResultsOf(const Row& row);
  // Of the end only what is said of the attempt.
  static void EndAttempt(Row& row, int number, const store::Conclusion& end);
  static bool ComesBefore(const task::Task& a, const task::Task& b);
  void ReadLaneGauges(store::Gauges* gauges);
  store::LaneHead HeadFrom(const Row& row) const;
  store::TaskView ViewOf(const Row& row) const;

  mutable std::mutex mutex_;
  store::ResultWriter write_result_;
  std::vector<task::Shop> shops_;
  std::vector<task::Register> registers_;
  std::vector<task::Group> groups_;
  std::map<task::RegisterKey, task::DeviceState> devices_;
  std::map<task::RegisterKey, std::int64_t> counts_;  // of tasks that wanted a number
  std::int64_t operator_version_ = 0;
  std::map<task::TaskSeq, Row> tasks_;
  std::map<task::RegisterKey, std::map<task::TaskSeq, Row*>> lanes_;  // live tasks
  std::vector<store::Event> events_;
  std::map<std::int64_t, store::Callback> callbacks_;
  std::map<task::RegisterKey, store::AgentStatus> agents_;
  store::GroupStats stats_;
  bool stopped_ = false;
};

}  // namespace fiscalgate::testing
