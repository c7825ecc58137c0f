// The durable memory of the gateway: typed operations, one implementation of their SQL, two
// engines.
//
// Writes of all threads are gathered by one writer thread and committed as a group; a write is
// answered only after its commit. An operation that fails inside a group (a conflict) is a result,
// not a rollback of the others. A disk that is full refuses the group (kUnavailable) and loses
// nothing; so does a server that cannot be reached. A commit whose answer was lost is neither done
// nor refused until it is known which. Any other failure of a commit stops the process: what is on
// disk is the truth, and the next start recovers from it.
//
// Every change of a task's state is `UPDATE ... WHERE seq=? AND state=? AND lease=?` and looks at
// the row count. Reads run on connections of their own and never wait for the writer. Any thread
// may call anything here, except that completions run on the writer thread and must only hand the
// result on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/result.h"
#include "lib/store/conversation.h"
#include "lib/store/evidence.h"
#include "lib/task/device.h"
#include "lib/task/directory.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

// ---- accepting

enum class Acceptance {
  kCreated,
  kSame,
  kConflict,
  kArchived,  // there was such an order; its task was archived (archive.h)
};

struct Accepted {
  Acceptance what = Acceptance::kCreated;
  task::Task task;  // the new one, or the one that was there (its id, state, error)
};

// ---- dispatching

// Takes the task for one attempt: queued (or, for kAsk, unknown) -> attempt written.
struct Claim {
  task::TaskSeq seq = 0;
  task::State from = task::State::kQueued;
  task::AttemptKind kind = task::AttemptKind::kSend;  // kAsk keeps the state unknown
  std::string lease;                                  // new, random
  std::string sent_to;
  WallTime at;
  std::string agent = {};  // the instance that is to carry it; only its silence proves anything
  std::string node = {};   // that must have the lane (nodes.h); "" = whoever asks
};

// The end of an attempt that may have reached the register.
struct Conclusion {
  task::TaskSeq seq = 0;
  std::string lease;
  task::Outcome outcome;
  std::string result;  // "no_answer" | "answered"
  int http_status = 0;
  std::string detail;
  WallTime at;
  // The failure proves that nothing was printed: the task is queued again, with this reason; what
  // was done of it stays done. No event, no callback.
  std::string repeat_because = {};
  std::optional<task::DeviceState> device = {};  // what is known of the register from now on
  // Where an agent said it: kept as evidence with the end. If the task was no longer under that
  // lease, nothing is kept; what was said is to come back as Proof.
  std::optional<Told> told = {};
};

// The end of an attempt that provably did not: back to where it was, with a reason for people.
struct Release {
  task::TaskSeq seq = 0;
  std::string lease;
  std::string wait_reason;
  std::string detail;
  WallTime at;
  std::optional<Told> told = {};  // as above
};

// Why a task that was not claimed waits, for people. Only written to a task that is queued.
struct Hold {
  task::TaskSeq seq = 0;
  std::string wait_reason;
  WallTime at;
};

// A task of the gateway's own, made if there is none with its order number.
struct ServiceOrder {
  task::NewTask task;
  bool again_if_failed = false;  // one that has failed is queued once more
};

// Queued tasks of a group go to another of its registers: only those that were never sent. They
// keep their place among the others by when they were accepted.
struct Move {
  task::GroupKey group = 0;
  task::RegisterKey from = 0, to = 0;
  int limit = 0;
};

struct DispatchBatch {
  std::vector<Claim> claims;
  std::vector<Conclusion> conclusions;
  std::vector<Release> releases;
  std::vector<Hold> holds;
  std::vector<ServiceOrder> services = {};
  std::vector<Move> moves = {};
  std::vector<Proof> proofs = {};
};

// ---- conversations with cloud registers (protocol/cloud.h)

struct CloudEnd {
  Conclusion conclusion;
  std::string notes;
};

struct CloudBatch {
  std::vector<Begin> begins;
  std::vector<Progress> progress;
  std::vector<CloudEnd> ends;
  std::vector<Hold> holds;
  std::vector<Hasten> hastens;
  std::vector<task::DeviceState> devices = {};  // what a look at the service's devices gave
};

// One flag an entry, in order: false = the row was no longer as expected (lost lease, cancelled,
// settled): drop the result quietly and count it.
struct DispatchApplied {
  std::vector<bool> claims, conclusions, releases;
  std::vector<bool> services = {};       // whether there is something new to do
  std::vector<std::int64_t> moved = {};  // tasks, by each move
  std::vector<ProofApplied> proofs = {};
};

