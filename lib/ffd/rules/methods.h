// How an item is paid for (1214), what it is (1212), and how the receipt is paid: which go
// together. Mostly warnings: registers take what makes no sense here. Pure; any thread.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

void CheckAdvance(const Context& context);
void CheckPrepayment(const Context& context);
void CheckCredit(const Context& context);
void CheckPaymentSubject(const Context& context);
void CheckExcise(const Context& context);
void CheckOrigin(const Context& context);

}  // namespace fiscalgate::ffd::rules
