#include "lib/protocol/bifit/mapping_table.h"

namespace fiscalgate::protocol::bifit {

using ffd::FaultCode;

void CheckRest(const ffd::Receipt& receipt, ffd::FfdVersion, const Mapping&,
               const ExpressReport& report) {
  if (receipt.cashier_name_1021.empty()) {
    report.Add(FaultCode::kCashierNameMissing, {.tag = 1021});
  }
  const base::Money total = receipt.given_total_1020.value_or(receipt.Total());
  if (receipt.payments.Total() != total) {
    report.Add(FaultCode::kNotExpressible, {.tag = ffd::kPaymentsSpot}, "1031");
  }
}

}  // namespace fiscalgate::protocol::bifit
