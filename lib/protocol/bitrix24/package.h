// A check of Bitrix24 as a package of the BIT dialect: one command with one receipt. Pure; any
// thread; the same check gives the same bytes.
#pragma once

#include <string>

#include "lib/ffd/tags.h"
#include "lib/protocol/bitrix24/check.h"
#include "lib/protocol/bitrix24/settings.h"

namespace fiscalgate::protocol::bitrix24 {

// Appends to `problems` what cannot be said in a receipt; then the text is empty. All rules of the
// fiscal document are for whoever reads the package.
std::string WritePackage(const Check& check, const Settings& settings, ffd::FfdVersion version,
                         Problems* problems);

}  // namespace fiscalgate::protocol::bitrix24
