// VAT rates by date and regime, and VAT sums. Pure; any thread.
//
// Sources: Tax Code, article 164 (20 % until 2025-12-31, 22 % from 2026-01-01; 5 and 7 % from
// 2025-01-01 for the simplified regimes); FFD, tags 1102-1107, 1199, 1200; error 128 of the 1C
// driver. That an old rate stays right in returns and in corrections of earlier sales is how the
// gateway reads the law. The rates themselves: totals.cpp.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Replaces rates that are over where the shop asks for it, and says so. The one rule that changes
// the receipt: it runs before the others.
void ReplaceRates(Receipt* receipt, const CheckOptions& options, const Report& report);

// Valid on the receipt's day, or on the day of the sale that is corrected.
void CheckRateDates(const Context& context);
// 5 and 7 % only with 1055 = 2 or 4.
void CheckRateTaxation(const Context& context);
// A given 1200 is that of the rate, within a kopeck.
void CheckItemVat(const Context& context);
// Given 1102 to 1107 are those of the items, within a kopeck an item.
void CheckReceiptVat(const Context& context);

}  // namespace fiscalgate::ffd::rules
