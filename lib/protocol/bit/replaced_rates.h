// A shop may let VAT rates that are no longer valid be replaced: the receipt's check does that in
// the receipt; here it is done in the text that goes to the register. Pure; any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"
#include "lib/protocol/bit/text_edits.h"

namespace fiscalgate::protocol::bit {

// `data` is the receipt as posted, `receipt` what the check made of it. Gives an edit for every
// rate that differs, and for the VAT sums that follow from it: 1200 of the item, 1102 and 1106 of
// the receipt.
void EditReplacedRates(const base::JsonValue& data, const ffd::Receipt& receipt, TextEdits* edits);

}  // namespace fiscalgate::protocol::bit
