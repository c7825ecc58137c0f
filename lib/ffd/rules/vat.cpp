#include "lib/ffd/rules/vat.h"

#include "lib/ffd/enumerations.h"
#include "lib/ffd/totals.h"

namespace fiscalgate::ffd::rules {
namespace {

enum class Validity { kValid, kOver, kNotYet };

// The day by which a rate is judged: that of the settlement which is corrected, else the receipt's.
Day DayOfRate(const Receipt& receipt, const CheckOptions& options) {
  const bool has_date = receipt.extras && receipt.extras->correction_1174 &&
                        receipt.extras->correction_1174->date_1178;
  return has_date ? receipt.extras->correction_1174->date_1178->day : options.date;
}

Validity ValidityOf(const VatRate& rate, const Receipt& receipt, const CheckOptions& options) {
  const Day day = DayOfRate(receipt, options);
  if (day < rate.since) return Validity::kNotYet;
  // A return gives no date of its sale: it may have been before.
  const bool is_return = receipt.type_1054 == 2 || receipt.type_1054 == 4;
  return day <= rate.until || is_return ? Validity::kValid : Validity::kOver;
}

std::string Title(int rate) { return std::string(EnumerationName(1199, rate)); }

// The shop's own sums of the old rates go with the rates.
void ForgetSums(Receipt* receipt) {
  if (!receipt->extras) return;
  receipt->extras->vat_1102 = {};
  receipt->extras->vat_1106 = {};
}

}  // namespace

void ReplaceRates(Receipt* receipt, const CheckOptions& options, const Report& report) {
  if (options.vat_policy != VatPolicy::kReplace) return;
  for (std::size_t i = 0; i < receipt->items.size(); ++i) {
    Item& item = receipt->items[i];
    const VatRate* const rate = FindVatRate(item.vat_1199);
    if (rate == nullptr || rate->follower == 0) continue;
    if (ValidityOf(*rate, *receipt, options) != Validity::kOver) continue;
    report.Add(FaultCode::kVatReplaced, {.tag = 1199, .item = static_cast<int>(i)},
               Title(item.vat_1199) + " -> " + Title(rate->follower));
    item.vat_1199 = rate->follower;
    ForgetSums(receipt);
    if (item.extras) item.extras->vat_amount_1200 = VatOf(item.sum_1043, rate->follower);
  }
}

void CheckRateDates(const Context& context) {
  const bool is_warning = context.options.vat_policy == VatPolicy::kWarn;
  ForEachItem(context, [&](const Item& item, int i) {
    const VatRate* const rate = FindVatRate(item.vat_1199);
    if (rate == nullptr) return;
    const Spot spot{.tag = 1199, .item = i};
    switch (ValidityOf(*rate, context.receipt, context.options)) {
      case Validity::kValid:
        return;
      case Validity::kNotYet:
        return context.report.Add(FaultCode::kVatNotYet, spot, Title(item.vat_1199));
      case Validity::kOver:
        return context.report.Add(is_warning ? Severity::kWarning : Severity::kError,
                                  FaultCode::kVatExpired, spot, Title(item.vat_1199));
    }
  });
}

void CheckRateTaxation(const Context& context) {
  constexpr int kSimplified = 2 | 4;
  const int taxation = context.receipt.taxation_1055;
  if (taxation == 0 || (taxation & kSimplified) != 0) return;
  ForEachItem(context, [&](const Item& item, int i) {
    const VatRate* const rate = FindVatRate(item.vat_1199);
    if (rate == nullptr || !rate->simplified_only) return;
    context.report.Add(FaultCode::kVatNotForTaxation, {.tag = 1199, .item = i},
                       std::to_string(taxation));
  });
}

void CheckItemVat(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    const VatRate* const rate = FindVatRate(item.vat_1199);
    // Without a tax the amount is not sent.
    if (!item.given.Has(1200) || rate == nullptr || rate->percent == 0) return;
    const base::Money vat = VatOf(item.sum_1043, item.vat_1199);
    const std::int64_t difference = (item.extras->vat_amount_1200 - vat).kopecks;
    if (difference >= -1 && difference <= 1) return;
    context.report.Add(FaultCode::kVatAmountMismatch, {.tag = 1200, .item = i},
                       base::FormatMoney(vat));
  });
}

void CheckReceiptVat(const Context& context) {
  if (!context.receipt.extras || context.receipt.items.empty()) return;
  const ReceiptExtras& extras = *context.receipt.extras;
  const Totals totals = TotalsOf(context.receipt);
  // Each item was rounded by itself.
  const auto tolerance = static_cast<std::int64_t>(context.receipt.items.size());
  const auto check = [&](int tag, base::Money given, base::Money sum) {
    const std::int64_t difference = (given - sum).kopecks;
    if (!context.receipt.given.Has(tag) || (difference >= -tolerance && difference <= tolerance)) {
      return;
    }
    context.report.Add(FaultCode::kVatSumMismatch, {.tag = tag}, base::FormatMoney(sum));
  };
  check(1102, extras.vat_1102, totals.vat[1]);
  check(1103, extras.vat_1103, totals.vat[2]);
  check(1104, extras.turnover_1104, totals.turnover[5]);
  check(1105, extras.turnover_1105, totals.turnover[6]);
  check(1106, extras.vat_1106, totals.vat[3]);
  check(1107, extras.vat_1107, totals.vat[4]);
}

}  // namespace fiscalgate::ffd::rules
