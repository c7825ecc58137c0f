// What there is to archive, month by month, and what keeps it. On a connection of the caller's; one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/store/archive_rows.h"
#include "lib/store/holds.h"
#include "lib/store/month.h"

namespace fiscalgate::store {

struct MonthStock {
  Month month = 0;
  std::int64_t tasks = 0;
  // What keeps it here.
  std::int64_t live = 0, callbacks = 0;
  std::vector<LegalHold> holds;
  bool may_go() const { return live == 0 && callbacks == 0 && holds.empty(); }
};

// `parts`: months are kept apart.
// The months before that one with tasks in them, the oldest first. Reads all that it counts.
Result<std::vector<MonthStock>> CountStock(Connection& connection, bool parts, Month before);

std::vector<Slice> SlicesOf(Month month, bool parts);
Result<bool> HasTasks(Connection& connection, Month month, bool parts);
Result<bool> HasTasks(Connection& connection, Slice slice);

// Errors of both: kConflict. The first is quick where tasks are numbered by months.
Status NothingLives(Connection& connection, Slice slice);
Status NothingWaits(Connection& connection, Slice slice, bool parts);

}  // namespace fiscalgate::store
