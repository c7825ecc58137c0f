// What the answers of a driver tell of the register behind it: its shift, its fiscal drive, what
// it owes the OFD. By tag numbers, as everywhere in this protocol; nothing of it is documented, so
// what is not there is simply not known. Pure; any thread.
#pragma once

#include "lib/protocol/provider.h"

namespace fiscalgate::protocol::bit {

// Only what this attempt has done counts, not what was done before it.
task::DeviceNews NewsOf(const Work& work, const task::Outcome& outcome);

}  // namespace fiscalgate::protocol::bit
