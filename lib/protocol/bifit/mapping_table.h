// What BIFIT's fiscal processing calls the values of the fiscal document. Constant data; any
// thread.
#pragma once

#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::bifit {

const MappingTable& Table();

// The rest: a cashier's name is required, and payments must come to the total, since nothing says
// who would compute the change.
void CheckRest(const ffd::Receipt& receipt, ffd::FfdVersion version, const Mapping& mapping,
               const ExpressReport& report);

}  // namespace fiscalgate::protocol::bifit
