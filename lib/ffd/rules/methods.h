// How an item is paid for (1214), what it is (1212), and how the receipt is paid: which go
// together. Warnings only: registers take what makes no sense here. Pure; any thread.
//
// Sources: the official meaning of the numbers of 1212 and 1214; error 147 of the 1C driver for
// excise. That a customs declaration asks for a foreign origin is the gateway's choice.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// An advance (1214 = 3) is a payment (1212 = 10).
void CheckAdvance(const Context& context);
// A receipt of prepayments only (1214 = 1, 2, 3) is paid in money, and offsets nothing (1215).
void CheckPrepayment(const Context& context);
// What is given on credit (1214 = 5, 6) goes with 1216; a repayment (1214 = 7) is a payment in
// money.
void CheckCredit(const Context& context);
// A payment (1212 = 10) is no full settlement (1214 = 4) and not given on credit.
void CheckPaymentSubject(const Context& context);
// 1229 only for excisable goods (1212 = 2, 30, 31).
void CheckExcise(const Context& context);
// 1231 asks for a foreign 1230.
void CheckOrigin(const Context& context);

}  // namespace fiscalgate::ffd::rules
