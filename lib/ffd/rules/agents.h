// Agents: what 1222 asks for. Pure; any thread.
#pragma once

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// 1222 has one bit, and stands where there are data of an agent or a supplier; 1226 and 1224 stand
// with it.
void CheckAgentType(const Context& context);
void CheckSupplier(const Context& context);
// What 1223 holds follows from the agent's kind: all of a bank's agent, the phones of a paying
// agent, nothing of the others.
void CheckAgentData(const Context& context);

}  // namespace fiscalgate::ffd::rules
