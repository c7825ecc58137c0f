// How a portal learns of the gateway: the call of sale.cashbox.handler.add, and a
// sale.cashbox.add to go with it, as JSON. Pure; any thread.
#pragma once

#include <string>

#include "lib/task/directory.h"

namespace fiscalgate::protocol::bitrix24 {

inline constexpr std::string_view kPrintPath = "/api/bitrix24/print";
inline constexpr std::string_view kCheckPath = "/api/bitrix24/check";
inline constexpr std::string_view kHandlerCode = "fiscalgate";

// The parameters of sale.cashbox.handler.add: the addresses, and what the portal is to ask its
// owner for. Holds no secret. Only regimes that the register is registered with are offered.
std::string HandlerCall(const std::string& public_url, const task::Register& register_);

// The parameters of sale.cashbox.add with what that owner would enter; the integrity code and the
// token only if they are revealed.
std::string CashboxCall(const task::Shop& shop, const task::Register& register_, bool reveal);

}  // namespace fiscalgate::protocol::bitrix24
