// The one implementation of Store: its SQL, for any engine. Spread over files by theme:
//   sql_accept     the hot path              sql_dispatch   claims, outcomes, recovery
//   sql_callbacks  deliveries                sql_views      what is shown
//   sql_operator   acts of people on tasks   sql_directory  shops and registers
//   sql_deadlines  tasks whose time is over  sql_groups     groups of registers
//   sql_lanes      moves, repeats, service tasks, what registers tell of themselves
//   sql_agents     agents and what they said
//   sql_conversations  tasks at cloud registers
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/base/crypto.h"
#include "lib/store/connection.h"
#include "lib/store/dialect.h"
#include "lib/store/month_parts.h"
#include "lib/store/reader_pool.h"
#include "lib/store/sql_couriers.h"
#include "lib/store/sql_nodes.h"
#include "lib/store/store.h"
#include "lib/store/turn.h"
#include "lib/store/writer.h"

namespace fiscalgate::store {

// What SqlStore needs of an engine.
struct Engine {
  Dialect dialect;
  std::function<Result<std::unique_ptr<Connection>>()> connect_writer, connect_reader;
  // For changes of the tables, if that is not for the writer.
  std::function<Result<std::unique_ptr<Connection>>()> connect_migrator = nullptr;
  // Null: months are not kept apart.
  std::shared_ptr<const MonthParts> month_parts = nullptr;
  // The turn to archive. Errors: kConflict: somebody else has it.
  std::function<Result<std::unique_ptr<Turn>>()> take_turn = nullptr;
};

// Puts back what an archive run that was killed has left out of sight. Does nothing while one goes
// on, and where months are not kept apart.
Status PutBackMonths(const Engine& engine, Connection& connection);

// Errors: kMalformed, without the text of the url.
Result<Engine> EngineOf(const std::string& url);

class SqlStore final : public Store {
 public:
  // Connects, migrates, checks that the key fits. Errors: those of the engine and of Migrate;
  // kForbidden: the store was sealed with another key.
  static Result<std::unique_ptr<Store>> Create(Engine engine, const Options& options,
                                               const base::KeyRing& keys);
  ~SqlStore() override;

  Result<task::DirectoryPtr> LoadDirectory() override;
  Result<std::int64_t> OperatorVersion() override;
  Result<task::ShopKey> AddShop(const task::Shop& shop) override;
  Status UpdateShop(const task::Shop& shop) override;
  Result<task::RegisterKey> AddRegister(const task::Register& r) override;
  Status UpdateRegister(const task::Register& r) override;
  Result<task::GroupKey> AddGroup(const task::Group& group) override;
  Status UpdateGroup(const task::Group& group) override;

  [[nodiscard]] bool Accept(task::NewTask task,
                            std::function<void(Result<Accepted>)> done) override;

  Result<Recovered> Recover(WallTime now) override;
  Result<std::optional<LaneHead>> HeadOf(task::RegisterKey lane, bool pass_unknown,
                                         const LaneHint& hint) override;
  Result<DispatchApplied> Apply(const DispatchBatch& batch) override;
  Result<std::optional<LaneHead>> OldestUnknown(task::RegisterKey lane,
                                                task::TaskSeq after) override;

  Result<std::vector<task::DeviceState>> DeviceStates() override;
  Result<std::vector<task::Task>> ExpireTasks(WallTime now, int limit) override;
  Result<std::optional<LeaseHolder>> FindLease(std::string_view lease) override;
  Result<std::vector<UnknownLease>> UnknownLeases(task::RegisterKey lane) override;
  Result<std::string> BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                const std::string& instance) override;
  Status RecordAgents(const std::vector<AgentStatus>& agents) override;
  Result<std::vector<AgentStatus>> ListAgents() override;

  Result<CloudApplied> Apply(const CloudBatch& batch) override;
  Result<std::vector<LaneHead>> QueuedOf(task::RegisterKey lane, int limit) override;
  Result<std::vector<LaneHead>> DueConversations(task::RegisterKey lane, WallTime now,
                                                 int limit) override;
  Result<std::optional<WallTime>> NextConversation(task::RegisterKey lane, WallTime now) override;

