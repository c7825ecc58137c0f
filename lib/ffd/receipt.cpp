#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

base::Money Payments::NonCash() const {
  return electronic_1081 + prepayment_1215 + credit_1216 + barter_1217;
}

base::Money Payments::Total() const { return cash_1031 + NonCash(); }

base::Money Receipt::Total() const {
  if (items.empty() && IsCorrection()) return given_total_1020.value_or(payments.Total());
  base::Money total;
  for (const Item& item : items) total = total + item.sum_1043;
  return total;
}

bool Receipt::IsCorrection() const {
  return extras && (extras->correction_type_1173 || extras->correction_1174);
}

int Receipt::FormCode() const {
  if (IsCorrection()) return is_bso ? 41 : 31;
  return is_bso ? 4 : 3;
}

ItemExtras& ExtrasOf(Item& item) {
  if (!item.extras) item.extras.emplace();
  return *item.extras;
}

ReceiptExtras& ExtrasOf(Receipt& receipt) {
  if (!receipt.extras) receipt.extras.emplace();
  return *receipt.extras;
}

}  // namespace fiscalgate::ffd
