// Marked goods of FFD 1.2. Pure; any thread.
//
// Sources: FFD 1.2, tags 1212, 1291, 2000, 2003, 2102, 2108; GS1 for the separator. One piece a
// code is said by API descriptions of providers; that subjects other than 30 and 32 have no code
// either is the gateway's choice.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Subjects 31 and 33 come with code, mode and status, all others without a code.
void CheckMarkingCode(const Context& context);
// 2003 says sold in a sale and returned in a return: a warning.
void CheckMarkingStatus(const Context& context);
// One code is one piece, or a part of one.
void CheckMarkedQuantity(const Context& context);
// 1291 stands with a code and 2108 = 0 only, its numerator below its denominator.
void CheckFraction(const Context& context);
// A code as long as one with a check part, but without the separator before it: a warning.
void CheckGroupSeparator(const Context& context);
// Every item of FFD 1.2 has a 2108.
void CheckUnit(const Context& context);

}  // namespace fiscalgate::ffd::rules
