// What makes up a lane beyond its tasks' own ends: who stands first in it, tasks that move to
// another register or are sent once more, the gateway's own tasks, what registers tell of
// themselves. Shared by the sql_*.cpp files; writes are inside the writer's transaction.
#pragma once

#include <vector>

#include "lib/store/connection.h"
#include "lib/store/outcome.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

// The first of the lane $1 of each kind, each found by one step into an index: the conditions are
// those of the partial indexes, to the word.
#define FG_FIRST_IN_FLIGHT                                                      \
  "(SELECT f.seq FROM task f WHERE f.state IN (1, 2, 3) AND f.state IN (1, 2) " \
  "AND f.register = $1 ORDER BY f.seq LIMIT 1)"
#define FG_FIRST_UNKNOWN                                                  \
  "(SELECT f.seq FROM task f WHERE f.state IN (1, 2, 3) AND f.state = 3 " \
  "AND f.register = $1 ORDER BY f.seq LIMIT 1)"
// The gateway's own is never passed: repeating it settles it. The plus keeps the planner from the
// index of all open tasks.
#define FG_FIRST_UNKNOWN_SERVICE                                                          \
  "(SELECT f.seq FROM task f WHERE f.shop = 0 AND f.state IN (1, 2, 3) AND +f.state = 3 " \
  "AND f.register = $1 ORDER BY f.seq LIMIT 1)"
#define FG_FIRST_QUEUED                                              \
  "(SELECT f.seq FROM task f WHERE f.state = 0 AND f.register = $1 " \
  "ORDER BY f.priority, f.seq LIMIT 1)"

Status ApplyServices(Connection& connection, const std::vector<ServiceOrder>& services,
                     DispatchApplied* applied);
Status ApplyMoves(Connection& connection, const std::vector<Move>& moves, DispatchApplied* applied);

// The attempt is over and failed, the task is queued again. False: it has changed meanwhile.
Result<bool> RepeatLater(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                         const Conclusion& conclusion);

Status KeepDeviceState(Connection& connection, const task::DeviceState& state);

}  // namespace fiscalgate::store
