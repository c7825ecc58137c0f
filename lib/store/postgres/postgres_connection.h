// A connection to a PostgreSQL server, or to whichever of several can be written to.
//
// Statements are prepared once and kept; BEGIN travels with the first statement. When the server
// goes away, the transaction is over (kUnavailable), and the next one connects again: at once if
// that is possible, else its caller is told so without waiting long. A commit whose answer never
// came is never taken for done or not done: see Settle. One thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"
#include "lib/store/postgres/address.h"

namespace fiscalgate::store::postgres {

enum class Access {
  kWrite,    // groups, each with a mark that tells whether it was committed
  kRead,     // snapshots
  kMigrate,  // changes of the tables: as long as they take
};

struct Settings {
  // A statement that takes longer is stopped: for a writer that means a group that is refused.
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds lock_timeout{5'000};
  // A transaction that was left open: its locks are free after that.
  std::chrono::milliseconds idle_timeout{10'000};
  // Beyond that, without a word from the server, it is given up.
  std::chrono::milliseconds patience{15'000};
  // Between two attempts to connect; meanwhile all is refused at once.
  std::chrono::milliseconds reconnect_pause{200};
};

// Connects at once. Errors: kUnavailable (no server, none that can be written to, wrong password),
// kInvalid (too old, or not UTF-8).
base::Result<std::unique_ptr<Connection>> Connect(const Address& address, Access access,
                                                  const Settings& settings = {});

Dialect PostgresDialect();

}  // namespace fiscalgate::store::postgres
