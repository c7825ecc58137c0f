// Gives prices to a sum: one line where price x quantity makes it, else two whose prices differ by
// a kopeck (3 pieces for 100.00: one at 33.34, two at 33.33). Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "lib/base/decimal.h"

namespace fiscalgate::protocol::bitrix24 {

struct Line {
  base::Money price;
  base::Quantity quantity;
  base::Money sum;
};

// `sum` from 0 up, `quantity` above 0. Nothing for a sum of 0: what is given away is no settlement.
// `wanted` is kept where it makes the sum. Empty for other sums: they are out of range.
std::vector<Line> SplitLine(base::Money sum, base::Quantity quantity,
                            std::optional<base::Money> wanted);

}  // namespace fiscalgate::protocol::bitrix24
