#include "lib/store/month.h"

#include <charconv>

namespace fiscalgate::store {

static_assert(kFirstSeqWithMonth == 68'719'476'736);  // of FG_MONTH_OF

Month MonthAt(base::WallTime time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return static_cast<int>(day.year()) * Month{12} + static_cast<unsigned>(day.month()) - 1;
}

base::WallTime BeginOf(Month month) {
  const std::chrono::year year{static_cast<int>(month / 12)};
  const std::chrono::month in_year{static_cast<unsigned>(month % 12 + 1)};
  return std::chrono::sys_days{year / in_year / 1};
}

std::string MonthName(Month month) {
  const std::string number = std::to_string(month % 12 + 1);
  return std::to_string(month / 12) + (number.size() == 1 ? "-0" : "-") + number;
}

std::optional<Month> MonthNamed(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  const auto read = [](std::string_view digits) -> int {
    int number = -1;
    const auto [stop, fault] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return fault == std::errc() && stop == digits.data() + digits.size() ? number : -1;
  };
  const int year = read(text.substr(0, 4)), month = read(text.substr(5));
  if (year < 1970 || month < 1 || month > 12) return std::nullopt;
  return year * Month{12} + month - 1;
}

Month MonthOf(task::TaskSeq seq, base::WallTime accepted_at) {
  return seq < kFirstSeqWithMonth ? MonthAt(accepted_at) : seq >> kMonthBits;
}

}  // namespace fiscalgate::store
