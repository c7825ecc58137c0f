#include "lib/store/migrations.h"

#include <string>

#include "lib/store/steps.h"

namespace fiscalgate::store {
namespace {

using Statements = std::vector<std::string>;
using Kind = Step::Kind;

// The accept path writes task and package only. They have no foreign keys: each would look up its
// parent for every row, and shops and registers are never deleted.
Statements OperatorTables(const Dialect& d) {
  return {
      "CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL DEFAULT 0, sealed " +
          d.bytes + ")",
      "INSERT INTO meta (name, value) VALUES ('operator_version', 0), ('probe', 0)",
      "CREATE TABLE shop (key " + d.serial_key +
          ", account_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, enabled INTEGER NOT NULL, code " +
          d.bytes + " NOT NULL, previous_code " + d.bytes +
          " NOT NULL, previous_until BIGINT NOT NULL, accept_encoded_signature INTEGER NOT NULL, "
          "allow_prog_url INTEGER NOT NULL, lenient_receipts INTEGER NOT NULL, "
          "demand_successful INTEGER NOT NULL, rate_per_second INTEGER NOT NULL)",
      // token_print finds a token that is taken without opening any; secrets are sealed.
      "CREATE TABLE register (key " + d.serial_key +
          ", name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL, provider TEXT NOT NULL, "
          "kkt_token " +
          d.bytes + " NOT NULL, token_print " + d.bytes + " NOT NULL UNIQUE, bank_token " +
          d.bytes +
          " NOT NULL, url TEXT NOT NULL, pinned_public_key TEXT NOT NULL, "
          "header_generation TEXT NOT NULL, body_encoding TEXT NOT NULL, "
          "deduplicating INTEGER NOT NULL, pass_unknown INTEGER NOT NULL, "
          "timeout_ms INTEGER NOT NULL)",
      "CREATE TABLE register_shop (register BIGINT NOT NULL REFERENCES register (key), "
      "shop BIGINT NOT NULL REFERENCES shop (key), PRIMARY KEY (register, shop)) " +
          d.clustered,
      "CREATE TABLE audit (key " + d.serial_key +
          ", happened_at BIGINT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, "
          "subject TEXT NOT NULL, why TEXT NOT NULL)",
  };
}

Statements TaskTables(const Dialect& d) {
  return {
      // event, callback: keys of the last ones, 0 = none yet.
      "CREATE TABLE task (seq " + d.serial_key +
          ", id TEXT NOT NULL UNIQUE, shop BIGINT NOT NULL, register BIGINT NOT NULL, "
          "order_id TEXT NOT NULL, content_hash " +
          d.bytes +
          " NOT NULL, state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3, 10, 11, 12)), "
          "lease TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, "
          "wait_reason TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '', "
          "notes TEXT NOT NULL DEFAULT '', accepted_at BIGINT NOT NULL, "
          "changed_at BIGINT NOT NULL, event BIGINT NOT NULL DEFAULT 0, "
          "callback BIGINT NOT NULL DEFAULT 0, UNIQUE (shop, order_id), "
          "CHECK (lease = '' OR state IN (1, 2, 3)), CHECK (lease <> '' OR state <> 1))",
      // The line of a register.
      "CREATE INDEX task_lane ON task (register, seq) WHERE state < 10",
      // In flight or unknown: always few, and not touched when a task is accepted.
      "CREATE INDEX task_open ON task (state, register, seq) WHERE state IN (1, 2, 3)",
      "CREATE TABLE package (task " + d.serial_key +
          ", commands TEXT NOT NULL, callback_success TEXT NOT NULL, "
          "callback_failed TEXT NOT NULL, prog_url TEXT NOT NULL)",
      "CREATE TABLE attempt (task BIGINT NOT NULL, number INTEGER NOT NULL, "
      "kind INTEGER NOT NULL CHECK (kind IN (0, 1)), tries INTEGER NOT NULL, "
      "started_at BIGINT NOT NULL, ended_at BIGINT, sent_to TEXT NOT NULL, "
      "result TEXT NOT NULL DEFAULT '' CHECK (result IN ('', 'not_sent', 'no_answer', "
      "'answered')), http_status INTEGER NOT NULL DEFAULT 0, detail TEXT NOT NULL DEFAULT '', "
      "PRIMARY KEY (task, number)) " +
          d.clustered,
      "CREATE TABLE command_result (task BIGINT NOT NULL, place INTEGER NOT NULL, "
      "name TEXT NOT NULL, type TEXT NOT NULL, state INTEGER NOT NULL CHECK (state IN (0, 1, 2)), "
      "text TEXT NOT NULL, raw TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (task, place)) " +
          d.clustered,
  };
}

Statements OutcomeTables(const Dialect& d) {
  return {
      "CREATE TABLE event (seq " + d.serial_key +
          ", task BIGINT NOT NULL, shop BIGINT NOT NULL, state INTEGER NOT NULL, "
          "result_json TEXT NOT NULL, happened_at BIGINT NOT NULL)",
      "CREATE INDEX event_feed ON event (shop, seq)",
      "CREATE TABLE callback (key " + d.serial_key +
          ", webhook_id TEXT NOT NULL UNIQUE, shop BIGINT NOT NULL, task BIGINT NOT NULL, "
          "url TEXT NOT NULL, body TEXT NOT NULL, "
          "state INTEGER NOT NULL CHECK (state IN (0, 1, 2)), attempts INTEGER NOT NULL DEFAULT 0, "
          "due_at BIGINT NOT NULL, last_status INTEGER NOT NULL DEFAULT 0, "
          "last_error TEXT NOT NULL DEFAULT '', changed_at BIGINT NOT NULL)",
      "CREATE INDEX callback_due ON callback (shop, due_at) WHERE state = 0",
      "CREATE INDEX callback_dead ON callback (shop, key) WHERE state = 2",
  };
}

Statements FirstStep(const Dialect& dialect) {
  Statements all = OperatorTables(dialect);
  for (const Statements& more : {TaskTables(dialect), OutcomeTables(dialect)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// How receipts are checked: by shop and by register.
Statements CheckSettingsStep(const Dialect&) {
  return {
      "ALTER TABLE shop ADD COLUMN vat_policy TEXT NOT NULL DEFAULT 'refuse' "
      "CHECK (vat_policy IN ('refuse', 'warn', 'replace'))",
      "ALTER TABLE shop ADD COLUMN inn_policy TEXT NOT NULL DEFAULT 'warn' "
      "CHECK (inn_policy IN ('warn', 'refuse'))",
      "ALTER TABLE register ADD COLUMN ffd_version TEXT NOT NULL DEFAULT '1.2' "
      "CHECK (ffd_version IN ('1.05', '1.1', '1.2'))",
      "ALTER TABLE register ADD COLUMN taxation_mask INTEGER NOT NULL DEFAULT 63 "
      "CHECK (taxation_mask BETWEEN 1 AND 63)",
      "ALTER TABLE register ADD COLUMN profile TEXT NOT NULL DEFAULT 'bit'",
  };
}

// The line of a register is what is queued there, by priority; what is in flight or unknown is in
// task_open. A task without a deadline costs task_deadline nothing.
Statements LaneOrderStep(const Dialect&) {
  return {
      "ALTER TABLE task ADD COLUMN priority INTEGER NOT NULL DEFAULT 2 "
      "CHECK (priority IN (0, 1, 2))",
      "ALTER TABLE task ADD COLUMN deadline_at BIGINT NOT NULL DEFAULT 0",
      "ALTER TABLE task ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE task ADD COLUMN error_code TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE task ADD COLUMN error_class INTEGER NOT NULL DEFAULT 0 "
      "CHECK (error_class IN (0, 1, 2, 3))",
      "ALTER TABLE task ADD COLUMN paid_only INTEGER NOT NULL DEFAULT 0",
      "DROP INDEX task_lane",
      "CREATE INDEX task_queue ON task (register, priority, seq) WHERE state = 0",
      "CREATE INDEX task_deadline ON task (deadline_at) WHERE state = 0 AND deadline_at > 0",
      "CREATE INDEX task_service ON task (register, seq) WHERE shop = 0 AND state IN (1, 2, 3)",
      "CREATE INDEX task_paid_only ON task (seq) WHERE paid_only = 1",
      "ALTER TABLE shop ADD COLUMN deadline_s INTEGER NOT NULL DEFAULT 0",
  };
}

Statements GroupStep(const Dialect& d) {
  return {
      "CREATE TABLE register_group (key " + d.serial_key +
          ", name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL, kkt_token " + d.bytes +
          " NOT NULL, token_print " + d.bytes + " NOT NULL UNIQUE)",
      "CREATE TABLE group_member (register_group BIGINT NOT NULL REFERENCES register_group (key), "
      "register BIGINT NOT NULL REFERENCES register (key), PRIMARY KEY (register_group, "
      "register)) " +
          d.clustered,
      "CREATE TABLE group_shop (register_group BIGINT NOT NULL REFERENCES register_group (key), "
      "shop BIGINT NOT NULL REFERENCES shop (key), PRIMARY KEY (register_group, shop)) " +
          d.clustered,
      "ALTER TABLE task ADD COLUMN register_group BIGINT NOT NULL DEFAULT 0",
  };
}

Statements DeviceStep(const Dialect& d) {
  return {
      "ALTER TABLE register ADD COLUMN shift_guard INTEGER NOT NULL DEFAULT 1",
      "ALTER TABLE register ADD COLUMN shift_close_minute INTEGER NOT NULL DEFAULT -1 "
      "CHECK (shift_close_minute BETWEEN -1 AND 1439)",
      "ALTER TABLE register ADD COLUMN shift_reopen INTEGER NOT NULL DEFAULT 1",
      "ALTER TABLE register ADD COLUMN utc_offset_minutes INTEGER NOT NULL DEFAULT 180",
      "ALTER TABLE register ADD COLUMN shift_cashier TEXT NOT NULL DEFAULT ''",
      // flags: 1 = 1050, 2 = 1051, 4 = 1052, 8 = 1053; unsent: -1 = not known.
      "CREATE TABLE register_state (register BIGINT NOT NULL PRIMARY KEY, "
      "shift_state INTEGER NOT NULL CHECK (shift_state IN (0, 1, 2)), shift BIGINT NOT NULL, "
      "shift_opened_at BIGINT NOT NULL, flags INTEGER NOT NULL, unsent BIGINT NOT NULL, "
      "first_unsent_at BIGINT NOT NULL, told_at BIGINT NOT NULL) " +
          d.clustered,
  };
}

// Agents: who carries an attempt, what they said of it, and how they are.
Statements AgentStep(const Dialect& d) {
  return {
      "ALTER TABLE attempt ADD COLUMN lease TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE attempt ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE attempt ADD COLUMN told_by_agent INTEGER NOT NULL DEFAULT 0",
      "CREATE INDEX attempt_lease ON attempt (lease) WHERE lease <> ''",
      "ALTER TABLE register ADD COLUMN via TEXT NOT NULL DEFAULT 'push' "
      "CHECK (via IN ('push', 'agent'))",
      "ALTER TABLE register ADD COLUMN agent_key " + d.bytes + " NOT NULL DEFAULT ''",
      "ALTER TABLE register ADD COLUMN agent_print " + d.bytes + " NOT NULL DEFAULT ''",
      "ALTER TABLE register ADD COLUMN agent_instance TEXT NOT NULL DEFAULT ''",
      "CREATE UNIQUE INDEX register_agent ON register (agent_print) WHERE length(agent_print) > 0",
      "CREATE TABLE evidence (key " + d.serial_key +
          ", task BIGINT NOT NULL, lease TEXT NOT NULL, received_at BIGINT NOT NULL, "
          "delivery TEXT NOT NULL CHECK (delivery IN ('not_sent', 'no_answer', 'answered', "
          "'never_received')), http_status INTEGER NOT NULL, body " +
          d.bytes + " NOT NULL, applied INTEGER NOT NULL, note TEXT NOT NULL)",
      "CREATE INDEX evidence_lease ON evidence (lease)",
      "CREATE INDEX evidence_task ON evidence (task)",
      "CREATE TABLE agent_status (register BIGINT PRIMARY KEY, seen_at BIGINT NOT NULL, "
      "version TEXT NOT NULL, driver_state TEXT NOT NULL, clock_skew_ms BIGINT NOT NULL)",
  };
}

// Who sells with a phone. A list of goods belongs to a shop; it is JSON, read and written whole.
Statements CourierStep(const Dialect& d) {
  return {
      "CREATE TABLE courier (key " + d.serial_key +
          ", login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, enabled INTEGER NOT NULL, "
          "shop BIGINT NOT NULL REFERENCES shop (key), "
          "register BIGINT NOT NULL REFERENCES register (key), password TEXT NOT NULL, "
          "prog_url TEXT NOT NULL, taxation INTEGER NOT NULL, vat INTEGER NOT NULL)",
      "CREATE TABLE courier_goods (shop BIGINT NOT NULL PRIMARY KEY REFERENCES shop (key), "
      "goods TEXT NOT NULL) " +
          d.clustered,
  };
}

// What cloud registers tell their providers, and where shops' posts go instead. Settings and
// secrets are JSON objects, the secrets sealed as one; '' = none.
Statements CloudSettingsStep(const Dialect& d) {
  return {
      "ALTER TABLE register ADD COLUMN settings TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE register ADD COLUMN secrets " + d.bytes + " NOT NULL DEFAULT ''",
      "ALTER TABLE register ADD COLUMN mapping TEXT NOT NULL DEFAULT ''",
      "CREATE TABLE shop_route (shop BIGINT NOT NULL REFERENCES shop (key), "
      "from_register BIGINT NOT NULL REFERENCES register (key), "
      "to_register BIGINT NOT NULL REFERENCES register (key), "
      "PRIMARY KEY (shop, from_register), CHECK (from_register <> to_register)) " +
          d.clustered,
  };
}

// Conversations with cloud registers. due_at is set as long as one goes on: task_due holds those
// and nothing else, however many tasks wait in the queue or are done.
Statements ConversationStep(const Dialect& d) {
  return {
      "ALTER TABLE task ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0",
      "ALTER TABLE task ADD COLUMN number BIGINT NOT NULL DEFAULT 0",
      "ALTER TABLE task ADD COLUMN asks INTEGER NOT NULL DEFAULT 0",
      "CREATE INDEX task_due ON task (register, due_at) WHERE due_at > 0",
      "CREATE TABLE register_count (register BIGINT NOT NULL PRIMARY KEY, last BIGINT NOT NULL) " +
          d.clustered,
  };
}

// The address by which a shop's portal is told what was printed; it holds a secret, sealed.
Statements PortalStep(const Dialect& d) {
  return {"ALTER TABLE shop ADD COLUMN bitrix24_webhook " + d.bytes + " NOT NULL DEFAULT ''"};
}

// What a group has left behind: for engines that may not hear the answer to a commit.
Statements MarkStep(const Dialect& d) {
  return {
      "CREATE TABLE commit_mark (writer TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL, "
      "marked_at BIGINT NOT NULL) " +
      d.clustered};
}

// Gateways that share the store, and which lanes each has.
Statements NodeStep(const Dialect& d) {
  return {
      "CREATE TABLE node (token TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
      "version TEXT NOT NULL, renewals BIGINT NOT NULL) " +
          d.clustered,
      "CREATE TABLE lane (register BIGINT NOT NULL PRIMARY KEY, node TEXT NOT NULL DEFAULT '', "
      "bell BIGINT NOT NULL DEFAULT 0) " +
          d.clustered,
  };
}

// Tasks that are over apart from those that live, by months where the engine can do that; there
// task_order holds every order. Elsewhere it holds those whose tasks were archived: the others are
// found in the index of task. A column without a rewrite: old rows of tasks that are over keep 0.
Statements MonthStep(const Dialect& d) {
  Statements all = {
      "ALTER TABLE task ADD COLUMN month INTEGER NOT NULL DEFAULT 0",
      "CREATE TABLE task_order (shop BIGINT NOT NULL, order_id TEXT NOT NULL, "
      "seq BIGINT NOT NULL, PRIMARY KEY (shop, order_id)) " +
          d.clustered,
      // kind: 'task', 'order' or 'month'; subject: which, for people.
      "CREATE TABLE legal_hold (key " + d.serial_key +
          ", month INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, "
          "why TEXT NOT NULL, who TEXT NOT NULL, placed_at BIGINT NOT NULL, "
          "UNIQUE (kind, subject))",
      "INSERT INTO meta (name, value) VALUES ('last_event', 0)",
  };
  all.insert(all.end(), d.month_tables.begin(), d.month_tables.end());
  return all;
}

// How old a program may be that still runs on the tables: see Step.
Statements NeedsStep(const Dialect&) {
  return {"ALTER TABLE schema_version ADD COLUMN needs INTEGER"};
}

#ifdef FISCALGATE_NEXT_STEP
// Of the program that tests take for the one to come: what such a step may do under nodes that do
// not know it.
Statements NextStep(const Dialect& d) {
  return {
      "ALTER TABLE task ADD COLUMN next_note TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE event ADD COLUMN next_number BIGINT NOT NULL DEFAULT 0",
      "ALTER TABLE shop ADD COLUMN next_flag INTEGER NOT NULL DEFAULT 0",
      "CREATE TABLE next_thing (key " + d.serial_key + ", name TEXT NOT NULL)",
  };
}
#endif

constexpr Step kSteps[] = {
    {FirstStep, Kind::kContracts},
    {CheckSettingsStep, Kind::kContracts},
    {AgentStep, Kind::kContracts},
    {LaneOrderStep, Kind::kContracts},
    {GroupStep, Kind::kContracts},
    {DeviceStep, Kind::kContracts},
    {CourierStep, Kind::kContracts},
    {CloudSettingsStep, Kind::kContracts},
    {ConversationStep, Kind::kContracts},
    {PortalStep, Kind::kContracts},
    {MarkStep, Kind::kContracts},
    {NodeStep, Kind::kContracts},
    {MonthStep, Kind::kContracts},
    {NeedsStep, Kind::kContracts},
#ifdef FISCALGATE_NEXT_STEP
    {NextStep, Kind::kExpands, "next_event", "event (next_number)"},
#endif
};

}  // namespace

std::span<const Step> AllSteps() { return kSteps; }

int NewestSchemaVersion() { return static_cast<int>(std::size(kSteps)); }

}  // namespace fiscalgate::store
