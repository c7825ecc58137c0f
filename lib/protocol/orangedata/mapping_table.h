// What Orange Data calls the values of the fiscal document, and what it has no place for. Constant
// data; any thread.
#pragma once

#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::orangedata {

const MappingTable& Table();

// The rest that cannot be told there: a correction of FFD 1.05 has few fields, and there is one
// industry attribute of a receipt.
void CheckRest(const ffd::Receipt& receipt, ffd::FfdVersion version, const Mapping& mapping,
               const ExpressReport& report);

}  // namespace fiscalgate::protocol::orangedata
