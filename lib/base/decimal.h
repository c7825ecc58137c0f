// Exact decimals: money in kopecks, quantities in millionths. No floating point touches either.
//
// Literals come from JSON as written ("11.00", "11", "0.5"); a sign is read, an exponent is not
// accepted.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fiscalgate::base {

// An amount in kopecks. Arithmetic is plain integer arithmetic; limits are checked where values
// enter.
struct Money {
  std::int64_t kopecks = 0;
  auto operator<=>(const Money&) const = default;
};
inline Money operator+(Money a, Money b) { return {a.kopecks + b.kopecks}; }
inline Money operator-(Money a, Money b) { return {a.kopecks - b.kopecks}; }

// A quantity (tag 1023) in millionths of the unit.
struct Quantity {
  std::int64_t millionths = 0;
  auto operator<=>(const Quantity&) const = default;
};

enum class DecimalFault { kNone, kNotANumber, kTooManyPlaces, kOutOfRange };

// Reads roubles: at most two places that are not zero ("11.500" is 11.50), within +-kMaxKopecks.
DecimalFault ParseMoney(std::string_view literal, Money* out);
// Reads a quantity: at most kMaxQuantityPlaces places that are not zero.
DecimalFault ParseQuantity(std::string_view literal, Quantity* out);

// "11.00", "-0.05"
std::string FormatMoney(Money money);
// "1", "0.25": no trailing zeros
std::string FormatQuantity(Quantity quantity);

// price x quantity, half up to a kopeck (FFD: 1043 = 1079 x 1023). Empty if it does not fit.
std::optional<Money> Multiply(Money price, Quantity quantity);

}  // namespace fiscalgate::base
