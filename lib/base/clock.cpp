#include "lib/base/clock.h"

#include <cstdio>

namespace fiscalgate::base {

WallTime SystemClock::Now() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

MonoTime SystemClock::Mono() const {
  return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now());
}

std::string FormatUtc(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<Milliseconds> clock(time - day);
  char text[64];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace fiscalgate::base
