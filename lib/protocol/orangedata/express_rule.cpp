#include "lib/protocol/orangedata/mapping_table.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using ffd::FaultCode;
using ffd::Receipt;

// API 2.31, corrections for FFD 1.05: the only fields of their content besides sums and basis are
// the taxation, the contact, the sender, the zone, the sign of the internet and the place.
void CheckOldCorrection(const Receipt& receipt, const ExpressReport& report) {
  const auto refuse = [&](int tag) {
    report.Add(FaultCode::kNotExpressible, {.tag = tag}, std::to_string(tag));
  };
  if (!receipt.cashier_name_1021.empty()) refuse(1021);
  if (!receipt.cashier_inn_1203.empty()) refuse(1203);
  if (!receipt.attribute_1192.empty()) refuse(1192);
  if (!receipt.extras) return;
  const ffd::ReceiptExtras& extras = *receipt.extras;
  if (extras.correction_1174 && extras.correction_1174->number_1179.empty()) {
    report.Add(FaultCode::kCorrectionNumberMissing, {.tag = 1179, .group = 1174});
  }
  if (extras.user_attribute_1084) refuse(1084);
  if (!extras.cashless_1234.empty()) refuse(1234);
  if (extras.agent_type_1057 != 0) refuse(1057);
  if (!extras.buyer_1256) return;
  if (!extras.buyer_1256->name_1227.empty()) refuse(1227);
  if (!extras.buyer_1256->inn_1228.empty()) refuse(1228);
}

}  // namespace

void CheckRest(const Receipt& receipt, ffd::FfdVersion version, const Mapping&,
               const ExpressReport& report) {
  if (version == ffd::FfdVersion::k11) {
    report.Add(FaultCode::kNotExpressible, {.tag = 1209}, "1209");
  }
  if (!receipt.extras) return;
  if (receipt.extras->industries_1261.size() > 1) {
    report.Add(FaultCode::kNotExpressible, {.tag = 1261}, "1261");
  }
  if (receipt.IsCorrection() && version == ffd::FfdVersion::k105) {
    CheckOldCorrection(receipt, report);
  }
}

}  // namespace fiscalgate::protocol::orangedata
