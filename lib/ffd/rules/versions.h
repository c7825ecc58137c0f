// Which tags the FFD version has, which it asks for, and which are the register's own. Pure; any
// thread.
//
// Sources: FFD, the tables of obligation of 1.05 and 1.2; those of 1.1 are known in part, and what
// is not known is not asked for (lib/ffd/tags.cpp).
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// Tags the version does not have, and subjects of 1.2 in an older one.
void CheckVersion(const Context& context);
// What must stand in a group that is given.
void CheckGroupsAreWhole(const Context& context);
// Tags the register fills: what was posted will not be sent.
void CheckRegistersOwnTags(const Context& context);

}  // namespace fiscalgate::ffd::rules
