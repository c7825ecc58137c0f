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
// those of the partial indexes, to the word. `month = 0`, as a literal, keeps a plan to the live
// tasks where months are kept apart.
#define FG_FIRST_IN_FLIGHT                                                                  \
  "coalesce((SELECT f.seq FROM task f WHERE f.month = 0 AND f.state IN (1, 2, 3) "          \
  "AND f.state = 1 AND f.register = $1 ORDER BY f.seq LIMIT 1), (SELECT f.seq FROM task f " \
  "WHERE f.month = 0 AND f.state IN (1, 2, 3) AND f.state = 2 AND f.register = $1 "         \
  "ORDER BY f.seq LIMIT 1))"
#define FG_FIRST_UNKNOWN                                                                  \
  "(SELECT f.seq FROM task f WHERE f.month = 0 AND f.state IN (1, 2, 3) AND f.state = 3 " \
  "AND f.register = $1 ORDER BY f.seq LIMIT 1)"
// The gateway's own is never passed: repeating it settles it. The plus keeps the planner from the
// index of all open tasks.
#define FG_FIRST_UNKNOWN_SERVICE                                                         \
  "(SELECT f.seq FROM task f WHERE f.month = 0 AND f.shop = 0 AND f.state IN (1, 2, 3) " \
  "AND +f.state = 3 AND f.register = $1 ORDER BY f.seq LIMIT 1)"
#define FG_FIRST_QUEUED                                                              \
  "(SELECT f.seq FROM task f WHERE f.month = 0 AND f.state = 0 AND f.register = $1 " \
  "ORDER BY f.priority, f.seq LIMIT 1)"
// The same beyond $2, $3, $4 of the three priorities: rows that were claimed there lately, and are
// not cleaned up yet, are not walked over.
#define FG_FIRST_QUEUED_OF(priority, after)                                          \
  "(SELECT f.seq FROM task f WHERE f.month = 0 AND f.state = 0 AND f.register = $1 " \
  "AND f.priority = " priority " AND f.seq > " after " ORDER BY f.seq LIMIT 1)"
#define FG_NEXT_QUEUED          \
  FG_FIRST_QUEUED_OF("0", "$2") \
  ", " FG_FIRST_QUEUED_OF("1", "$3") ", " FG_FIRST_QUEUED_OF("2", "$4")
// As many as are asked for; what to select comes before.
#define FG_QUEUED_TASKS                                                 \
  " FROM task t WHERE t.month = 0 AND t.state = 0 AND t.register = $1 " \
  "ORDER BY t.priority, t.seq LIMIT $2"
#define FG_DUE_CONVERSATIONS                                             \
  " FROM task t WHERE t.month = 0 AND t.due_at > 0 AND t.register = $1 " \
  "AND t.due_at <= $2 ORDER BY t.due_at LIMIT $3"
#define FG_NEXT_CONVERSATION                                                            \
  "SELECT t.due_at FROM task t WHERE t.month = 0 AND t.due_at > 0 AND t.register = $1 " \
  "AND t.due_at > $2 ORDER BY t.due_at LIMIT 1"

// `orders`: Dialect::orders.
Status ApplyServices(Connection& connection, const std::string& orders,
                     const std::vector<ServiceOrder>& services, DispatchApplied* applied);
Status ApplyMoves(Connection& connection, const std::vector<Move>& moves, DispatchApplied* applied);

// All in two trips: the tasks, then the attempts of those that were still to be had. A claim for a
// conversation is due at once.
enum class ClaimFor { kAttempt, kConversation };
Status ApplyClaims(Connection& connection, const std::vector<Claim>& claims, ClaimFor what,
                   std::vector<bool>* granted);
Status ApplyHolds(Connection& connection, const std::vector<Hold>& holds);
// What one node left in mid-flight becomes unknown; conversations go on under a new lease.
Status RecoverLane(Connection& connection, OutcomeWriter& outcomes, task::RegisterKey lane,
                   WallTime now, std::vector<task::TaskSeq>* unknown);
// Every conversation is due: whatever it waited for may have come while nobody listened.
Status HastenAll(Connection& connection, WallTime now);

void AddDeviceState(const task::DeviceState& state, Trip* trip);

}  // namespace fiscalgate::store
