// A receipt as a register would store it, as JSON with the usual keys: what was left out is filled
// in, what was mended or replaced is so here. Money and quantities are numbers with a point. Pure;
// any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

// One object.
void WriteNormalForm(const Receipt& receipt, FfdVersion version, base::JsonWriter* writer);

}  // namespace fiscalgate::ffd
