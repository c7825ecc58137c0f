// Where a package stands in the line of its register. Pure; any thread.
#pragma once

#include "lib/protocol/bit/front.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol::bit {

// A buyer who gets money back waits at the counter: packages with a return (1054 = 2 or 4, or by
// card) go before sales.
task::Priority PriorityOf(const ReadPackageResult& package);

}  // namespace fiscalgate::protocol::bit
