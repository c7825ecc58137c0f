#include "lib/protocol/bitrix24/lines.h"

#include "lib/base/limits.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

using base::Money;
using base::Quantity;

constexpr std::int64_t kOne = 1'000'000;

Money NearestPrice(Money sum, Quantity quantity) {
  const __int128 doubled = static_cast<__int128>(2 * sum.kopecks) * kOne + quantity.millionths;
  return {static_cast<std::int64_t>(doubled / (2 * quantity.millionths))};
}

std::optional<Line> LineOf(Money price, Quantity quantity) {
  const auto sum = base::Multiply(price, quantity);
  if (!sum) return std::nullopt;
  return Line{price, quantity, *sum};
}

}  // namespace

std::vector<Line> SplitLine(Money sum, Quantity quantity, std::optional<Money> wanted) {
  if (sum.kopecks <= 0) return {};
  const Money nearest = NearestPrice(sum, quantity);
  for (const Money price : {wanted.value_or(nearest), nearest}) {
    const auto line = LineOf(price, quantity);
    if (price.kopecks > 0 && line && line->sum == sum) return {*line};
  }
  // For the highest price p whose line is not above the sum, what is missing is at most a kopeck
  // for each whole unit: so many units cost p + 1.
  Money price = nearest;
  auto line = LineOf(price, quantity);
  while (line && line->sum > sum) line = LineOf({--price.kopecks}, quantity);
  if (!line) return {};
  const Quantity rest{(sum - line->sum).kopecks * kOne};
  std::vector<Line> lines;
  if (rest.millionths > 0) {
    if (const auto dear = LineOf({price.kopecks + 1}, rest)) lines.push_back(*dear);
  }
  const Quantity most{quantity.millionths - rest.millionths};
  if (price.kopecks > 0 && most.millionths > 0) {
    if (const auto cheap = LineOf(price, most)) lines.push_back(*cheap);
  }
  return lines;
}

}  // namespace fiscalgate::protocol::bitrix24
