// Marked goods of FFD 1.2. Pure; any thread.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Subjects 31 and 33 come with code, mode and status, all others without a code.
void CheckMarkingCode(const Context& context);
void CheckMarkingStatus(const Context& context);
// One code is one piece, or a part of one.
void CheckMarkedQuantity(const Context& context);
void CheckFraction(const Context& context);
void CheckGroupSeparator(const Context& context);
void CheckUnit(const Context& context);

}  // namespace fiscalgate::ffd::rules
