// Small readers of what providers answer: texts, numbers and sums that may come as either JSON
// type, headers, errors cut to a length that may be kept. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/decimal.h"
#include "lib/base/json.h"
#include "lib/http/message.h"

namespace fiscalgate::protocol {

// A text or the literal of a number; "" for anything else.
std::string_view ScalarText(const base::JsonValue* value);
// A whole number from 0 on, as a number or a text of digits.
std::optional<std::int64_t> WholeNumber(const base::JsonValue* value);
// Roubles; nothing below zero.
std::optional<base::Money> Roubles(const base::JsonValue* value);
// 1 to `max` digits, else "".
std::string DigitsOf(const base::JsonValue* value, std::size_t max);
// "2026-11-21T13:15:00" of that or of the same with a fraction or a zone behind it; else "".
std::string LocalTime(std::string_view text);
// At most kMaxErrorBytes, without control characters, without card numbers.
std::string KeptText(std::string_view text);
// Of a web server on the way, not of the provider, whose answers are JSON, texts or nothing.
bool IsWebPage(std::string_view body);
// Retry-After in seconds, at most a day. Dates are not read.
std::optional<std::chrono::seconds> RetryAfter(const http::Headers& headers);

}  // namespace fiscalgate::protocol
