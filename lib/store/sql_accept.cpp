// Accepting a task: its inserts, and on a conflict a look at what was there.
#include "lib/store/month.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

// Orders have a table of their own: the row of an order is what makes it unique, over all months,
// and gives the number of its task.
bool IsApart(const std::string& orders) { return orders != "task"; }

#define FG_NEW_TASK_COLUMNS                                                                \
  "id, shop, register, order_id, content_hash, state, accepted_at, changed_at, priority, " \
  "deadline_at, register_group"
#define FG_NEW_TASK_VALUES "$1, $2, $3, $4, $5, 0, $6, $6, $7, $8, $9"
// An order that was archived is still in task_order; no other is, here.
constexpr std::string_view kInsert =
    "INSERT INTO task (" FG_NEW_TASK_COLUMNS ") SELECT " FG_NEW_TASK_VALUES
    " WHERE NOT EXISTS (SELECT 1 FROM task_order o WHERE o.shop = $2 AND o.order_id = $4) "
    "ON CONFLICT DO NOTHING RETURNING seq";
constexpr std::string_view kInsertPackage =
    "INSERT INTO package (task, commands, callback_success, callback_failed, prog_url) "
    "VALUES ($1, $2, $3, $4, $5)";
// Of an order that has a table of its own: all its rows at once, or none.
#define FG_NEW_ORDER                                                               \
  "WITH o AS (INSERT INTO task_order (shop, order_id) VALUES ($2, $4) "            \
  "ON CONFLICT DO NOTHING RETURNING seq), "                                        \
  "p AS (INSERT INTO package (task, commands, callback_success, callback_failed, " \
  "prog_url) SELECT o.seq, $10, $11, $12, $13 FROM o), "
constexpr std::string_view kInsertAll =
    FG_NEW_ORDER "t AS (INSERT INTO task (" FG_NEW_TASK_COLUMNS ", seq) SELECT " FG_NEW_TASK_VALUES
                 ", o.seq FROM o) SELECT seq, 0 FROM o";
constexpr std::string_view kInsertAllNumbered = FG_NEW_ORDER
    "n AS (INSERT INTO register_count (register, last) SELECT $3, 1 FROM o "
    "ON CONFLICT (register) DO UPDATE SET last = register_count.last + 1 RETURNING last), "
    "t AS (INSERT INTO task (" FG_NEW_TASK_COLUMNS ", seq, number) SELECT " FG_NEW_TASK_VALUES
    ", o.seq, n.last FROM o, n) SELECT o.seq, n.last FROM o, n";

// What can only be there once; gives the number of the task, and the register's count.
Statement FirstInsert(const std::string& orders, const task::NewTask& task,
                      const std::function<void(const Row&)>& made);
Statement PackageInsert(const task::NewTask& task, task::TaskSeq seq);
// 80 random bits met before.
Error IdIsTaken() { return {Code::kInternal, "the task's id is taken", base::Retry::kLater}; }

class AcceptWrite final : public SteppedWrite {
 public:
  AcceptWrite(const std::string& orders, task::NewTask task,
              std::function<void(Result<Accepted>)> done)
      : orders_(orders),
        find_("SELECT seq FROM " + orders + " WHERE shop = $1 AND order_id = $2"),
        new_(std::move(task)),
        done_(std::move(done)) {}

  Status Step(int number, std::vector<Statement>* next) override {
    if (number == 0) {
      task_ = {};
      ordered_ = false;
      present_ = 0;
      next->push_back(FirstInsert(orders_, new_, [this](const Row& row) {
        task_.seq = row.Int(0);
        if (IsApart(orders_)) task_.number = row.Int(1);
      }));
      return base::Ok();
    }
    if (number == 1) {
      what_ = task_.seq != 0 ? Acceptance::kCreated : Acceptance::kSame;
    }
    return what_ == Acceptance::kCreated ? Create(number, next) : LookAtPresent(number, next);
  }

  bool first_step_writes_all() const override { return IsApart(orders_); }

  void Finish(const Status& committed) override {
    if (!committed.ok()) {
      // The order cannot be it: its row stands first.
      const bool taken = committed.error().code == Code::kConflict;
      return done_(taken ? IdIsTaken() : committed.error());
    }
    if (what_ == Acceptance::kCreated) FillCreated();
    done_(Accepted{what_, std::move(task_)});
  }

 private:
  Status Create(int number, std::vector<Statement>* next) {
    if (IsApart(orders_)) return base::Ok();
    if (number == 1) {
      next->push_back(PackageInsert(new_, task_.seq));
      if (new_.wants_number) next->push_back(TakeNumber());
    } else if (number == 2 && new_.wants_number) {
      next->push_back(KeepNumber());
    }
    return base::Ok();
  }

