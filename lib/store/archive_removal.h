// What takes archived rows out of the store, in transactions that are short enough for those who
// work beside it. One thread.
#pragma once

#include <cstdint>
#include <functional>

#include "lib/store/archive_rows.h"
#include "lib/store/dialect.h"
#include "lib/store/trip.h"

namespace fiscalgate::store {

using base::Result;
using base::Status;

// Runs `work` in a transaction, again if others stood in its way.
Status InTransaction(Connection& connection, const std::function<Status()>& work);
// Between two transactions: the gateway's writer gets its turn.
void LetOthersIn();

// Rows of tasks that are over, one by one; once, in the caller's transaction.
class Removal {
 public:
  // `parts`: months are kept apart.
  Removal(const Dialect& dialect, bool parts);
  void Add(const TaskLine& line);
  // Errors: kConflict, with Retry::kAtOnce: a callback is replayed just now; those of the engine.
  Status Run(Connection& connection);

 private:
  const bool keeps_orders_, parts_;
  std::int64_t callbacks_ = 0, callbacks_gone_ = 0;
  Trip trip_;
};

// Events and callbacks of a month that tasks are numbered by, when its tasks are gone. `tell` hears
// how many rows are gone.
Status Sweep(Connection& connection, Month month, const std::function<void(std::int64_t)>& tell);

}  // namespace fiscalgate::store
