#include "lib/store/holds.h"

#include "lib/store/archive_stock.h"
#include "lib/store/migrations.h"
#include "lib/store/outcome.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;
using Kind = LegalHold::Kind;

// A row that those who archive and those who hold change in turn; its value is the month.
constexpr std::string_view kTakeTurns =
    "INSERT INTO meta (name, value) VALUES ('archiving', 0) ON CONFLICT (name) "
    "DO UPDATE SET value = meta.value RETURNING value";

constexpr std::string_view kKinds[] = {"task", "order", "month"};

std::string_view NameOf(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string SubjectOf(const HoldOrder& order) {
  switch (order.kind) {
    case Kind::kTask:
      return order.task_id;
    case Kind::kOrder:
      return order.account_id + "/" + order.order_id;
    case Kind::kMonth:
      return MonthName(order.month);
  }
  base::CheckFailed("every kind has a subject", __FILE__, __LINE__);
}

Result<task::TaskSeq> SeqOfOrder(Connection& connection, const std::string& orders,
                                 const HoldOrder& order) {
  task::ShopKey shop = -1;
  Result<std::int64_t> rows = connection.Run("SELECT key FROM shop WHERE account_id = $1",
                                             {std::string_view(order.account_id)},
                                             [&](const Row& row) { shop = row.Int(0); });
  if (!rows) return rows.error();
  if (*rows == 0) return Error{Code::kNotFound, "no shop has the account id " + order.account_id};
  task::TaskSeq seq = 0;
  rows = connection.Run("SELECT seq FROM " + orders + " WHERE shop = $1 AND order_id = $2",
                        {shop, std::string_view(order.order_id)},
                        [&](const Row& row) { seq = row.Int(0); });
  if (!rows) return rows.error();
  return seq;
}

Result<Month> MonthOfSubject(Connection& connection, const Engine& engine, const HoldOrder& order) {
  const std::string& orders = engine.dialect.orders;
  if (order.kind == Kind::kMonth) {
    if (order.month >= MonthAt(order.at)) return order.month;
    Result<bool> any = HasTasks(connection, order.month, engine.month_parts != nullptr);
    if (!any) return any.error();
    if (*any) return order.month;
    return Error{Code::kNotFound, "there is no task of " + MonthName(order.month) + " here"};
  }
  std::optional<task::Task> task;
  if (order.kind == Kind::kTask) {
    Status read =
        ReadTaskById(connection, order.task_id, [&](const Row& row) { task = TaskFromRow(row); });
    if (!read) return read.error();
  } else {
    Result<task::TaskSeq> seq = SeqOfOrder(connection, orders, order);
    if (!seq) return seq.error();
    Result<std::optional<task::Task>> found = ReadTask(connection, *seq);
    if (!found) return found.error();
    task = std::move(*found);
  }
  if (task) return MonthOf(task->seq, task->accepted_at);
  return Error{Code::kNotFound, "there is no such task here: " + SubjectOf(order)};
}

Status Note(Connection& connection, const HoldOrder& order, std::string_view act) {
  const std::string subject = std::string(NameOf(order.kind)) + " " + SubjectOf(order);
  return WriteAudit(connection, {order.who, act, subject, order.why, order.at});
}

// What is not found may be out of sight just now.
Status CheckNotArchiving(const Engine& engine, Month archiving, const Result<Month>& month) {
  if (archiving == 0 || (month.ok() && *month != archiving)) return base::Ok();
  Result<std::unique_ptr<Turn>> turn = engine.take_turn();
  if (turn) return base::Ok();  // left by a run that was killed
  return Error{Code::kUnavailable,
               MonthName(archiving) + " is being archived just now: it is too late to hold it; " +
                   "should the run fail, try again",
               base::Retry::kLater};
}

Result<LegalHold> Place(Connection& connection, const Engine& engine, const HoldOrder& order) {
  Month archiving = 0;
  Result<std::int64_t> read =
      connection.Run(kTakeTurns, {}, [&](const Row& row) { archiving = row.Int(0); });
  if (!read) return read.error();
  Result<Month> month = MonthOfSubject(connection, engine, order);
  if (!month.ok() && month.error().code != Code::kNotFound) return month.error();
  Status may = CheckNotArchiving(engine, archiving, month);
  if (!may) return may.error();
  if (!month) return month.error();
  const std::string subject = SubjectOf(order);
  LegalHold hold{0, order.kind, subject, *month, order.why, order.who, order.at};
  Result<std::int64_t> rows = connection.Run(
      "INSERT INTO legal_hold (month, kind, subject, why, who, placed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING key",
      {*month, NameOf(order.kind), std::string_view(subject), std::string_view(order.why),
       std::string_view(order.who), base::ToMillis(order.at)},
      [&](const Row& row) { hold.key = row.Int(0); });
  if (!rows) return rows.error();
  if (*rows == 0) return Error{Code::kConflict, subject + " is held already"};
  Status noted = Note(connection, order, "add hold");
  if (!noted) return noted.error();
  return hold;
}

Status Lift(Connection& connection, const HoldOrder& order) {
  const std::string subject = SubjectOf(order);
  Result<std::int64_t> rows =
      connection.Run("DELETE FROM legal_hold WHERE kind = $1 AND subject = $2",
                     {NameOf(order.kind), std::string_view(subject)});
  if (!rows) return rows.error();
  if (*rows == 0) return Error{Code::kNotFound, subject + " is not held"};
  return Note(connection, order, "remove hold");
}

// The tables are brought up to date first: holds may be the first thing that is wanted of them.
template <typename T>
Result<T> InTransaction(const std::string& url,
                        const std::function<Result<T>(Connection&, const Engine&)>& work) {
  Result<Engine> engine = EngineOf(url);
  if (!engine) return engine.error();
  Result<std::unique_ptr<Connection>> connection =
      engine->connect_migrator ? engine->connect_migrator() : engine->connect_writer();
  if (!connection) return connection.error();
  Status ready = PutBackMonths(*engine, **connection);
  if (ready.ok()) ready = Migrate(**connection, engine->dialect);
  if (ready.ok()) ready = (*connection)->Begin();
  if (!ready) return ready.error();
  Result<T> done = work(**connection, *engine);
  Status committed = done.ok() ? (*connection)->Commit() : Status(done.error());
  if (committed.ok()) return done;
  (*connection)->Rollback();
  return committed.error();
}

}  // namespace

