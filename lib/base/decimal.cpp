#include "lib/base/decimal.h"

#include <algorithm>

#include "lib/base/limits.h"

namespace fiscalgate::base {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kMillion = 1'000'000;

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Reads a decimal as an integer in units of 10^-places.
DecimalFault ParseScaled(std::string_view literal, std::size_t places, std::int64_t max,
                         std::int64_t* out) {
  const bool negative = !literal.empty() && literal[0] == '-';
  if (negative) literal.remove_prefix(1);
  const std::size_t point = std::min(literal.find('.'), literal.size());
  const std::string_view whole = literal.substr(0, point);
  std::string_view part = literal.substr(std::min(point + 1, literal.size()));
  if (!IsDigits(whole) || (point < literal.size() && !IsDigits(part))) {
    return DecimalFault::kNotANumber;
  }
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  if (part.size() > places) return DecimalFault::kTooManyPlaces;
  std::int64_t value = 0;
  const auto add_digit = [&](int digit) {
    // Stays put once it is too large: ten times the largest limit still fits.
    if (value <= max) value = value * 10 + digit;
  };
  for (const char c : whole) add_digit(c - '0');
  for (std::size_t i = 0; i < places; ++i) add_digit(i < part.size() ? part[i] - '0' : 0);
  if (value > max) return DecimalFault::kOutOfRange;
  *out = negative ? -value : value;
  return DecimalFault::kNone;
}

std::string FormatScaled(std::int64_t value, std::size_t places) {
  const auto magnitude =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const std::string digits = std::to_string(magnitude);
  std::string text = value < 0 ? "-" : "";
  if (digits.size() <= places) {
    text += "0." + std::string(places - digits.size(), '0') + digits;
  } else {
    text.append(digits, 0, digits.size() - places).append(1, '.');
    text.append(digits, digits.size() - places);
  }
  return text;
}

}  // namespace

DecimalFault ParseMoney(std::string_view literal, Money* out) {
  return ParseScaled(literal, 2, kMaxKopecks, &out->kopecks);
}

DecimalFault ParseQuantity(std::string_view literal, Quantity* out) {
  return ParseScaled(literal, kMaxQuantityPlaces, kMaxQuantityMillionths, &out->millionths);
}

std::string FormatMoney(Money money) { return FormatScaled(money.kopecks, 2); }

std::string FormatQuantity(Quantity quantity) {
  std::string text = FormatScaled(quantity.millionths, kMaxQuantityPlaces);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<Money> Multiply(Money price, Quantity quantity) {
  const Wide doubled = Wide{price.kopecks} * quantity.millionths * 2 + kMillion;
  Wide kopecks = doubled / (2 * kMillion);
  if (doubled % (2 * kMillion) < 0)
    --kopecks;  // division cuts towards zero; half up needs the floor
  if (kopecks > kMaxKopecks || kopecks < -kMaxKopecks) return std::nullopt;
  return Money{static_cast<std::int64_t>(kopecks)};
}

}  // namespace fiscalgate::base
