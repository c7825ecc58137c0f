// The Retry-After header of an answer: seconds, or a date in one of the three forms of HTTP
// (RFC 9110, 5.6.7 and 10.2.3). Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace fiscalgate::callback {

// How long to wait from `now`; zero for a date that has passed. Empty: absent, or cannot be read.
std::optional<base::Milliseconds> ReadRetryAfter(std::string_view value, base::WallTime now);

}  // namespace fiscalgate::callback