  // In the transaction of the insert, and after it: an order that was there before takes none.
  Statement TakeNumber() {
    return {
        "INSERT INTO register_count (register, last) VALUES ($1, 1) ON CONFLICT (register) "
        "DO UPDATE SET last = register_count.last + 1 RETURNING last",
        {new_.register_key},
        [this](const Row& row) { task_.number = row.Int(0); }};
  }

  Statement KeepNumber() const {
    return {"UPDATE task SET number = $1 WHERE seq = $2 AND month = 0", {task_.number, task_.seq}};
  }

  Status LookAtPresent(int number, std::vector<Statement>* next) {
    const std::vector<Param> order = {new_.shop, std::string_view(new_.order_id)};
    if (number == 1) {
      next->push_back({find_, order, [this](const Row& row) { present_ = row.Int(0); }});
      next->push_back({"SELECT seq FROM task_order WHERE shop = $1 AND order_id = $2", order,
                       [this](const Row&) { ordered_ = true; }});
    } else if (number == 2) {
      next->push_back(
          {"SELECT " FG_TASK_COLUMNS
           ", t.content_hash FROM task t WHERE t.seq = $1 AND t.month IN " FG_MONTHS_OF("$1"),
           {present_},
           [this](const Row& row) {
             task_ = TaskFromRow(row);
             present_hash_ = row.Text(kTaskColumns);
           }});
    } else {
      return Compare();
    }
    return base::Ok();
  }

  Status Compare() {
    if (task_.seq == 0 && !ordered_) return IdIsTaken();
    what_ = task_.seq == 0                       ? Acceptance::kArchived
            : present_hash_ == new_.content_hash ? Acceptance::kSame
                                                 : Acceptance::kConflict;
    return base::Ok();
  }

  void FillCreated() {
    task_.id = std::move(new_.id);
    task_.shop = new_.shop;
    task_.register_key = new_.register_key;
    task_.order_id = std::move(new_.order_id);
    task_.accepted_at = new_.accepted_at;
    task_.changed_at = new_.accepted_at;
    task_.priority = new_.priority;
    task_.deadline_at = new_.deadline_at;
    task_.group = new_.group;
  }

  const std::string& orders_;
  const std::string find_;
  task::NewTask new_;
  std::function<void(Result<Accepted>)> done_;
  Acceptance what_ = Acceptance::kCreated;
  task::Task task_;
  // Of the order that was there: its task, whether it is or was known.
  task::TaskSeq present_ = 0;
  bool ordered_ = false;
  std::string present_hash_;
};

std::vector<Param> ValuesOf(const task::NewTask& task) {
  return {std::string_view(task.id),
          task.shop,
          task.register_key,
          std::string_view(task.order_id),
          Bytes{task.content_hash},
          base::ToMillis(task.accepted_at),
          static_cast<std::int64_t>(task.priority),
          StoredTime(task.deadline_at),
          task.group};
}

std::vector<Param> ValuesOf(const task::Package& package) {
  return {std::string_view(package.commands), std::string_view(package.callback_success),
          std::string_view(package.callback_failed), std::string_view(package.prog_url)};
}

Statement FirstInsert(const std::string& orders, const task::NewTask& task,
                      const std::function<void(const Row&)>& made) {
  std::vector<Param> values = ValuesOf(task);
  if (!IsApart(orders)) return {kInsert, std::move(values), made};
  const std::vector<Param> package = ValuesOf(task.package);
  values.insert(values.end(), package.begin(), package.end());
  return {task.wants_number ? kInsertAllNumbered : kInsertAll, std::move(values), made};
}

Statement PackageInsert(const task::NewTask& task, task::TaskSeq seq) {
  std::vector<Param> values = ValuesOf(task.package);
  values.insert(values.begin(), seq);
  return {kInsertPackage, std::move(values)};
}

}  // namespace

Result<task::TaskSeq> InsertTask(Connection& connection, const std::string& orders,
                                 const task::NewTask& task) {
  task::TaskSeq seq = 0;
  Status done =
      connection.RunAll({FirstInsert(orders, task, [&](const Row& row) { seq = row.Int(0); })});
  if (done.ok() && seq != 0 && !IsApart(orders)) {
    done = connection.RunAll({PackageInsert(task, seq)});
  }
  if (!done) return done.error();
  return seq;
}

bool SqlStore::Accept(task::NewTask task, std::function<void(Result<Accepted>)> done) {
  return writer_.Submit(
      std::make_unique<AcceptWrite>(dialect_.orders, std::move(task), std::move(done)));
}

}  // namespace fiscalgate::store
