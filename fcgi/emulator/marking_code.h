// Whether a text could be a marking code (tag 2000): its form only; nobody is asked. Pure.
#pragma once

#include <string_view>

namespace fiscalgate::emulator {

// Plain or base64. A GS1 code (01 + 14 digits + 21 + serial number), or a tobacco code (14 digits
// and 15 further characters).
bool LooksLikeMarkingCode(std::string_view text);

}  // namespace fiscalgate::emulator
