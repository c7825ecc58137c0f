// The bodies that Orange Data answers with, and what its requests have in common. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/cloud/ledger.h"
#include "fcgi/emulator/orangedata/document.h"
#include "lib/http/message.h"
#include "lib/register/virtual_register.h"

namespace fiscalgate::emulator::orangedata {

// The segment `from_end` from the end of the path, 0 is the last; decoded.
std::string Segment(std::string_view path, int from_end);
bool IsJson(const http::Request& request);

http::Response Empty(int status);
http::Response Errors(int status, const std::vector<std::string>& errors);

// The 200 of a printed document, with its content as it was posted.
std::string PrintedBody(const cloud::Record& record, const register_::Printed& printed,
                        std::string_view company);
// The 422: marking codes that were refused; `words` stand in each verdict.
std::string MarkingBody(const std::vector<MarkedItem>& items, std::string_view words);
std::string DevicesBody(const std::string& serial, const std::string& group);
// Of a device, made from its fiscal drive.
std::string SerialOf(const std::string& fn_1041);

}  // namespace fiscalgate::emulator::orangedata
