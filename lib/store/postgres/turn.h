// The turn at a store on a server: a transaction that is left open and has done nothing but take a
// lock. A transaction, for a pooler gives no more; it holds up no vacuum.
#pragma once

#include <memory>

#include "lib/store/postgres/address.h"
#include "lib/store/turn.h"

namespace fiscalgate::store::postgres {

// Errors: kConflict: somebody has it; those of connecting.
base::Result<std::unique_ptr<Turn>> TakeTurn(const Address& address);

}  // namespace fiscalgate::store::postgres
