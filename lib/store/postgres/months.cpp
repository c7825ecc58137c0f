#include "lib/store/postgres/months.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>

#include "lib/store/postgres/month_tables.h"

namespace fiscalgate::store::postgres {
namespace {

using base::Code;
using base::Ok;
using base::Result;
using base::Status;
using Statements = std::vector<std::string>;

constexpr char kLock[] = "SELECT pg_advisory_xact_lock(7021954)";  // that of the migrations
constexpr char kShortWaits[] = "SET LOCAL lock_timeout = '300ms'";
constexpr int kTries = 20;
// A part that is proven to fit is put back without being looked through.
constexpr char kFits[] = "put_back_fits";
constexpr std::chrono::milliseconds kPause{250};

void Append(Statements* all, const Statements& more) {
  all->insert(all->end(), more.begin(), more.end());
}

// "task_2025_01"
std::string NameOf(const std::string& table, Month month) {
  std::string name = table + "_" + MonthName(month);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

struct Missing {
  std::string table;
  Month month = 0;
};

Result<std::vector<Missing>> FindMissing(Connection& connection) {
  std::vector<Missing> missing;
  std::string tables;
  for (const std::string& table : TablesByMonth()) {
    tables += (tables.empty() ? "('" : ", ('") + table + "')";
  }
  const std::string find =
      "SELECT t.name, m.number FROM (VALUES " + tables +
      ") t (name) CROSS JOIN (SELECT (extract(year FROM d) * 12 + extract(month FROM d) - "
      "1)::bigint "
      "AS number, to_char(d, '_YYYY_MM') AS suffix FROM (SELECT date_trunc('month', "
      "now() AT TIME ZONE 'UTC') + make_interval(months => i) AS d "
      "FROM generate_series(0, 2) i) days) m WHERE NOT EXISTS (SELECT 1 FROM pg_inherits p "
      "WHERE p.inhrelid = to_regclass(t.name || m.suffix)) ORDER BY 2, 1";
  Result<std::int64_t> rows = connection.Run(find, {}, [&](const Row& row) {
    missing.push_back({row.Text(0), row.Int(1)});
  });
  if (!rows) return rows.error();
  return missing;
}

// As the bounds of a part.
std::string ValuesOf(const std::string& table, Month month) {
  if (table == "task") return "IN (" + std::to_string(month) + ")";
  return "FROM (" + std::to_string(FirstSeqOf(month)) + ") TO (" +
         std::to_string(FirstSeqOf(month + 1)) + ")";
}

// The same as a condition.
std::string RowsOf(const std::string& table, Month month) {
  if (table == "task") return "month IS NOT NULL AND month = " + std::to_string(month);
  return "task IS NOT NULL AND task >= " + std::to_string(FirstSeqOf(month)) + " AND task < " +
         std::to_string(FirstSeqOf(month + 1));
}

// Its rows may have come to the rest while it was not there.
Statements Attach(const std::string& table, Month month) {
  const std::string part = NameOf(table, month), rest = table + "_other";
  return {
      "LOCK TABLE " + rest + " IN ACCESS EXCLUSIVE MODE",
      "WITH gone AS (DELETE FROM " + rest + " WHERE " + RowsOf(table, month) +
          " RETURNING *) INSERT INTO " + part + " SELECT * FROM gone",
      "ALTER TABLE " + table + " ATTACH PARTITION " + part + " FOR VALUES " +
          ValuesOf(table, month),
  };
}

Statements MakeOne(const Missing& missing) {
  const std::string key = KeyOfPart(missing.table);
  Statements all = {"CREATE TABLE " + NameOf(missing.table, missing.month) + " (LIKE " +
                    missing.table + " INCLUDING ALL" + (key.empty() ? "" : ", " + key) + ")"};
  Append(&all, Attach(missing.table, missing.month));
  return all;
}

bool Holds(const std::vector<Missing>& all, const Missing& one) {
  return std::any_of(all.begin(), all.end(), [&](const Missing& each) {
    return each.table == one.table && each.month == one.month;
  });
}

Status RunInTurn(Connection& connection, const Statements& all) {
  for (const std::string& sql : all) {
    Result<std::int64_t> done = connection.Run(sql);
    if (!done) return done.error();
  }
  return Ok();
}

// One change, alone in its transaction: so it holds up nothing while it waits for something else.
// Whoever keeps a table in use for long, a dump for instance, must not make all others stand in
// line behind it: it gives up soon.
Status Change(Connection& connection, const std::function<Status()>& work) {
  Status done = connection.Begin();
  if (done.ok()) done = RunInTurn(connection, {kLock, kShortWaits});
  if (done.ok()) done = work();
  if (done.ok()) done = connection.Commit();
  if (!done) connection.Rollback();
  return done;
}

// For what somebody waits for: tried until it finds a moment.
Status ChangeInTime(Connection& connection, const std::function<Status()>& work) {
  std::mutex mutex;
  std::condition_variable nobody;
  for (int tries = 1;; ++tries) {
    Status done = Change(connection, work);
    if (done.ok() || done.error().code != Code::kUnavailable || tries == kTries) return done;
    std::unique_lock lock(mutex);
    nobody.wait_for(lock, kPause);
  }
}

using Part = Missing;

class PostgresMonths final : public MonthParts {
 public:
  Status Make(Connection& connection) const override {
    Result<std::vector<Missing>> missing = FindMissing(connection);
    if (!missing) return missing.error();
    for (const Missing& one : *missing) {
      Status made = Change(connection, [&]() -> Status {
        // Another node may have made it while this one waited.
        Result<std::vector<Missing>> still = FindMissing(connection);
        if (!still) return still.error();
        return Holds(*still, one) ? RunInTurn(connection, MakeOne(one)) : Ok();
      });
      if (!made) return made;
    }
    return Ok();
  }

  Status TakeOut(Connection& connection, Month month, const May& may) const override {
    for (const std::string& table : TablesByMonth()) {
      Status out = ChangeInTime(connection, [&] {
        return TakeOut(connection, {table, month}, table == "task" ? may : nullptr);
      });
      if (out.ok()) continue;
      // Tasks without what belongs to them must not be seen.
      Status back = table == "task" ? Ok() : PutBack(connection, month);
      return back.ok() ? out : back;
    }
    return Ok();
  }

  Status PutBack(Connection& connection, Month month) const override {
    Result<std::vector<Part>> out = FindOut(connection);
    if (!out) return out.error();
    // The tasks last: when they are seen, all that belongs to them is there.
    std::reverse(out->begin(), out->end());
    for (const Part& part : *out) {
      if (part.month != month) continue;
      Status back = PutBack(connection, part);
      if (!back) return back;
    }
    return Ok();
  }

  // In a mode that leaves no trace on the disk: a transaction that has written nothing holds up
  // nobody who waits for all before him to be over.
  Status Seal(Connection& connection, Month month) const override {
    Status sealed = Ok();
    for (const std::string& table : TablesByMonth()) {
      if (sealed.ok()) {
        sealed =
            RunInTurn(connection, {"LOCK TABLE " + NameOf(table, month) + " IN EXCLUSIVE MODE"});
      }
    }
    if (!sealed) return sealed;
    Result<std::vector<Part>> out = FindOut(connection);
    if (!out) return out.error();
    const auto parts = std::count_if(out->begin(), out->end(),
                                     [&](const Part& part) { return part.month == month; });
    if (static_cast<std::size_t>(parts) == TablesByMonth().size()) return Ok();
    return base::Error{Code::kConflict, "somebody has put " + MonthName(month) + " back"};
  }

  Status Drop(Connection& connection, Month month) const override {
    Statements drops;
    for (const std::string& table : TablesByMonth()) {
      drops.push_back("DROP TABLE " + NameOf(table, month));
    }
    return RunInTurn(connection, drops);
  }

  Status HoldAll(Connection& connection) const override {
    return RunInTurn(connection, {kShortWaits, "LOCK TABLE ONLY task IN ACCESS EXCLUSIVE MODE"});
  }

  Result<std::vector<Month>> ThatAreOut(Connection& connection) const override {
    Result<std::vector<Part>> out = FindOut(connection);
    if (!out) return out.error();
    std::set<Month> months;
    for (const Part& part : *out) months.insert(part.month);
    return std::vector<Month>(months.begin(), months.end());
  }

  std::string PartOf(const std::string& table, Month month) const override {
    const auto& all = TablesByMonth();
    if (std::find(all.begin(), all.end(), table) == all.end()) return table;
    return NameOf(table, month);
  }

 private:
  // What others hardly need is waited for first, so that they wait for the table itself, should
  // they have to, once and not for long.
  static Status TakeOut(Connection& connection, const Missing& part, const May& may) {
    const std::string name = NameOf(part.table, part.month);
    Result<std::int64_t> there = connection.Run(
        "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass($1)", {std::string_view(name)});
    if (!there) return there.error();
    // A month that nobody has made parts for is with the rest.
    Status done = *there == 0 ? RunInTurn(connection, MakeOne(part)) : Ok();
    if (done.ok()) {
      done = RunInTurn(
          connection, {"LOCK TABLE " + name + ", " + part.table + "_other IN ACCESS EXCLUSIVE MODE",
                       "LOCK TABLE ONLY " + part.table + " IN ACCESS EXCLUSIVE MODE"});
    }
    if (done.ok() && may) done = may(connection);
    if (!done) return done;
    return RunInTurn(connection, {"ALTER TABLE " + part.table + " DETACH PARTITION " + name});
  }

  static Status PutBack(Connection& connection, const Part& part) {
    const std::string name = NameOf(part.table, part.month);
    const std::string forget = "ALTER TABLE " + name + " DROP CONSTRAINT IF EXISTS " + kFits;
    Status back = ChangeInTime(connection, [&] {
      return RunInTurn(connection, {forget, "ALTER TABLE " + name + " ADD CONSTRAINT " + kFits +
                                                " CHECK (" + RowsOf(part.table, part.month) + ")"});
    });
    if (!back) return back;
    return ChangeInTime(connection, [&] {
      Statements all = Attach(part.table, part.month);
      all.push_back(forget);
      return RunInTurn(connection, all);
    });
  }

  // In the order of TablesByMonth.
  static Result<std::vector<Part>> FindOut(Connection& connection) {
    std::vector<std::string> names;
    Result<std::int64_t> rows = connection.Run(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relispartition "
        "AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'",
        {}, [&](const Row& row) { names.push_back(row.Text(0)); });
    if (!rows) return rows.error();
    std::vector<Part> out;
    for (const std::string& table : TablesByMonth()) {
      for (const std::string& name : names) {
        if (name.size() != table.size() + 8 || name.rfind(table + "_", 0) != 0) continue;
        std::string month = name.substr(table.size() + 1);
        std::replace(month.begin(), month.end(), '_', '-');
        if (const auto number = MonthNamed(month)) out.push_back({table, *number});
      }
    }
    return out;
  }
};

}  // namespace

std::shared_ptr<const MonthParts> Months() { return std::make_shared<PostgresMonths>(); }

const std::vector<std::string>& TablesByMonth() {
  static const std::vector<std::string> all = {"task", "package", "attempt", "command_result",
                                               "evidence"};
  return all;
}

}  // namespace fiscalgate::store::postgres
