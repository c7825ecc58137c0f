// The taxation regime. Pure; any thread. That it is one is checked when it is read.
//
// Sources: FFD, tags 1055 and 1062; error 143 of the 1C driver; regime 8 ended with 2020.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// One of those the register is registered for, and not one that is abolished.
void CheckTaxation(const Context& context);

}  // namespace fiscalgate::ffd::rules
