// A receipt in one fixed form, whatever dialect it came in: usual keys, sums filled in, texts
// without blanks around them. Reading it again gives the same receipt. Pure; any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/tlv.h"
#include "lib/ffd/totals.h"

namespace fiscalgate::ffd {

// One object: {"receiptType_1054": 1, ..., "purchases": [...], "payments": {...}}.
void WriteNormalisedReceipt(const Receipt& receipt, base::JsonWriter* writer);

// {"total_1020": 11.00, "vat": [{"rate_1199": 1, "title": "20 %", "turnover": 11.00, "vat": 1.83,
// "tag": 1102}]}; "tag" is where a register puts the sum.
void WriteTotals(const Totals& totals, base::JsonWriter* writer);

// {"document": 412, "largest_item": 120, "document_limit": 32768, "item_limit": 1024}
void WriteTlvSize(const TlvSize& size, base::JsonWriter* writer);

}  // namespace fiscalgate::ffd
