#include "lib/ffd/totals.h"

namespace fiscalgate::ffd {
namespace {

constexpr Day kEver = MakeDay(2017, 1, 1), kOnwards = MakeDay(2099, 12, 31);
constexpr Day kFrom2025 = MakeDay(2025, 1, 1), kFrom2026 = MakeDay(2026, 1, 1);
constexpr Day kTo2025 = MakeDay(2025, 12, 31);

constexpr VatRate kRates[] = {
    {1, 20, 1102, false, kEver, kTo2025, 11},      {2, 10, 1103, false, kEver, kOnwards, 0},
    {3, 20, 1106, false, kEver, kTo2025, 12},      {4, 10, 1107, false, kEver, kOnwards, 0},
    {5, 0, 1104, false, kEver, kOnwards, 0},       {6, 0, 1105, false, kEver, kOnwards, 0},
    {7, 5, 1115, true, kFrom2025, kOnwards, 0},    {8, 7, 1115, true, kFrom2025, kOnwards, 0},
    {9, 5, 1115, true, kFrom2025, kOnwards, 0},    {10, 7, 1115, true, kFrom2025, kOnwards, 0},
    {11, 22, 1115, false, kFrom2026, kOnwards, 0}, {12, 22, 1115, false, kFrom2026, kOnwards, 0},
};

}  // namespace

const VatRate* FindVatRate(int number) {
  return number >= 1 && number <= kVatRates ? &kRates[number - 1] : nullptr;
}

base::Money VatOf(base::Money sum, int rate) {
  const VatRate* const row = FindVatRate(rate);
  if (row == nullptr || row->percent == 0) return {};
  const int whole = 100 + row->percent;
  return {(sum.kopecks * row->percent * 2 + whole) / (whole * 2)};
}

Totals TotalsOf(const Receipt& receipt) {
  Totals totals;
  totals.total = receipt.Total();
  for (const Item& item : receipt.items) {
    if (FindVatRate(item.vat_1199) == nullptr) continue;
    const auto rate = static_cast<std::size_t>(item.vat_1199);
    totals.turnover[rate] = totals.turnover[rate] + item.sum_1043;
    totals.has[rate] = true;
  }
  for (std::size_t rate = 1; rate <= kVatRates; ++rate) {
    if (totals.has[rate]) totals.vat[rate] = VatOf(totals.turnover[rate], static_cast<int>(rate));
  }
  return totals;
}

std::vector<VatSum> VatSums(const Totals& totals) {
  std::vector<VatSum> sums;
  for (const VatRate& rate : kRates) {
    const auto number = static_cast<std::size_t>(rate.number);
    if (!totals.has[number]) continue;
    const bool is_turnover = rate.percent == 0;
    sums.push_back(
        {rate.sum_tag, rate.number, is_turnover ? totals.turnover[number] : totals.vat[number]});
  }
  return sums;
}

}  // namespace fiscalgate::ffd
