#include "lib/protocol/begateway/mapping_table.h"

namespace fiscalgate::protocol::begateway {
namespace {

using ffd::FaultCode;
using ffd::Receipt;

constexpr std::int64_t kOne = 1'000'000;  // a quantity of one
constexpr std::string_view kUntaxed = "untaxed", kSimplified = "simplified";

void CheckTotal(const Receipt& receipt, const ExpressReport& report) {
  if (receipt.given_total_1020 && *receipt.given_total_1020 != receipt.Total()) {
    report.Add(FaultCode::kNotExpressible, {.tag = 1020}, "1020");
  }
  const ffd::Payments& paid = receipt.payments;
  int kinds = 0;
  for (const base::Money sum : {paid.cash_1031, paid.electronic_1081, paid.prepayment_1215,
                                paid.credit_1216, paid.barter_1217}) {
    if (sum.kopecks != 0) ++kinds;
  }
  if (kinds > 1 || paid.Total() != receipt.Total()) {
    report.Add(FaultCode::kNotExpressible, {.tag = ffd::kPaymentsSpot}, "1031, 1081");
  }
}

void CheckPrice(const ffd::Item& item, int at, const Mapping& mapping,
                const ExpressReport& report) {
  if (item.quantity_1023.millionths == kOne) return;
  if (!mapping.IsConfirmed(1023, kCarried)) {
    report.Add(FaultCode::kUnconfirmedValue, {.tag = 1023, .item = at}, "1023");
  }
  if (base::Multiply(item.price_1079, item.quantity_1023) != item.sum_1043) {
    report.Add(FaultCode::kNotExpressible, {.tag = 1043, .item = at}, "1043");
  }
}

void CheckSystem(const Receipt& receipt, const Mapping& mapping, const ExpressReport& report) {
  const MappedValue system = mapping.Find(1055, receipt.taxation_1055);
  if (!system || system.is_left_out) return;
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    const MappedValue rate = mapping.Find(1199, receipt.items[i].vat_1199);
    if (!rate) continue;
    if (rate.value == kUntaxed) {
      report.Add(FaultCode::kUnconfirmedValue, {.tag = 1055},
                 "1055 = " + std::to_string(receipt.taxation_1055));
      return;
    }
    if (system.value == kSimplified) {
      report.Add(FaultCode::kNotExpressible, {.tag = 1199, .item = static_cast<int>(i)},
                 "1199 = " + std::to_string(receipt.items[i].vat_1199));
    }
  }
}

}  // namespace

void CheckRest(const Receipt& receipt, ffd::FfdVersion, const Mapping& mapping,
               const ExpressReport& report) {
  if (receipt.buyer_contact_1008.empty()) {
    report.Add(FaultCode::kMissing, {.tag = 1008}, "1008");
  }
  CheckTotal(receipt, report);
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    CheckPrice(receipt.items[i], static_cast<int>(i), mapping, report);
  }
  CheckSystem(receipt, mapping, report);
}

}  // namespace fiscalgate::protocol::begateway
