// Agents: what 1222 asks for. Pure; any thread.
//
// Sources: FFD, the groups 1223 and 1224 by the agent's kind. That 1224 must stand with 1222 is
// said by API descriptions of providers, not by FFD. Each fault's own source is in fault_table.cpp.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// 1222 has one bit (else a warning: FFD allows several), and stands where there are data of an
// agent or a supplier; 1226 and 1224 stand with it.
void CheckAgentType(const Context& context);
void CheckSupplier(const Context& context);
// What 1223 holds follows from the agent's kind: all of a bank's agent, the phones of a paying
// agent, nothing of the others.
void CheckAgentData(const Context& context);

}  // namespace fiscalgate::ffd::rules
