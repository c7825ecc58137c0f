// The sums of items and of the receipt. Pure; any thread.
//
// Sources: FFD, tags 1020 (whose kopecks may be dropped), 1023, 1043, 1079; the kopeck of tolerance
// is that of firmware of registers. Half up is seen in real receipts and nowhere written: the
// gateway's choice. Limits: lib/ffd/profile.h.
#pragma once

#include "lib/base/decimal.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/rules/context.h"
#include "lib/ffd/rules/report.h"

namespace fiscalgate::ffd::rules {

// 1043 and 1079 x 1023: what registers compute may differ by a kopeck from what shops do.
bool SumsAgree(base::Money given, base::Money product);
// Whether the items' sum is one a register can hold.
bool TotalFits(const Receipt& receipt, const Report& report);
// 1020 is the items' sum, or that sum without its kopecks.
bool GivenTotalFits(base::Money given, base::Money sum);
void CheckGivenTotal(const Receipt& receipt, const Report& report);

// Sums, quantities and items within what the provider takes.
void CheckLimits(const Context& context);

}  // namespace fiscalgate::ffd::rules
