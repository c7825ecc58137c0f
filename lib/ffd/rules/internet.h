// Settlements in the internet and by machines. Pure; any thread.
//
// Sources: FFD in force since 2025-09-01, tag 1125, as the tax service's letters explain it; API
// descriptions of providers for vending machines (1036), hence only a warning.
#pragma once

#include <string_view>

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

// "https://shop.example/x", "shop.example", also in Cyrillic.
bool IsSiteAddress(std::string_view text);

// 1125 = 1 asks for the site (1187) and the buyer's contact (1008).
void CheckInternet(const Context& context);
// 1036 asks for the address and the place.
void CheckAutomat(const Context& context);

}  // namespace fiscalgate::ffd::rules
