// What the files of the Windows half share: texts of the system as UTF-8 and back. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace fiscalgate::agent::platform {

std::wstring Wide(std::string_view utf8);
std::string Narrow(std::wstring_view wide);
// What the system says about an error number.
std::string SystemError(unsigned long code);
std::string Reason(const std::string& what);  // with the last error

}  // namespace fiscalgate::agent::platform
