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
#define FG_FIRST_IN_FLIGHT                                                         \
  "coalesce((SELECT f.seq FROM task f WHERE f.state IN (1, 2, 3) AND f.state = 1 " \
  "AND f.register = $1 ORDER BY f.seq LIMIT 1), (SELECT f.seq FROM task f "        \
  "WHERE f.state IN (1, 2, 3) AND f.state = 2 AND f.register = $1 ORDER BY f.seq LIMIT 1))"
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
// As many as are asked for; what to select comes before.
#define FG_QUEUED_TASKS \
  " FROM task t WHERE t.state = 0 AND t.register = $1 ORDER BY t.priority, t.seq LIMIT $2"
#define FG_DUE_CONVERSATIONS                                                \
  " FROM task t WHERE t.due_at > 0 AND t.register = $1 AND t.due_at <= $2 " \
  "ORDER BY t.due_at LIMIT $3"
#define FG_NEXT_CONVERSATION                                            \
  "SELECT t.due_at FROM task t WHERE t.due_at > 0 AND t.register = $1 " \
  "AND t.due_at > $2 ORDER BY t.due_at LIMIT 1"

Status ApplyServices(Connection& connection, const std::vector<ServiceOrder>& services,
                     DispatchApplied* applied);
Status ApplyMoves(Connection& connection, const std::vector<Move>& moves, DispatchApplied* applied);

// The attempt is over and failed, the task is queued again. False: it has changed meanwhile.
Result<bool> RepeatLater(Connection& connection, OutcomeWriter& outcomes, const task::Task& task,
                         const Conclusion& conclusion);

// Also takes the task of a conversation: Begin is a claim.
Result<bool> ApplyClaim(Connection& connection, const Claim& claim);
Result<bool> ApplyConclusion(Connection& connection, OutcomeWriter& outcomes,
                             const Conclusion& conclusion);
Status ApplyHold(Connection& connection, const Hold& hold);
// Every conversation is due: whatever it waited for may have come while nobody listened.
Status HastenAll(Connection& connection, WallTime now);

// Applies `apply` to each entry and keeps the flags; the first error ends it.
template <typename Entry, typename Apply>
Status ForEach(const std::vector<Entry>& entries, std::vector<bool>* flags, const Apply& apply) {
  for (const Entry& entry : entries) {
    Result<bool> applied = apply(entry);
    if (!applied) return applied.error();
    flags->push_back(*applied);
  }
  return base::Ok();
}

Status KeepDeviceState(Connection& connection, const task::DeviceState& state);

}  // namespace fiscalgate::store
