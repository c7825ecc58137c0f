// Reads one item (tag 1059) of a receipt. Pure; any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/path.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

// Appends the item's faults. True if its sum is known, so that it can be added up.
bool ReadItem(const base::JsonValue& value, const Path& path, FaultSink& sink, Item* item);

}  // namespace fiscalgate::ffd
