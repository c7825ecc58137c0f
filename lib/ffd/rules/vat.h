// VAT rates by date and regime, and VAT sums. Pure; any thread.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Replaces rates that are over where the shop asks for it, and says so. The one rule that changes
// the receipt: it runs before the others.
void ReplaceRates(Receipt* receipt, const CheckOptions& options, const Report& report);

void CheckRateDates(const Context& context);
void CheckRateTaxation(const Context& context);
void CheckItemVat(const Context& context);
void CheckReceiptVat(const Context& context);

}  // namespace fiscalgate::ffd::rules
