#include "lib/ffd/dates.h"

#include <charconv>
#include <cstdio>

namespace fiscalgate::ffd {
namespace {

constexpr int kSecondsInDay = 86'400;
constexpr int kMoscowZone = 2, kHoursBeforeZone = 1;

// Takes `digits` digits from the front.
bool Take(std::string_view* text, std::size_t digits, int* out) {
  if (text->size() < digits) return false;
  const char* const begin = text->data();
  for (std::size_t i = 0; i < digits; ++i) {
    if (begin[i] < '0' || begin[i] > '9') return false;
  }
  std::from_chars(begin, begin + digits, *out);
  text->remove_prefix(digits);
  return true;
}

bool Skip(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

bool TakeDay(std::string_view* text, int* year, int* month, int* day) {
  std::string_view rest = *text;
  const bool is_russian = Take(&rest, 2, day) && Skip(&rest, '.') && Take(&rest, 2, month) &&
                          Skip(&rest, '.') && Take(&rest, 4, year);
  if (!is_russian) {
    rest = *text;
    if (!Take(&rest, 4, year) || !Skip(&rest, '-') || !Take(&rest, 2, month) || !Skip(&rest, '-') ||
        !Take(&rest, 2, day)) {
      return false;
    }
  }
  *text = rest;
  return true;
}

// "Z", "+03:00", "+0300" or nothing.
bool IsZone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  int hours = 0, minutes = 0;
  if (!Skip(&text, '+') && !Skip(&text, '-')) return false;
  if (!Take(&text, 2, &hours)) return false;
  Skip(&text, ':');
  return Take(&text, 2, &minutes) && text.empty();
}

bool TakeTime(std::string_view text, int* seconds) {
  if (text.empty()) return true;
  int hour = 0, minute = 0, second = 0;
  if (!Skip(&text, 'T') && !Skip(&text, ' ')) return false;
  if (!Take(&text, 2, &hour) || !Skip(&text, ':') || !Take(&text, 2, &minute)) return false;
  if (Skip(&text, ':') && !Take(&text, 2, &second)) return false;
  if (Skip(&text, '.')) {
    const std::size_t end = text.find_first_not_of("0123456789");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  if (hour > 23 || minute > 59 || second > 59 || !IsZone(text)) return false;
  *seconds = (hour * 60 + minute) * 60 + second;
  return true;
}

std::optional<DateTime> FromSeconds(std::string_view text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  constexpr std::int64_t kMaxTime = 0xFFFFFFFF;  // four bytes
  if (read.ec != std::errc() || read.ptr != end || seconds < 0 || seconds > kMaxTime) return {};
  return DateTime{Day(std::chrono::days(seconds / kSecondsInDay)),
                  static_cast<int>(seconds % kSecondsInDay)};
}

}  // namespace

std::optional<DateTime> ParseDate(std::string_view text) {
  int year = 0, month = 0, day = 0;
  DateTime out;
  std::string_view rest = text;
  if (!TakeDay(&rest, &year, &month, &day)) return FromSeconds(text);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || !TakeTime(rest, &out.seconds)) return {};
  out.day = Day(date);
  return out;
}

Day DayIn(base::WallTime time, int zone_1011) {
  const int zone = zone_1011 == 0 ? kMoscowZone : zone_1011;
  return std::chrono::floor<std::chrono::days>(time + std::chrono::hours(zone + kHoursBeforeZone));
}

std::string FormatDay(Day day) {
  const std::chrono::year_month_day date(day);
  char text[16];
  std::snprintf(text, sizeof text, "%02u.%02u.%04d", static_cast<unsigned>(date.day()),
                static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
  return text;
}

}  // namespace fiscalgate::ffd
