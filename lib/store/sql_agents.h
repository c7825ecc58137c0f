// What the SQL of agents shares with that of dispatching and of registers. For the sql_*.cpp files
// only; inside the writer's transaction, but for the reads.
#pragma once

#include <string_view>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/store/connection.h"
#include "lib/store/outcome.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

// via, key and binding of each register; `registers` are in the order of their keys.
Status ReadAgentSettings(Connection& connection, const base::KeyRing& keys,
                         std::vector<task::Register>* registers);
// Errors: kConflict: another register has this key.
Status PutAgentSettings(Connection& connection, task::RegisterKey key, const task::Register& r,
                        const base::KeyRing& keys);

// Keeps what an agent said at the end of an attempt that somebody waited for. It is viewed.
void AddTold(task::TaskSeq seq, std::string_view lease, const Told& told, WallTime at, Trip* trip);
Result<ProofApplied> ApplyProof(Connection& connection, OutcomeWriter& outcomes,
                                const Proof& proof);
Status ReadEvidence(Connection& connection, TaskView* view);

}  // namespace fiscalgate::store
