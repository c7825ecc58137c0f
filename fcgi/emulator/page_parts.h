// Pieces of the emulators' pages for people, without scripts. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fcgi/emulator/faults.h"
#include "lib/http/message.h"

namespace fiscalgate::emulator {

std::string Escape(std::string_view text);
// Up to and with the headline.
std::string PageHead(std::string_view title);
// A flat JSON object as a table. It was written here: not to be called with what came from outside.
std::string PageTable(const std::string& json);
std::string FaultRules(const FaultBox& box);
std::string FaultForm(std::span<const FaultKind> kinds);
http::Response PageResponse(std::string page);

}  // namespace fiscalgate::emulator
