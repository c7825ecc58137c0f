// How the receipt is paid. Pure; any thread.
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