struct LaneHead {
  task::Task task;
  task::Package package;
  std::vector<task::CommandResult>
      results;  // of earlier attempts: commands already done are not sent again
};

// What the caller has seen of a lane before. It makes the next look cheap where rows that have left
// the line are not cleaned up yet; what it leaves out is not seen. A claim is safe whatever it
// says.
struct LaneHint {
  // By priority: queued tasks up to these are not looked at.
  std::array<task::TaskSeq, 3> after = {};
  bool nothing_ahead = false;  // nor what is in flight or unknown
};

// The task that an attempt with some lease was made for.
struct LeaseHolder {
  LaneHead head;
  task::AttemptKind kind = task::AttemptKind::kSend;
  bool is_last = false;  // of those that may have reached the register
};

// The last attempt of an unknown task.
struct UnknownLease {
  std::string lease, agent;
  bool told = false;  // the agent has said how it ended
};

// What is known of the agent beside a register.
struct AgentStatus {
  task::RegisterKey register_key = 0;
  WallTime seen_at;
  std::string version;             // of its program
  std::string driver;              // "ok", "unreachable" or "unknown"
  std::int64_t clock_skew_ms = 0;  // its clock minus ours
};

struct LaneDepth {
  task::RegisterKey register_key = 0;
  std::int64_t live = 0;  // queued + sending + waiting + unknown
};

// What was found in mid-flight at the start, and made unknown.
struct Recovered {
  std::vector<task::TaskSeq> unknown;
  std::vector<task::RegisterKey> lanes;  // registers with live tasks
};

// ---- results and callbacks

struct Event {
  std::int64_t seq = 0;  // grows; unique in the installation
  task::TaskSeq task = 0;
  std::string task_id, order_id;
  task::ShopKey shop = 0;
  task::State state = task::State::kDone;
  std::string result_json;  // the result as the shop gets it
  WallTime at;
};

enum class CallbackState { kPending, kDelivered, kDead };
std::string_view CallbackStateName(CallbackState state);

struct Callback {
  std::int64_t key = 0;
  std::string webhook_id;  // fixed for all deliveries
  task::ShopKey shop = 0;
  task::TaskSeq task = 0;
  std::string task_id, order_id;
  std::string url;
  std::string body;  // "json=..." as sent, fixed
  CallbackState state = CallbackState::kPending;
  int attempts = 0;
  WallTime due_at;
  int last_status = 0;
  std::string last_error;  // text or the beginning of the answer
};

struct Delivered {  // one try of a callback
  std::int64_t key = 0;
  int attempts = 0;  // expected value before this try; guards against a replay in between
  CallbackState state = CallbackState::kPending;
  WallTime due_at;      // of the next try, if pending
  bool counted = true;  // false: not tried (breaker open), only moved to due_at
  int status = 0;
  std::string error;
  WallTime at;
};

// ---- views

struct TaskView {
  task::Task task;
  task::Package package;
  std::vector<task::Attempt> attempts;
  std::vector<task::CommandResult> results;
  std::optional<Callback> callback;
  std::int64_t event_seq = 0;  // of the last event, 0 = none
  // Of a queued task: what it waits for in its lane; one in flight or unknown, else the next one.
  std::optional<task::TaskSeq> behind;
  std::vector<Evidence> evidence = {};  // what agents said of its attempts, the oldest first
};

struct TaskFilter {
  std::optional<task::ShopKey> shop;
  std::optional<task::RegisterKey> register_key;
  std::optional<task::State> state;
  std::string order_id;
  int limit = 50;
  bool paid_without_receipt = false;
};

// Makes the text of a result for events and callbacks. Given by the composition (protocol/bit
// writes it), so that result, event and callback are written in the transaction of the outcome.
using ResultWriter = std::function<std::string(
    const task::Task&, const std::vector<task::CommandResult>&, std::int64_t event_seq)>;

struct Gauges {
  std::vector<LaneDepth> lanes;
  std::int64_t queued = 0, unknown = 0, callbacks_pending = 0, callbacks_dead = 0;
  std::optional<WallTime> oldest_queued, oldest_unknown, oldest_callback_due;
  std::int64_t paid_without_receipt = 0;
};

struct GroupStats {  // of the writer since the start
  std::int64_t groups = 0, operations = 0;
  double seconds = 0;  // spent from begin to committed
};