Result<LegalHold> AddHold(const std::string& url, const HoldOrder& order) {
  return InTransaction<LegalHold>(url, [&](Connection& connection, const Engine& engine) {
    return Place(connection, engine, order);
  });
}

Status RemoveHold(const std::string& url, const HoldOrder& order) {
  Result<base::Unit> done = InTransaction<base::Unit>(
      url, [&](Connection& connection, const Engine&) { return Lift(connection, order); });
  if (!done) return done.error();
  return base::Ok();
}

Result<std::vector<LegalHold>> ListHolds(const std::string& url) {
  return InTransaction<std::vector<LegalHold>>(
      url, [&](Connection& connection, const Engine&) { return ReadHolds(connection); });
}

Result<std::vector<LegalHold>> ReadHolds(Connection& connection) {
  std::vector<LegalHold> holds;
  Result<std::int64_t> rows = connection.Run(
      "SELECT key, kind, subject, month, why, who, placed_at FROM legal_hold ORDER BY key", {},
      [&](const Row& row) {
        LegalHold& hold = holds.emplace_back();
        hold.key = row.Int(0);
        for (const Kind kind : {Kind::kTask, Kind::kOrder, Kind::kMonth}) {
          if (NameOf(kind) == row.Text(1)) hold.kind = kind;
        }
        hold.subject = row.Text(2);
        hold.month = row.Int(3);
        hold.why = row.Text(4);
        hold.who = row.Text(5);
        hold.placed_at = base::FromMillis(row.Int(6));
      });
  if (!rows) return rows.error();
  return holds;
}

Status BeginArchiving(Connection& connection, Month month) {
  Result<std::int64_t> done = connection.Run(kTakeTurns);
  if (!done) return done.error();
  Result<bool> held = IsHeld(connection, month);
  if (!held) return held.error();
  if (*held) return Error{Code::kConflict, MonthName(month) + " is held"};
  done = connection.Run("UPDATE meta SET value = $1 WHERE name = 'archiving'", {month});
  return done ? base::Ok() : Status(done.error());
}

Status EndArchiving(Connection& connection) {
  Result<std::int64_t> done = connection.Run("UPDATE meta SET value = 0 WHERE name = 'archiving'");
  return done ? base::Ok() : Status(done.error());
}

Result<Month> MonthBeingArchived(Connection& connection) {
  Month month = 0;
  Result<std::int64_t> read = connection.Run("SELECT value FROM meta WHERE name = 'archiving'", {},
                                             [&](const Row& row) { month = row.Int(0); });
  if (!read) return read.error();
  return month;
}

Result<bool> IsHeld(Connection& connection, Month month) {
  Result<std::int64_t> rows =
      connection.Run("SELECT key FROM legal_hold WHERE month = $1 LIMIT 1", {month});
  if (!rows) return rows.error();
  return *rows > 0;
}

}  // namespace fiscalgate::store
