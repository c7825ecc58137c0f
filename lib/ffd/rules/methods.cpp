#include "lib/ffd/rules/methods.h"

#include <algorithm>

namespace fiscalgate::ffd::rules {
namespace {

// 1214
constexpr int kFullPrepayment = 1, kAdvance = 3, kFullSettlement = 4, kPartCredit = 5, kCredit = 6,
              kRepayment = 7;
// 1212
constexpr int kPayment = 10;
constexpr std::string_view kRussia = "643";

bool IsPrepayment(const Item& item) {
  return item.method_1214 >= kFullPrepayment && item.method_1214 <= kAdvance;
}

bool IsPaidInMoney(const Payments& payments) {
  return payments.cash_1031.kopecks + payments.electronic_1081.kopecks > 0;
}

template <typename Holds>
bool AllItems(const Receipt& receipt, Holds holds) {
  return !receipt.items.empty() && std::all_of(receipt.items.begin(), receipt.items.end(), holds);
}

}  // namespace

void CheckAdvance(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (item.method_1214 != kAdvance || item.subject_1212 == kPayment || item.subject_1212 == 0) {
      return;
    }
    context.report.Add(FaultCode::kAdvanceSubject, {.tag = 1212, .item = i});
  });
}

void CheckPrepayment(const Context& context) {
  if (!AllItems(context.receipt, IsPrepayment)) return;
  const Payments& payments = context.receipt.payments;
  if (payments.Total().kopecks > 0 && !IsPaidInMoney(payments)) {
    context.report.Add(FaultCode::kPrepaymentUnpaid, {.tag = kPaymentsSpot});
  }
  if (payments.prepayment_1215.kopecks > 0) {
    context.report.Add(FaultCode::kPrepaymentOffset, {.tag = 1215});
  }
}

void CheckCredit(const Context& context) {
  const Receipt& receipt = context.receipt;
  const bool has_credit = receipt.payments.credit_1216.kopecks > 0;
  bool is_given_on_credit = false;
  ForEachItem(context, [&](const Item& item, int i) {
    if (item.method_1214 == kCredit || item.method_1214 == kPartCredit) is_given_on_credit = true;
    if (item.method_1214 == kCredit && !has_credit && item.sum_1043.kopecks > 0) {
      context.report.Add(FaultCode::kCreditUnpaid, {.tag = 1214, .item = i});
    }
    if (item.method_1214 == kRepayment &&
        ((item.subject_1212 != kPayment && item.subject_1212 != 0) ||
         !IsPaidInMoney(receipt.payments))) {
      context.report.Add(FaultCode::kCreditRepaymentSubject, {.tag = 1212, .item = i});
    }
  });
  if (has_credit && !is_given_on_credit && !receipt.items.empty()) {
    context.report.Add(FaultCode::kCreditWithoutItem, {.tag = 1216});
  }
}

void CheckPaymentSubject(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (item.subject_1212 != kPayment) return;
    if (item.method_1214 != kFullSettlement && item.method_1214 != kCredit) return;
    context.report.Add(FaultCode::kPaymentSubjectMethod, {.tag = 1214, .item = i},
                       std::to_string(item.method_1214));
  });
}

void CheckExcise(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->excise_1229.kopecks == 0) return;
    const int subject = item.subject_1212;
    if (subject == 0 || subject == 2 || subject == 30 || subject == 31) return;
    context.report.Add(FaultCode::kExciseNotAllowed, {.tag = 1229, .item = i});
  });
}

void CheckOrigin(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->customs_1231.empty()) return;
    if (!item.extras->country_1230.empty() && item.extras->country_1230 != kRussia) return;
    context.report.Add(FaultCode::kOriginMissing, {.tag = 1230, .item = i});
  });
}

}  // namespace fiscalgate::ffd::rules
