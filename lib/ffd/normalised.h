// A receipt in one fixed form, whatever dialect it came in: usual keys, sums filled in, texts as
// the buyer will see them, what was mended or replaced as it is now. Reading it again gives the
// same receipt, so a shop may post it as it is. Pure; any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

// One object: {"receiptType_1054": 1, ..., "purchases": [...], "payments": {...}}. Money and
// quantities are numbers with a point.
void WriteNormalisedReceipt(const Receipt& receipt, base::JsonWriter* writer);

}  // namespace fiscalgate::ffd
