// What an old copy of a store must not be believed: that nothing was printed since it was made.
#pragma once

#include <string>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

struct RestoredFrom {
  WallTime taken_at;
  std::string who;  // for the audit trail
  WallTime now;
};

// Every task that was to be sent, was being sent or was waited for becomes unknown: it may have
// been printed after the copy was made. Nothing that was known of its attempts then proves that it
// was not: it has one attempt more, of which nobody can say how it ended but the register itself
// and an operator. Keys of events go on far beyond those that shops may have seen meanwhile.
//
// Inside the caller's transaction, while no gateway runs. Gives the number of tasks.
Result<std::int64_t> DistrustCopy(Connection& connection, const Dialect& dialect,
                                  const ResultWriter& write_result, const RestoredFrom& from);

}  // namespace fiscalgate::store
