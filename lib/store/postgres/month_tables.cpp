#include "lib/store/postgres/month_tables.h"

#include <algorithm>

#include "lib/store/month.h"

namespace fiscalgate::store::postgres {
namespace {

using Statements = std::vector<std::string>;

void Append(Statements* all, const Statements& more) {
  all->insert(all->end(), more.begin(), more.end());
}

// Kept by the number of their task. A key that has that number in it is one of the whole table.
// Where it has not, each partition has a key of its own: numbers come from counters, and of ids 80
// random bits are enough.
struct Table {
  std::string name, key, key_of_part;
};
const std::vector<Table>& Children() {
  static const std::vector<Table> all = {
      {"package", ", PRIMARY KEY (task)", ""},
      {"attempt", ", PRIMARY KEY (task, number)", ""},
      {"command_result", ", PRIMARY KEY (task, place)", ""},
      {"evidence", "", "PRIMARY KEY (key)"},
  };
  return all;
}
constexpr char kTaskKeys[] = "PRIMARY KEY (seq), UNIQUE (id)";

// A partition that is there from the beginning.
std::string NewPart(const std::string& table, const std::string& part, const std::string& values) {
  const std::string key = KeyOfPart(table);
  return "CREATE TABLE " + part + " PARTITION OF " + table +
         (key.empty() ? " " : " (" + key + ") ") + values;
}

Statements NewTask() {
  return {
      "UPDATE task SET month = 1 WHERE state >= 10",
      "ALTER TABLE task RENAME TO task_before",
      "CREATE TABLE task (LIKE task_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) "
      "PARTITION BY LIST (month)",
      // Vacuumed as soon as some hundred rows have left: all of it is read in a moment.
      "CREATE TABLE task_live PARTITION OF task (UNIQUE (id)) FOR VALUES IN (0) "
      "WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, "
      "autovacuum_vacuum_threshold = 500, autovacuum_analyze_scale_factor = 0.1, "
      "autovacuum_analyze_threshold = 500, autovacuum_vacuum_cost_delay = 0, "
      "autovacuum_vacuum_insert_threshold = -1)",
      NewPart("task", "task_first", "FOR VALUES IN (1)"),
      NewPart("task", "task_other", "DEFAULT"),
      "INSERT INTO task_order (shop, order_id, seq) SELECT shop, order_id, seq FROM task_before",
      "INSERT INTO task SELECT * FROM task_before",
      "DROP TABLE task_before",
  };
}

// To the planner task_live is empty most of the time, and with nothing to read any index is as good
// as another. So each question has only one index that could answer it: what comes in the order of
// its numbers does not come from that of the numbers, which knows no order.
Statements TaskIndexes() {
  return {
      "CREATE INDEX task_live_seq ON task_live USING hash (seq)",
      "CREATE INDEX task_open ON task_live (state, register, seq) WHERE state IN (1, 2, 3)",
      "CREATE INDEX task_queue ON task_live (register, priority, seq) WHERE state = 0",
      "CREATE INDEX task_deadline ON task_live (deadline_at) WHERE state = 0 AND deadline_at > 0",
      "CREATE INDEX task_service ON task_live (register, seq) "
      "WHERE shop = 0 AND state IN (1, 2, 3)",
      "CREATE INDEX task_due ON task_live (register, due_at) WHERE due_at > 0",
      "CREATE INDEX task_paid_only ON task (seq) WHERE paid_only = 1",
  };
}

// An order is written first, so that is where the number of its task comes from.
Statements Numbers() {
  const std::string next =
      "(((extract(year FROM now() AT TIME ZONE 'UTC') * 12 + "
      "extract(month FROM now() AT TIME ZONE 'UTC') - 1)::bigint << 36) + "
      "nextval('task_seq_seq'))";
  return {
      "CREATE SEQUENCE task_seq_seq OWNED BY task.seq",
      "SELECT setval('task_seq_seq', (SELECT coalesce(max(seq), 0) + 1 FROM task), false)",
      "ALTER TABLE task ALTER COLUMN seq SET DEFAULT " + next,
      "ALTER TABLE task_order ALTER COLUMN seq SET DEFAULT " + next,
      "CREATE SEQUENCE evidence_key_seq OWNED BY evidence.key",
      "SELECT setval('evidence_key_seq', (SELECT coalesce(max(key), 0) + 1 FROM evidence), false)",
      "ALTER TABLE evidence ALTER COLUMN key SET DEFAULT nextval('evidence_key_seq')",
  };
}

Statements NewChild(const Table& child) {
  const std::string before = child.name + "_before";
  return {
      "ALTER TABLE " + child.name + " RENAME TO " + before,
      "CREATE TABLE " + child.name + " (LIKE " + before +
          " INCLUDING DEFAULTS INCLUDING CONSTRAINTS" + child.key + ") PARTITION BY RANGE (task)",
      NewPart(child.name, child.name + "_first",
              "FOR VALUES FROM (MINVALUE) TO (" + std::to_string(kFirstSeqWithMonth) + ")"),
      NewPart(child.name, child.name + "_other", "DEFAULT"),
      "INSERT INTO " + child.name + " SELECT * FROM " + before,
      "DROP TABLE " + before,
  };
}

}  // namespace

std::string KeyOfPart(const std::string& table) {
  const auto child = std::find_if(Children().begin(), Children().end(),
                                  [&](const Table& each) { return each.name == table; });
  return child == Children().end() ? kTaskKeys : child->key_of_part;
}

std::vector<std::string> MonthTables() {
  Statements all = NewTask();
  for (const Table& child : Children()) Append(&all, NewChild(child));
  Append(&all, TaskIndexes());
  Append(&all, {"CREATE INDEX attempt_lease ON attempt (lease) WHERE lease <> ''",
                "CREATE INDEX evidence_lease ON evidence (lease)",
                "CREATE INDEX evidence_task ON evidence (task)"});
  Append(&all, Numbers());
  // A mark a group: postgres_connection.
  Append(&all, {"ALTER TABLE commit_mark DROP CONSTRAINT commit_mark_pkey",
                "ALTER TABLE commit_mark ADD PRIMARY KEY (writer, number)"});
  return all;
}

}  // namespace fiscalgate::store::postgres