struct Options {
  // "sqlite:/var/lib/fiscalgate/fiscalgate.db", or "postgresql://user@host/database" in all the
  // forms that libpq knows: several hosts, service=, passfile=, sslmode=.
  std::string url;
  ResultWriter write_result;
  // Called on the writer thread when a commit failed for another reason than a full disk. Must not
  // return to work: the default logs and ends the process.
  std::function<void(const base::Error&)> on_fatal;
  std::function<void(std::size_t operations, double seconds)>
      on_group;  // for metrics; may be empty
};

class Couriers;
class Nodes;

class Store {
 public:
  // Whether Open could make anything of it. Errors: kMalformed, without the text of the url.
  static Status CheckUrl(const std::string& url);
  // Opens, creates or migrates. Errors: kNotFound (folder), kForbidden, kInternal (a newer schema),
  // ...
  static Result<std::unique_ptr<Store>> Open(const Options& options, const base::KeyRing& keys);
  virtual ~Store() = default;

  // -- operator's configuration (rare; wait for their commit)
  virtual Result<task::DirectoryPtr> LoadDirectory() = 0;
  // Grows with every change made by an operator, also from another process: directory, cancel,
  // retry, settle, replay. Cheap; polled.
  virtual Result<std::int64_t> OperatorVersion() = 0;
  virtual Result<task::ShopKey> AddShop(const task::Shop& shop) = 0;  // kConflict: account id taken
  virtual Status UpdateShop(const task::Shop& shop) = 0;
  virtual Result<task::RegisterKey> AddRegister(
      const task::Register& r) = 0;  // kConflict: name or token taken
  // The instance an agent key is bound to is only taken over together with another key.
  virtual Status UpdateRegister(const task::Register& r) = 0;
  // kConflict: name or token taken; kNotFound: of a member or a shop. Whether members fit together
  // is the caller's business.
  virtual Result<task::GroupKey> AddGroup(const task::Group& group) = 0;
  virtual Status UpdateGroup(const task::Group& group) = 0;

  // -- the hot path. `done` runs on the writer thread after the commit. False: the inbox is full or
  // closing, nothing was taken.
  [[nodiscard]] virtual bool Accept(task::NewTask task,
                                    std::function<void(Result<Accepted>)> done) = 0;

  // -- dispatcher (one caller; waits for the commit)
  virtual Result<Recovered> Recover(WallTime now) = 0;
  virtual Result<std::optional<LaneHead>> HeadOf(task::RegisterKey lane, bool pass_unknown,
                                                 const LaneHint& hint = {}) = 0;
  virtual Result<DispatchApplied> Apply(const DispatchBatch& batch) = 0;
  // The first unknown task of the lane after `after` (0 = from its beginning): what a lane that
  // passes unknown tasks still has to ask about.
  virtual Result<std::optional<LaneHead>> OldestUnknown(task::RegisterKey lane,
                                                        task::TaskSeq after) = 0;

  // -- conversations with cloud registers (one caller; Apply waits for the commit)
  virtual Result<CloudApplied> Apply(const CloudBatch& batch) = 0;
  // The first `limit` queued tasks of the lane, in its order.
  virtual Result<std::vector<LaneHead>> QueuedOf(task::RegisterKey lane, int limit) = 0;
  // Conversations of the lane that are due, the longest first.
  virtual Result<std::vector<LaneHead>> DueConversations(task::RegisterKey lane, WallTime now,
                                                         int limit) = 0;
  // When the first is due that is not due at `now` yet; empty: there is none.
  virtual Result<std::optional<WallTime>> NextConversation(task::RegisterKey lane,
                                                           WallTime now) = 0;

  // What the registers have told of themselves; those that never did are not there.
  virtual Result<std::vector<task::DeviceState>> DeviceStates() = 0;

  // -- deadlines (one caller): fails at most `limit` queued tasks whose deadline is over, with
  // event and callback; gives them as they are then. Without any it reads one index entry.
  virtual Result<std::vector<task::Task>> ExpireTasks(WallTime now, int limit) = 0;

