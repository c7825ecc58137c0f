// Dates as receipts write them. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace fiscalgate::ffd {

// A day of the place of settlement.
using Day = std::chrono::sys_days;

struct DateTime {
  Day day;
  int seconds = 0;  // of that day
};

// "21.11.2026", "2026-11-21", either with "T" or a space and "HH:MM" or "HH:MM:SS" behind it and a
// zone after that (which is read and not applied), or seconds since 1970.
std::optional<DateTime> ParseDate(std::string_view text);

constexpr Day MakeDay(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}
// Tag 1011: 1 is UTC+2; 0, not given, is taken for Moscow.
Day DayIn(base::WallTime time, int zone_1011);

std::string FormatDay(Day day);  // "21.11.2026"

}  // namespace fiscalgate::ffd
