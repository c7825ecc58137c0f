// Correction receipts: 1173 and 1174. Pure; any thread.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Type, basis, date, and the number of the order where there is one.
void CheckCorrectionBasis(const Context& context);
// Items stand in it since FFD 1.2 only, and all four operations.
void CheckCorrectionForm(const Context& context);

}  // namespace fiscalgate::ffd::rules
