#include "lib/store/upkeep.h"

#include <algorithm>

#include "lib/store/migrations.h"
#include "lib/store/sql_store.h"
#include "lib/store/tables.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

// Those that others refer to come first.
void SortByReferences(std::vector<Table>* tables) {
  const auto rank = [](const Table& table) {
    return table.name == "meta" || table.name == "shop" || table.name == "register" ||
                   table.name == "register_group"
               ? 0
               : 1;
  };
  std::stable_sort(tables->begin(), tables->end(),
                   [&](const Table& a, const Table& b) { return rank(a) < rank(b); });
}

// What a new store has in it by itself, and what belongs to one server.
bool IsOfTheStoreItself(const std::string& name) {
  return name == "meta" || name == "schema_version";
}
bool StaysBehind(const std::string& name) {
  return name == "commit_mark" || name == "node" || name == "lane";
}

Result<Sum> SumOf(Connection& connection, const Table& table) {
  Sum sum;
  Status read = ForEachRow(connection, table, [&](std::vector<Cells>& rows) -> Status {
    for (const Cells& row : rows) sum.Add(row);
    return base::Ok();
  });
  if (!read) return read.error();
  return sum;
}

// What both engines can read in order: live tasks have no order of numbers everywhere.
void ReadInOrderOfIds(std::vector<Table>* tables) {
  for (Table& table : *tables) {
    if (table.name != "task") continue;
    for (Column& column : table.columns) column.key_place = column.name == "id" ? 1 : 0;
  }
}

// A row that was over before there were months has none.
void SetMonths(const Table& table, std::vector<Cells>* rows) {
  const std::size_t state = table.PlaceOf("state"), month = table.PlaceOf("month");
  for (Cells& row : *rows) row[month].number = row[state].number < 10 ? 0 : 1;
}

Result<Sum> CopyRows(Connection& from, Connection& to, const Table& table) {
  std::string insert = "INSERT INTO " + table.name + " (" + table.Names() + ") VALUES (";
  for (std::size_t i = 1; i <= table.columns.size(); ++i) {
    insert += (i == 1 ? "$" : ", $") + std::to_string(i);
  }
  insert += ")";
  Sum sum;
  Status copied = ForEachRow(from, table, [&](std::vector<Cells>& rows) {
    std::vector<Statement> statements;
    if (table.name == "task") SetMonths(table, &rows);
    for (const Cells& row : rows) {
      sum.Add(row);
      Statement& statement = statements.emplace_back(Statement{insert, {}});
      for (const Cell& cell : row) statement.params.push_back(cell.AsParam());
    }
    return to.RunAll(statements);
  });
  if (!copied) return copied.error();
  return sum;
}

class Copy {
 public:
  Copy(Connection& from, const Dialect& of_from, Connection& to, const Dialect& of_to)
      : from_(from), to_(to), of_from_(of_from), of_to_(of_to) {}

  Result<std::vector<CopiedTable>> Run() {
    Result<std::vector<Table>> tables = ReadTables(from_, of_from_);
    if (!tables) return tables.error();
    SortByReferences(&*tables);
    ReadInOrderOfIds(&*tables);
    Result<std::vector<Table>> others = ReadTables(to_, of_to_);
    if (!others) return others.error();
    std::vector<CopiedTable> report;
    for (const Table& table : *tables) {
      if (StaysBehind(table.name)) continue;
      const auto other = std::find_if(others->begin(), others->end(),
                                      [&](const Table& t) { return t.name == table.name; });
      if (other == others->end()) {
        return Error{Code::kInvalid, "there is no table " + table.name + " to copy to"};
      }
      Result<CopiedTable> copied = CopyTable(table, *other);
      if (!copied) return copied.error();
      report.push_back(std::move(*copied));
    }
    if (of_to_.orders == "task") return report;
    Status ordered = WriteOrders(*tables, &report);
    if (!ordered) return ordered.error();
    return report;
  }

 private:
  Status MakeEmpty(const Table& table) {
    if (IsOfTheStoreItself(table.name)) {
      Result<std::int64_t> cleared = to_.Run("DELETE FROM " + table.name);
      if (!cleared) return cleared.error();
      return base::Ok();
    }
    Result<std::int64_t> there = to_.Run("SELECT 1 FROM " + table.name + " LIMIT 1");
    if (!there) return there.error();
    if (*there == 0) return base::Ok();
    return Error{Code::kConflict, "the store to copy to is not empty: there are rows in " +
                                      table.name + "; give a new database"};
  }

