#include "lib/ffd/rules/payments.h"

#include "lib/ffd/rules/sums.h"

namespace fiscalgate::ffd::rules {
namespace {

using base::Money;

// What is to be paid: a given total counts, if it is one.
Money Due(const Receipt& receipt) {
  const Money total = receipt.Total();
  const Money given = receipt.given_total_1020.value_or(total);
  return GivenTotalFits(given, total) ? given : total;
}

void CheckCashlessDetails(const Context& context) {
  const Receipt& receipt = context.receipt;
  if (!receipt.extras || receipt.extras->cashless_1234.empty()) return;
  Money sum;
  for (const CashlessDetail& detail : receipt.extras->cashless_1234) sum = sum + detail.sum_1082;
  if (sum == receipt.payments.electronic_1081) return;
  context.report.Add(FaultCode::kCashlessDetailsMismatch, {.tag = 1234}, base::FormatMoney(sum));
}

}  // namespace

void CheckPayments(const Receipt& receipt, bool lenient, const Report& report) {
  const Money due = Due(receipt);
  if (due.kopecks == 0) return;
  const Spot payments{.tag = kPaymentsSpot};
  const auto severity = lenient ? Severity::kWarning : Severity::kError;
  if (receipt.payments.Total().kopecks == 0) {
    report.Add(FaultCode::kNoPayment, payments);
  } else if (receipt.payments.Total() < due) {
    report.Add(severity, FaultCode::kPaymentsTooLow, payments, base::FormatMoney(due));
  }
  if (receipt.payments.NonCash() > due) {
    report.Add(severity, FaultCode::kNonCashTooHigh, payments, base::FormatMoney(due));
  }
}

void CheckPaymentDetails(const Context& context) {
  const Payments& payments = context.receipt.payments;
  if (payments.cash_1031.kopecks > 0 && payments.NonCash() == Due(context.receipt)) {
    context.report.Add(FaultCode::kCashNotNeeded, {.tag = 1031},
                       base::FormatMoney(payments.cash_1031));
  }
  CheckCashlessDetails(context);
}

}  // namespace fiscalgate::ffd::rules