  // -- agents
  // Empty: no attempt ever had this lease.
  virtual Result<std::optional<LeaseHolder>> FindLease(std::string_view lease) = 0;
  virtual Result<std::vector<UnknownLease>> UnknownLeases(task::RegisterKey lane) = 0;
  // Binds the register's agent key to this instance if it is bound to none; gives the instance it
  // is bound to. Errors: kNotFound: the key is not the register's (any more).
  virtual Result<std::string> BindAgent(task::RegisterKey key, const base::Secret& agent_key,
                                        const std::string& instance) = 0;
  virtual Status RecordAgents(const std::vector<AgentStatus>& agents) = 0;
  virtual Result<std::vector<AgentStatus>> ListAgents() = 0;

  // -- callbacks (one caller)
  // For each shop with pending callbacks: when its first is due.
  virtual Result<std::vector<std::pair<task::ShopKey, WallTime>>> ShopsWithCallbacks() = 0;
  virtual Result<std::vector<Callback>> DueCallbacks(task::ShopKey shop, WallTime now,
                                                     int limit) = 0;
  virtual Result<std::optional<WallTime>> NextCallbackDue(task::ShopKey shop) = 0;
  virtual Status RecordDeliveries(const std::vector<Delivered>& deliveries) = 0;

  // -- reading
  virtual Result<std::optional<TaskView>> FindTask(std::string_view id) = 0;
  virtual Result<std::optional<TaskView>> FindTaskBySeq(task::TaskSeq seq) = 0;
  // How many live tasks stand before this queued one in its lane; says no more than `most`.
  virtual Result<int> CountAhead(const task::Task& task, int most) = 0;
  virtual Result<std::vector<task::Task>> ListTasks(const TaskFilter& filter) = 0;
  virtual Result<std::vector<Event>> EventsAfter(task::ShopKey shop, std::int64_t seq,
                                                 int limit) = 0;
  virtual Result<std::vector<Callback>> ListCallbacks(std::optional<CallbackState> state,
                                                      int limit) = 0;
  virtual Result<std::optional<Callback>> FindCallback(std::string_view webhook_id) = 0;
  virtual Result<Gauges> ReadGauges() = 0;
  virtual GroupStats group_stats() const = 0;

  // -- operator's acts on tasks (wait for their commit; each writes who, when and why to the audit
  // trail). Errors: kNotFound; kConflict: the state does not allow it.
  virtual Status CancelTask(std::string_view id, const std::string& who, const std::string& why,
                            WallTime now) = 0;
  // failed -> queued; commands already done are not sent again.
  virtual Status RetryTask(std::string_view id, const std::string& who, const std::string& why,
                           WallTime now) = 0;
  // unknown -> done (printed; with a mark if it is known) or queued (not printed).
  virtual Status SettleTask(std::string_view id, bool printed,
                            const std::optional<ffd::FiscalMark>& mark, const std::string& who,
                            const std::string& why, WallTime now) = 0;
  // Pending, due now, counted from the first attempt; a shop that is back need not wait.
  virtual Status ReplayCallback(std::string_view webhook_id, const std::string& who,
                                WallTime now) = 0;
  // All dead callbacks of one shop at once; gives their number.
  virtual Result<std::int64_t> ReplayDeadCallbacks(task::ShopKey shop, const std::string& who,
                                                   WallTime now) = 0;

  // A task of the gateway's own, ordered by a person. Errors: kConflict: its order number is taken.
  virtual Result<task::Task> OrderService(const task::NewTask& task, const std::string& who,
                                          const std::string& why) = 0;

  // -- a shop's own act: queued -> cancelled, with a line in the audit trail. Gives the task as it
  // is afterwards: cancelled, or in the state that does not allow it; still queued if a part of it
  // is done. Not seen in OperatorVersion. Errors: kNotFound: no task of this shop has this id.
  virtual Result<task::Task> WithdrawTask(std::string_view id, task::ShopKey shop,
                                          const std::string& who, WallTime now) = 0;

  // -- who sells with a phone, and what (couriers.h)
  virtual Couriers& couriers() = 0;

  // -- several gateways on one store (nodes.h); null: this engine has one
  virtual Nodes* nodes() = 0;

  // -- whether a small write succeeds now (after a full disk).
  virtual Status Probe() = 0;
  // Prepares for the months to come, where the engine keeps months apart. Cheap when it was done;
  // several nodes may do it at once; without it all goes on, but months are not kept apart. Once an
  // hour is enough. Errors (logged): kUnavailable: somebody stood in the way.
  virtual Status MakeMonths() = 0;
  // Refuses new writes, finishes what is in the inbox, closes.
  virtual void Stop() = 0;
};

}  // namespace fiscalgate::store