  // What there is an index for here has a table there: every order, not only those archived.
  Status WriteOrders(const std::vector<Table>& tables, std::vector<CopiedTable>* report) {
    Result<std::int64_t> written =
        to_.Run("INSERT INTO " + of_to_.orders +
                " (shop, order_id, seq) SELECT shop, order_id, seq FROM task");
    if (!written) return written.error();
    for (const Table& table : tables) {
      if (table.name != of_to_.orders) continue;
      Result<Sum> sum = SumOf(to_, table);
      if (!sum) return sum.error();
      for (CopiedTable& copied : *report) {
        if (copied.name != table.name) continue;
        if (sum->rows() != copied.rows + *written) {
          return Error{Code::kInternal, "orders read back differently"};
        }
        copied = {table.name, sum->rows(), sum->Text()};
      }
    }
    return base::Ok();
  }

  Result<CopiedTable> CopyTable(const Table& table, const Table& other) {
    Status empty = MakeEmpty(table);
    if (!empty) return empty.error();
    Result<Sum> sent = CopyRows(from_, to_, table);
    if (!sent) return Error{sent.error().code, "table " + table.name + ": " + sent.error().what};
    // By the columns and the key of the one it came from, so that the sums are of the same.
    Table read = table;
    for (Column& column : read.columns) {
      for (const Column& its : other.columns) {
        if (its.name == column.name) column.type = its.type;
      }
    }
    Result<Sum> kept = SumOf(to_, read);
    if (!kept) return kept.error();
    if (!(*kept == *sent)) {
      return Error{Code::kInternal, "table " + table.name +
                                        " reads back differently: " + std::to_string(sent->rows()) +
                                        " rows, " + sent->Text() + "; now " +
                                        std::to_string(kept->rows()) + " rows, " + kept->Text()};
    }
    for (const Column& column : other.columns) {
      if (!column.counts) continue;
      Result<std::int64_t> counted =
          to_.Run(Filled(of_to_.restart_counter, table.name, column.name));
      if (!counted) return counted.error();
    }
    return CopiedTable{table.name, kept->rows(), kept->Text()};
  }

  Connection &from_, &to_;
  const Dialect &of_from_, &of_to_;
};

Result<std::unique_ptr<Connection>> ConnectForUpkeep(const Engine& engine) {
  return engine.connect_migrator ? engine.connect_migrator() : engine.connect_writer();
}

Result<std::vector<CopiedTable>> CopyInTransactions(Connection& source, const Engine& from,
                                                    Connection& target, const Engine& to) {
  Result<int> version = SchemaVersion(source);
  if (!version) return version.error();
  if (*version != NewestSchemaVersion()) {
    return Error{Code::kInvalid, "the store to copy from has tables of version " +
                                     std::to_string(*version) + ": migrate it first"};
  }
  Status ready = Migrate(target, to.dialect);
  // With the writer's lock: what would be accepted there meanwhile would be missing here.
  if (ready.ok()) ready = source.Begin();
  if (ready.ok()) ready = target.Begin();
  if (!ready) return ready.error();
  Result<std::vector<CopiedTable>> copied = Copy(source, from.dialect, target, to.dialect).Run();
  source.Rollback();
  Status committed = copied ? target.Commit() : Status(copied.error());
  if (committed.ok()) return copied;
  target.Rollback();
  return committed.error();
}

}  // namespace

Result<Migrated> MigrateStore(const std::string& url) {
  Result<Engine> engine = EngineOf(url);
  if (!engine) return engine.error();
  Result<std::unique_ptr<Connection>> connection = ConnectForUpkeep(*engine);
  if (!connection) return connection.error();
  Result<int> before = SchemaVersion(**connection);
  if (!before) return before.error();
  Status migrated = Migrate(**connection, engine->dialect);
  if (!migrated) return migrated.error();
  // One that was interrupted may have left them out.
  migrated = MakeIndexes(**connection, engine->dialect);
  if (!migrated) return migrated.error();
  return Migrated{*before, std::max(*before, NewestSchemaVersion())};
}

Result<std::vector<CopiedTable>> CopyStore(const std::string& from, const std::string& to) {
  if (from.rfind("sqlite:", 0) != 0 || to.rfind("postgres", 0) != 0) {
    return Error{Code::kInvalid, "a store is copied from sqlite:... to postgresql:..."};
  }
  Result<Engine> of_from = EngineOf(from), of_to = EngineOf(to);
  if (!of_from) return of_from.error();
  if (!of_to) return of_to.error();
  Result<std::unique_ptr<Connection>> source = ConnectForUpkeep(*of_from);
  if (!source) return source.error();
  Result<std::unique_ptr<Connection>> target = ConnectForUpkeep(*of_to);
  if (!target) return target.error();
  return CopyInTransactions(**source, *of_from, **target, *of_to);
}

}  // namespace fiscalgate::store
