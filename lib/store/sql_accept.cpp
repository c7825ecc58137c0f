// Accepting a task: two inserts, and on a conflict one look at what was there.
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

class AcceptWrite final : public Write {
 public:
  AcceptWrite(task::NewTask task, std::function<void(Result<Accepted>)> done)
      : new_(std::move(task)), done_(std::move(done)) {}

  Status Apply(Connection& connection) override {
    task_ = {};
    Result<task::TaskSeq> created = InsertTask(connection, new_);
    if (!created) return created.error();
    if (*created == 0) return LookAtPresent(connection);
    what_ = Acceptance::kCreated;
    task_.seq = *created;
    return new_.wants_number ? TakeNumber(connection) : base::Ok();
  }

  void Finish(const Status& committed) override {
    if (!committed.ok()) return done_(committed.error());
    if (what_ == Acceptance::kCreated) FillCreated();
    done_(Accepted{what_, std::move(task_)});
  }

 private:
  // In the transaction of the insert, and after it: an order that was there before takes none.
  Status TakeNumber(Connection& connection) {
    Result<std::int64_t> rows = connection.Run(
        "INSERT INTO register_count (register, last) VALUES ($1, 1) ON CONFLICT (register) "
        "DO UPDATE SET last = register_count.last + 1 RETURNING last",
        {new_.register_key}, [&](const Row& row) { task_.number = row.Int(0); });
    if (!rows) return rows.error();
    rows = connection.Run("UPDATE task SET number = $1 WHERE seq = $2", {task_.number, task_.seq});
    if (!rows) return rows.error();
    return base::Ok();
  }

  Status LookAtPresent(Connection& connection) {
    std::string hash;
    Result<std::int64_t> rows =
        connection.Run("SELECT " FG_TASK_COLUMNS
                       ", t.content_hash FROM task t WHERE t.shop = $1 AND t.order_id = $2",
                       {new_.shop, std::string_view(new_.order_id)}, [&](const Row& row) {
                         task_ = TaskFromRow(row);
                         hash = row.Text(kTaskColumns);
                       });
    if (!rows) return rows.error();
    // Then it was the id that is taken: 80 random bits met before.
    if (*rows == 0) return Error{Code::kInternal, "the task's id is taken", base::Retry::kLater};
    what_ = hash == new_.content_hash ? Acceptance::kSame : Acceptance::kConflict;
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

  task::NewTask new_;
  std::function<void(Result<Accepted>)> done_;
  Acceptance what_ = Acceptance::kCreated;
  task::Task task_;
};

}  // namespace

Result<task::TaskSeq> InsertTask(Connection& connection, const task::NewTask& task) {
  task::TaskSeq seq = 0;
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO task (id, shop, register, order_id, content_hash, state, accepted_at, "
      "changed_at, priority, deadline_at, register_group) "
      "VALUES ($1, $2, $3, $4, $5, 0, $6, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING seq",
      {std::string_view(task.id), task.shop, task.register_key, std::string_view(task.order_id),
       Bytes{task.content_hash}, base::ToMillis(task.accepted_at),
       static_cast<std::int64_t>(task.priority), StoredTime(task.deadline_at), task.group},
      [&](const Row& row) { seq = row.Int(0); });
  if (!rows) return rows.error();
  if (seq == 0) return seq;
  const task::Package& package = task.package;
  rows = connection.Run(
      "INSERT INTO package (task, commands, callback_success, callback_failed, prog_url) "
      "VALUES ($1, $2, $3, $4, $5)",
      {seq, std::string_view(package.commands), std::string_view(package.callback_success),
       std::string_view(package.callback_failed), std::string_view(package.prog_url)});
  if (!rows) return rows.error();
  return seq;
}

bool SqlStore::Accept(task::NewTask task, std::function<void(Result<Accepted>)> done) {
  return writer_.Submit(std::make_unique<AcceptWrite>(std::move(task), std::move(done)));
}

}  // namespace fiscalgate::store
