// How the receipt is paid. Pure; any thread.
//
// Sources: FFD, tags 1031, 1081, 1215-1217; errors 052 and 066 of the 1C driver. That cash is zero
// when the rest covers the total is one provider's rule, that the details of 1234 add up the
// gateway's choice: both warnings.
#pragma once

#include "lib/ffd/receipt.h"
#include "lib/ffd/rules/context.h"
#include "lib/ffd/rules/report.h"

namespace fiscalgate::ffd::rules {

// Payments cover the total; the excess is change, and comes from cash only. With `lenient` what
// differs is a warning.
void CheckPayments(const Receipt& receipt, bool lenient, const Report& report);

// Cash that would all be change; the details of cashless payments.
void CheckPaymentDetails(const Context& context);

}  // namespace fiscalgate::ffd::rules
