#include "lib/callback/retry_after.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "lib/base/text.h"

namespace fiscalgate::callback {
namespace {

constexpr std::int64_t kLongestS = 366 * 24 * 3600;  // keeps the sum of times in range

std::optional<std::int64_t> ReadSeconds(std::string_view text) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stop != end || seconds < 0) return std::nullopt;
  return std::min(seconds, kLongestS);
}

std::optional<std::int64_t> ReadDate(std::string_view text) {
  const std::string date(text);
  for (const char* form :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* stop = strptime(date.c_str(), form, &parts);
    if (stop == date.c_str() + date.size()) return timegm(&parts);
  }
  return std::nullopt;
}

}  // namespace

std::optional<base::Milliseconds> ReadRetryAfter(std::string_view value, base::WallTime now) {
  const std::string_view text = base::Trim(value);
  if (text.empty()) return std::nullopt;
  if (const auto seconds = ReadSeconds(text)) return std::chrono::seconds(*seconds);
  const auto date = ReadDate(text);
  if (!date) return std::nullopt;
  const std::int64_t ahead = *date - base::ToMillis(now) / 1000;
  return std::chrono::seconds(std::clamp<std::int64_t>(ahead, 0, kLongestS));
}

}  // namespace fiscalgate::callback