  Result<std::vector<std::pair<task::ShopKey, WallTime>>> ShopsWithCallbacks() override;
  Result<std::vector<Callback>> DueCallbacks(task::ShopKey shop, WallTime now, int limit) override;
  Result<std::optional<WallTime>> NextCallbackDue(task::ShopKey shop) override;
  Status RecordDeliveries(const std::vector<Delivered>& deliveries) override;

  Result<std::optional<TaskView>> FindTask(std::string_view id) override;
  Result<std::optional<TaskView>> FindTaskBySeq(task::TaskSeq seq) override;
  Result<int> CountAhead(const task::Task& task, int most) override;
  Result<std::vector<task::Task>> ListTasks(const TaskFilter& filter) override;
  Result<std::vector<Event>> EventsAfter(task::ShopKey shop, std::int64_t seq, int limit) override;
  Result<std::vector<Callback>> ListCallbacks(std::optional<CallbackState> state,
                                              int limit) override;
  Result<std::optional<Callback>> FindCallback(std::string_view webhook_id) override;
  // The depth of each lane is counted in the lane index: some 100 ms for a million tasks, next to
  // nothing otherwise. Ask every few seconds, not for every request.
  Result<Gauges> ReadGauges() override;
  GroupStats group_stats() const override;

  Status CancelTask(std::string_view id, const std::string& who, const std::string& why,
                    WallTime now) override;
  Status RetryTask(std::string_view id, const std::string& who, const std::string& why,
                   WallTime now) override;
  Status SettleTask(std::string_view id, bool printed, const std::optional<ffd::FiscalMark>& mark,
                    const std::string& who, const std::string& why, WallTime now) override;
  Status ReplayCallback(std::string_view webhook_id, const std::string& who, WallTime now) override;
  Result<std::int64_t> ReplayDeadCallbacks(task::ShopKey shop, const std::string& who,
                                           WallTime now) override;

  Result<task::Task> OrderService(const task::NewTask& task, const std::string& who,
                                  const std::string& why) override;
  Result<task::Task> WithdrawTask(std::string_view id, task::ShopKey shop, const std::string& who,
                                  WallTime now) override;

  Couriers& couriers() override { return couriers_; }
  Nodes* nodes() override { return dialect_.shared ? &nodes_ : nullptr; }

  Status Probe() override;
  Status MakeMonths() override;
  void Stop() override;

 private:
  SqlStore(Engine engine, std::unique_ptr<Connection> writing, const Options& options,
           const base::KeyRing& keys);

  // A read in a snapshot of its own.
  template <typename T>
  Result<T> Read(const std::function<Result<T>(Connection&)>& read) {
    return readers_.Read<T>(read);
  }
  // A write that waits for its commit.
  Status Do(std::function<Status(Connection&)> work) { return writer_.Call<base::Unit>(work); }

  const Dialect dialect_;
  const ResultWriter write_result_;
  const base::KeyRing keys_;
  const std::function<Result<std::unique_ptr<Connection>>()> connect_migrator_;
  const std::shared_ptr<const MonthParts> month_parts_;
  ReaderPool readers_;
  Writer writer_;
  SqlCouriers couriers_{readers_, writer_};
  SqlNodes nodes_{readers_, writer_, dialect_, write_result_};
};

// ---- shared by the sql_*.cpp files

// All that a new task is, in two trips. 0 if its order number is taken. `orders`: Dialect::orders.
Result<task::TaskSeq> InsertTask(Connection& connection, const std::string& orders,
                                 const task::NewTask& task);

// A new store remembers its key; an old one must open with it. Errors: kForbidden.
Status CheckKey(Connection& connection, const base::KeyRing& keys);
// The same without leaving a trace: a store without a mark takes any key.
Result<bool> KeyFits(Connection& connection, const base::KeyRing& keys);

// Tells other processes that an operator changed something.
Status BumpOperatorVersion(Connection& connection);

struct AuditLine {
  std::string_view who, act, subject, why;
  WallTime at;
};
Status WriteAudit(Connection& connection, const AuditLine& line);

}  // namespace fiscalgate::store
