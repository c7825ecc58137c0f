// How a server is set up and how it is: read from its own views, which show more to a user with the
// role pg_monitor. One thread.
#pragma once

#include "lib/store/checkup.h"
#include "lib/store/connection.h"

namespace fiscalgate::store::postgres {

// Through a connection that may write; it commits a few times, to see how long that takes.
Result<ServerFacts> ReadServerFacts(Connection& connection);

std::string LibraryVersion();  // "libpq 15.6"

}  // namespace fiscalgate::store::postgres
