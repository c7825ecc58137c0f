// Moves, repeats, the gateway's own tasks, and what registers tell of themselves.
#include "lib/store/lanes.h"
#include "lib/store/month.h"
#include "lib/store/rows.h"
#include "lib/store/sql_store.h"

namespace fiscalgate::store {
namespace {

using base::Code;
using base::Error;

// Also a service task that an operator cancelled is left alone: only a failed one is tried again.
Result<bool> QueueFailedAgain(Connection& connection, const std::string& orders,
                              const task::NewTask& task) {
  task::TaskSeq seq = 0;
  Result<std::int64_t> rows = connection.Run(
      "SELECT seq FROM " + orders + " WHERE shop = $1 AND order_id = $2",
      {task.shop, std::string_view(task.order_id)}, [&](const Row& row) { seq = row.Int(0); });
  if (!rows) return rows.error();
  rows = connection.Run(
      "UPDATE task SET state = 0, error = '', error_code = '', error_class = 0, changed_at = $1, "
      "month = 0 WHERE seq = $2 AND month IN " FG_MONTHS_OF("$2") " AND state = 11",
      {base::ToMillis(task.accepted_at), seq});
  if (!rows) return rows.error();
  return *rows == 1;
}

Result<bool> ApplyService(Connection& connection, const std::string& orders,
                          const ServiceOrder& order) {
  Result<task::TaskSeq> made = InsertTask(connection, orders, order.task);
  if (!made) return made.error();
  if (*made != 0) return true;
  if (!order.again_if_failed) return false;
  return QueueFailedAgain(connection, orders, order.task);
}

task::DeviceState DeviceFromRow(const Row& row) {
  task::DeviceState state;
  state.register_key = row.Int(0);
  state.shift_state = static_cast<task::ShiftState>(row.Int(1));
  state.shift = row.Int(2);
  state.shift_opened_at = base::FromMillis(row.Int(3));
  const std::int64_t flags = row.Int(4);
  state.fn_replace_1050 = (flags & 1) != 0;
  state.fn_exhausted_1051 = (flags & 2) != 0;
  state.fn_memory_1052 = (flags & 4) != 0;
  state.ofd_timeout_1053 = (flags & 8) != 0;
  if (row.Int(5) >= 0) state.unsent_1097 = row.Int(5);
  state.first_unsent_1098 = TimeFromStored(row.Int(6));
  state.told_at = base::FromMillis(row.Int(7));
  return state;
}

std::int64_t StoredFlags(const task::DeviceState& state) {
  return (state.fn_replace_1050 ? 1 : 0) | (state.fn_exhausted_1051 ? 2 : 0) |
         (state.fn_memory_1052 ? 4 : 0) | (state.ofd_timeout_1053 ? 8 : 0);
}

}  // namespace

Status ApplyServices(Connection& connection, const std::string& orders,
                     const std::vector<ServiceOrder>& services, DispatchApplied* applied) {
  for (const ServiceOrder& order : services) {
    Result<bool> done = ApplyService(connection, orders, order);
    if (!done) return done.error();
    applied->services.push_back(*done);
  }
  return base::Ok();
}

Status ApplyMoves(Connection& connection, const std::vector<Move>& moves,
                  DispatchApplied* applied) {
  for (const Move& move : moves) {
    // An attempt that was not sent is not counted: none may have reached a register.
    Result<std::int64_t> rows = connection.Run(
        "UPDATE task SET register = $1, wait_reason = '' WHERE month = 0 AND state = 0 "
        "AND attempts = 0 AND seq IN (SELECT m.seq FROM task m WHERE m.month = 0 AND m.state = 0 "
        "AND m.register = $2 AND m.attempts = 0 AND m.register_group = $3 "
        "ORDER BY m.priority, m.seq LIMIT $4)",
        {move.to, move.from, move.group, std::int64_t{move.limit}});
    if (!rows) return rows.error();
    applied->moved.push_back(*rows);
  }
  return base::Ok();
}

void AddDeviceState(const task::DeviceState& state, Trip* trip) {
  trip->Add(
      "INSERT INTO register_state (register, shift_state, shift, shift_opened_at, flags, unsent, "
      "first_unsent_at, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (register) DO UPDATE SET shift_state = excluded.shift_state, "
      "shift = excluded.shift, shift_opened_at = excluded.shift_opened_at, "
      "flags = excluded.flags, unsent = excluded.unsent, "
      "first_unsent_at = excluded.first_unsent_at, told_at = excluded.told_at",
      {state.register_key, static_cast<std::int64_t>(state.shift_state), state.shift,
       base::ToMillis(state.shift_opened_at), StoredFlags(state), state.unsent_1097.value_or(-1),
       StoredTime(state.first_unsent_1098), base::ToMillis(state.told_at)});
}

Result<std::vector<task::DeviceState>> SqlStore::DeviceStates() {
  using States = std::vector<task::DeviceState>;
  return Read<States>([](Connection& connection) -> Result<States> {
    States states;
    Result<std::int64_t> rows = connection.Run(
        "SELECT register, shift_state, shift, shift_opened_at, flags, unsent, first_unsent_at, "
        "told_at FROM register_state ORDER BY register",
        {}, [&](const Row& row) { states.push_back(DeviceFromRow(row)); });
    if (!rows) return rows.error();
    return states;
  });
}

Result<task::Task> SqlStore::OrderService(const task::NewTask& task, const std::string& who,
                                          const std::string& why) {
  return writer_.Call<task::Task>([&](Connection& connection) -> Result<task::Task> {
    Result<task::TaskSeq> seq = InsertTask(connection, dialect_.orders, task);
    if (!seq) return seq.error();
    if (*seq == 0) return Error{Code::kConflict, "there is such a task already"};
    Status noted = WriteAudit(connection, {who, "order service", task.id, why, task.accepted_at});
    if (noted.ok()) noted = BumpOperatorVersion(connection);
    if (!noted) return noted.error();
    Result<std::optional<task::Task>> made = ReadTask(connection, *seq);
    if (!made) return made.error();
    return std::move(**made);
  });
}

}  // namespace fiscalgate::store
