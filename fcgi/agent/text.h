// Small work on texts: trimming, numbers, percent-encoding. Any thread. What cannot be read is an
// empty optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fiscalgate::agent {

std::string_view Trim(std::string_view text);
std::string Lower(std::string_view text);  // ASCII
bool EqualNoCase(std::string_view a, std::string_view b);

// Digits only, at most `max`.
std::optional<std::int64_t> ParseNumber(std::string_view text, std::int64_t max);

// For texts in headers: what is not visible ASCII, and '%', becomes %XX.
std::string PercentEncode(std::string_view text);

// At most `limit` bytes, cut between two UTF-8 characters.
std::string_view Shorten(std::string_view text, std::size_t limit);

// [A-Za-z0-9_-], 1 to 64 of them. Leases are such, and nothing else gets into a journal or a
// header.
bool IsLease(std::string_view text);
// Visible ASCII without a comma, at most 200.
bool IsTurn(std::string_view text);

// 16 random bytes as 26 characters a-z2-7.
std::string Base32(std::string_view bytes);

// IMF-fixdate, as in "Sun, 06 Nov 1994 08:49:37 GMT", as milliseconds since 1970.
std::optional<std::int64_t> ParseHttpDate(std::string_view text);
// 2024-05-01T12:00:00Z
std::string UtcStamp(std::int64_t wall_ms);

}  // namespace fiscalgate::agent
