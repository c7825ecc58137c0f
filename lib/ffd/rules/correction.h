// Correction receipts: 1173 and 1174. Pure; any thread.
//
// Sources: FFD 1.05 and 1.2, the tables of the correction receipt. That 1.05 knows only sale and
// expense, and no items, is said by an API description of a provider.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Type, basis, date (a day without a time, not in the future), and the number of the order where
// there is one.
void CheckCorrectionBasis(const Context& context);
// Items stand in it since FFD 1.2 only, and all four operations.
void CheckCorrectionForm(const Context& context);

}  // namespace fiscalgate::ffd::rules
