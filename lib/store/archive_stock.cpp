#include "lib/store/archive_stock.h"

#include <map>

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

// Conditions for tasks `t` of a slice, whatever their state.
std::string Of(Slice slice) {
  if (slice.numbered) {
    return "t.seq >= " + std::to_string(FirstSeqOf(slice.month)) + " AND t.seq < " +
           std::to_string(FirstSeqOf(slice.month + 1));
  }
  return "t.seq < " + std::to_string(kFirstSeqWithMonth) +
         " AND t.accepted_at >= " + std::to_string(base::ToMillis(BeginOf(slice.month))) +
         " AND t.accepted_at < " + std::to_string(base::ToMillis(BeginOf(slice.month + 1)));
}

using Stock = std::map<Month, MonthStock>;

Status CountInto(Connection& connection, const std::string& sql, bool days,
                 std::int64_t MonthStock::*field, Stock* stock) {
  Result<std::int64_t> rows = connection.Run(sql, {}, [&](const Row& row) {
    const Month month = days ? MonthAt(base::WallTime(std::chrono::days(row.Int(0)))) : row.Int(0);
    MonthStock& its = (*stock)[month];
    its.month = month;
    its.*field += row.Int(1);
  });
  if (!rows) return rows.error();
  return base::Ok();
}

// Every statement reads what it counts as a whole: this is no question for the hot path.
Status CountAll(Connection& connection, bool parts, Stock* stock) {
  const std::string small = " < " + std::to_string(kFirstSeqWithMonth);
  const std::string large = " >= " + std::to_string(kFirstSeqWithMonth);
  constexpr const char* kDay = "accepted_at / 86400000";
  Status done = base::Ok();
  const auto count = [&](const std::string& sql, bool days, std::int64_t MonthStock::*field) {
    if (done.ok()) done = CountInto(connection, sql, days, field, stock);
  };
  const std::string day = std::string("SELECT t.") + kDay + ", count(*) FROM ";
  count(
      day + "task t WHERE t.seq" + small + (parts ? " AND t.month IN (0, 1)" : "") + " GROUP BY 1",
      true, &MonthStock::tasks);
  count(day + "task t WHERE t.month = 0 AND t.state < 10 AND t.seq" + small + " GROUP BY 1", true,
        &MonthStock::live);
  count(day + "callback c JOIN task t ON t.seq = c.task WHERE c.state = 0 AND c.task" + small +
            " GROUP BY 1",
        true, &MonthStock::callbacks);
  if (!parts) return done;
  count("SELECT month, count(*) FROM task WHERE month > 1 GROUP BY 1", false, &MonthStock::tasks);
  const std::string live =
      "SELECT seq >> 36, count(*) FROM task WHERE month = 0 AND seq" + large + " GROUP BY 1";
  count(live, false, &MonthStock::tasks);
  count(live, false, &MonthStock::live);
  count(
      "SELECT task >> 36, count(*) FROM callback WHERE state = 0 AND task" + large + " GROUP BY 1",
      false, &MonthStock::callbacks);
  return done;
}

Status NoneOf(Connection& connection, const std::string& sql, Month month, const char* what) {
  Result<std::int64_t> rows = connection.Run(sql);
  if (!rows) return rows.error();
  if (*rows == 0) return base::Ok();
  return Error{Code::kConflict, MonthName(month) + what};
}

constexpr char kLives[] = " has a task that is not over";
constexpr char kWaits[] = " has a callback that is still to be delivered";

}  // namespace

Result<std::vector<MonthStock>> CountStock(Connection& connection, bool parts, Month before) {
  Stock stock;
  Status counted = CountAll(connection, parts, &stock);
  if (!counted) return counted.error();
  Result<std::vector<LegalHold>> holds = ReadHolds(connection);
  if (!holds) return holds.error();
  for (const LegalHold& hold : *holds) {
    const auto its = stock.find(hold.month);
    if (its != stock.end()) its->second.holds.push_back(hold);
  }
  std::vector<MonthStock> all;
  for (auto& [month, its] : stock) {
    if (month < before && its.tasks > 0) all.push_back(std::move(its));
  }
  return all;
}

std::vector<Slice> SlicesOf(Month month, bool parts) {
  std::vector<Slice> slices;
  if (parts) slices.push_back({month, true});
  slices.push_back({month, false});
  return slices;
}

Result<bool> HasTasks(Connection& connection, Month month, bool parts) {
  for (const Slice slice : SlicesOf(month, parts)) {
    Result<bool> any = HasTasks(connection, slice);
    if (!any.ok() || *any) return any;
  }
  return false;
}

Result<bool> HasTasks(Connection& connection, Slice slice) {
  Result<std::int64_t> rows =
      connection.Run("SELECT t.seq FROM task t WHERE " + Of(slice) + " LIMIT 1");
  if (!rows) return rows.error();
  return *rows > 0;
}

// However long the queue is: there is an index of the queue of each register.
Status NothingLives(Connection& connection, Slice slice) {
  const std::string live = "SELECT t.seq FROM task t WHERE t.month = 0 AND t.state ";
  const std::string of = " AND " + Of(slice) + " LIMIT 1";
  if (!slice.numbered) return NoneOf(connection, live + "< 10" + of, slice.month, kLives);
  Status none = NoneOf(connection, live + "IN (1, 2, 3)" + of, slice.month, kLives);
  if (!none) return none;
  return NoneOf(connection,
                "SELECT r.key FROM register r, (SELECT 0 AS number UNION ALL SELECT 1 UNION ALL "
                "SELECT 2) p WHERE (" +
                    live + "= 0 AND t.register = r.key AND t.priority = p.number" + of +
                    ") IS NOT NULL LIMIT 1",
                slice.month, kLives);
}

Status NothingWaits(Connection& connection, Slice slice, bool parts) {
  const std::string waits = "SELECT c.key FROM callback c";
  if (slice.numbered) {
    return NoneOf(
        connection,
        waits + " WHERE c.state = 0 AND c.task >= " + std::to_string(FirstSeqOf(slice.month)) +
            " AND c.task < " + std::to_string(FirstSeqOf(slice.month + 1)) + " LIMIT 1",
        slice.month, kWaits);
  }
  return NoneOf(connection,
                waits + " JOIN task t ON t.seq = c.task WHERE c.state = 0 AND " + Of(slice) +
                    (parts ? " AND t.month IN (0, 1) LIMIT 1" : " LIMIT 1"),
                slice.month, kWaits);
}

}  // namespace fiscalgate::store
