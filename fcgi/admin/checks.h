// What an operator may type: each check gives Ok or kInvalid with a text that says what to do.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/decimal.h"
#include "lib/base/result.h"

namespace fiscalgate::admin {

base::Status CheckAccountId(std::string_view account_id);
base::Status CheckName(std::string_view name);
base::Status CheckCode(std::string_view code);
// Of a register or a bank terminal. With headers of 1.2 it is the name of a header.
base::Status CheckToken(std::string_view token);
base::Status CheckRegisterUrl(std::string_view url);
// "sha256//" and the base64 of 32 bytes; several joined by ';'.
base::Status CheckPin(std::string_view pin);
base::Status CheckOneOf(std::string_view option, std::string_view value,
                        std::initializer_list<std::string_view> allowed);
base::Status CheckRange(std::string_view option, std::int64_t value, std::int64_t min,
                        std::int64_t max);
// "90m", "2h", "45s", "1d" or "0", in seconds. Errors: kInvalid.
base::Result<int> ReadDuration(std::string_view option, std::string_view text, int max_s);
// "2026-11-21T13:15:00", the register's own time.
base::Status CheckFiscalTime(std::string_view time);

}  // namespace fiscalgate::admin
