// A slip of the virtual terminal <-> its line in the journal. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/register/virtual_terminal.h"

namespace fiscalgate::register_ {

std::string WriteSlipLine(const Slip& slip);
// Empty: not such a line.
std::optional<Slip> ReadSlipLine(std::string_view line);

}  // namespace fiscalgate::register_
