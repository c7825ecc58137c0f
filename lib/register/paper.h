// The paper of a virtual device: lines of 48 or 32 columns, UTF-8. Text from outside is made
// harmless (control characters become spaces) and wrapped. Plain value.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace fiscalgate::register_ {

class Paper {
 public:
  static constexpr std::size_t kColumns = 48, kNarrowColumns = 32;
  explicit Paper(std::size_t columns = kColumns) : columns_(columns) {}

  Paper& Rule();                                               // a line across
  Paper& Centre(std::string_view text);                        // wrapped, each line in the middle
  Paper& Line(std::string_view text);                          // wrapped
  Paper& Pair(std::string_view left, std::string_view right);  // to both edges
  std::string Take() { return std::move(text_); }

 private:
  void Add(std::string_view line);
  const std::size_t columns_;
  std::string text_;
};

// The time zone of every virtual device: Moscow, UTC+3. "2026-11-21T13:15:00"
std::string LocalTime(base::WallTime time);
// "21.11.26 13:15"
std::string ShortLocalTime(base::WallTime time);

}  // namespace fiscalgate::register_
