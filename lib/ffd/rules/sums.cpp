#include "lib/ffd/rules/sums.h"

#include "lib/base/limits.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr std::int64_t kToleranceKopecks = 1;
constexpr std::int64_t kKopecksInRouble = 100;

void CheckSum(base::Money sum, const Spot& spot, const Context& context) {
  const base::Money most{ProfileOf(context.options.provider).max_sum_kopecks};
  if (sum > most) context.report.Add(FaultCode::kSumTooHigh, spot, base::FormatMoney(most));
}

void CheckQuantity(const Item& item, int i, const Profile& profile, const Report& report) {
  if (item.quantity_1023.millionths > profile.max_quantity_millionths) {
    report.Add(FaultCode::kQuantityTooHigh, {.tag = 1023, .item = i},
               base::FormatQuantity({profile.max_quantity_millionths}));
  }
  std::int64_t unit = 1;  // millionths of the last place there is
  for (int place = profile.quantity_places; place < base::kMaxQuantityPlaces; ++place) unit *= 10;
  if (item.quantity_1023.millionths % unit != 0) {
    report.Add(FaultCode::kTooManyPlaces, {.tag = 1023, .item = i},
               std::to_string(profile.quantity_places));
  }
}

// Providers that take no 1043 would charge another sum.
void CheckExactSum(const Item& item, int i, const Report& report) {
  if (!item.given.Has(1043)) return;
  const auto product = base::Multiply(item.price_1079, item.quantity_1023);
  if (product && item.sum_1043 != *product && SumsAgree(item.sum_1043, *product)) {
    report.Add(FaultCode::kItemSumMismatch, {.tag = 1043, .item = i}, base::FormatMoney(*product));
  }
}

}  // namespace

bool SumsAgree(base::Money given, base::Money product) {
  const std::int64_t difference = (given - product).kopecks;
  return difference >= -kToleranceKopecks && difference <= kToleranceKopecks;
}

bool TotalFits(const Receipt& receipt, const Report& report) {
  const base::Money total = receipt.Total();
  if (total.kopecks <= base::kMaxKopecks) return true;
  report.Add(FaultCode::kOutOfRange, {}, base::FormatMoney(total));
  return false;
}

bool GivenTotalFits(base::Money given, base::Money sum) {
  return given == sum || given.kopecks == sum.kopecks - sum.kopecks % kKopecksInRouble;
}

void CheckGivenTotal(const Receipt& receipt, const Report& report) {
  const base::Money sum = receipt.Total();
  if (GivenTotalFits(receipt.given_total_1020.value_or(sum), sum)) return;
  report.Add(FaultCode::kTotalMismatch, {.tag = 1020}, base::FormatMoney(sum));
}

void CheckLimits(const Context& context) {
  const Profile& profile = ProfileOf(context.options.provider);
  if (context.receipt.items.size() > profile.max_items && !context.receipt.is_cut) {
    context.report.Add(FaultCode::kTooManyItems, {.tag = kItemsSpot},
                       std::to_string(profile.max_items));
  }
  ForEachItem(context, [&](const Item& item, int i) {
    CheckSum(item.price_1079, {.tag = 1079, .item = i}, context);
    CheckSum(item.sum_1043, {.tag = 1043, .item = i}, context);
    CheckQuantity(item, i, profile, context.report);
    if (profile.needs_exact_sums) CheckExactSum(item, i, context.report);
  });
  CheckSum(context.receipt.Total(), {.tag = 1020}, context);
}

}  // namespace fiscalgate::ffd::rules
