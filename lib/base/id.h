// Public identifiers: 26 characters of Crockford base32 that hold 48 bits of milliseconds and 80
// random bits (the ULID layout), so that they cannot be guessed and yet are stored in the order
// they were made.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace fiscalgate::base {

inline constexpr std::size_t kIdLength = 26;

// Any thread. Aborts if the kernel has no randomness.
std::string NewId(WallTime now);

// Whether the text has the form of an id (length and alphabet). Says nothing of its existence.
bool LooksLikeId(std::string_view text);

// 16 bytes <-> 26 characters of Crockford base32 (lower case). Decode gives "" for anything else.
std::string EncodeBase32(std::string_view sixteen_bytes);
std::string DecodeBase32(std::string_view text);

}  // namespace fiscalgate::base
