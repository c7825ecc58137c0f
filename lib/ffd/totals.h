// What a receipt comes to: its total, and VAT by rate. Pure; any thread.
#pragma once

#include <array>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

inline constexpr int kVatRates = 12;  // numbers of tag 1199, from 1

struct VatRate {
  int number;  // 1199
  int percent;
  int sum_tag;  // 1102-1107; 1115: the list of 1119
  bool simplified_only;
  Day since, until;  // both days count
  int follower;      // the rate that took its place, 0: none
};

// nullptr for an unknown number.
const VatRate* FindVatRate(int number);

// sum x r / (100 + r), half up to a kopeck; zero without a tax. Rates and their calculated forms
// have the same amount.
base::Money VatOf(base::Money sum, int rate);

struct Totals {
  base::Money total;
  // By number of the rate; [0] is not used. The tax is taken of the turnover, not item by item.
  std::array<base::Money, kVatRates + 1> turnover{}, vat{};
  std::array<bool, kVatRates + 1> has{};
};
Totals TotalsOf(const Receipt& receipt);

// A sum of the receipt under its tag: VAT for 1102, 1103, 1106, 1107 and the 1119 of a 1115, the
// turnover for 1104 and 1105.
struct VatSum {
  int tag;
  int rate;
  base::Money sum;
};
std::vector<VatSum> VatSums(const Totals& totals);

}  // namespace fiscalgate::ffd
