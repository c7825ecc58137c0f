#include "lib/ffd/rules/correction.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr int kByOrder = 1;

void CheckDate(const CorrectionBasis& basis, const Context& context) {
  const Spot spot{.tag = 1178, .group = 1174};
  if (!basis.given.Has(1178)) return context.report.Add(FaultCode::kCorrectionDateMissing, spot);
  if (!basis.date_1178) return;  // told when it was read
  if (basis.date_1178->seconds != 0) context.report.Add(FaultCode::kCorrectionDateTime, spot);
  if (basis.date_1178->day > context.options.date) {
    context.report.Add(FaultCode::kCorrectionDateFuture, spot, FormatDay(basis.date_1178->day));
  }
}

}  // namespace

void CheckCorrectionBasis(const Context& context) {
  if (!context.receipt.IsCorrection()) return;
  const ReceiptExtras& extras = *context.receipt.extras;
  if (!context.receipt.given.Has(1173)) {
    context.report.Add(FaultCode::kCorrectionTypeMissing, {.tag = 1173});
  }
  if (!extras.correction_1174) {
    return context.report.Add(FaultCode::kCorrectionBasisMissing, {.tag = 1174});
  }
  CheckDate(*extras.correction_1174, context);
  if (extras.correction_type_1173 == kByOrder && extras.correction_1174->number_1179.empty()) {
    context.report.Add(FaultCode::kCorrectionNumberMissing, {.tag = 1179, .group = 1174});
  }
  if (!extras.correction_1174->description_1177.empty()) {
    context.report.Add(FaultCode::kCorrectionDescriptionDropped, {.tag = 1177, .group = 1174});
  }
}

void CheckCorrectionForm(const Context& context) {
  const Receipt& receipt = context.receipt;
  if (!receipt.IsCorrection()) return;
  if (context.options.version == FfdVersion::k12) {
    if (receipt.items.empty() && !receipt.given.Has(1059)) {
      context.report.Add(FaultCode::kMissing, {.tag = kItemsSpot});
    }
    return;
  }
  if (context.options.version != FfdVersion::k105) return;
  if (!receipt.items.empty()) context.report.Add(FaultCode::kCorrectionItems, {.tag = kItemsSpot});
  if (receipt.type_1054 == 2 || receipt.type_1054 == 4) {
    context.report.Add(FaultCode::kCorrectionOperation, {.tag = 1054},
                       std::to_string(receipt.type_1054));
  }
}

}  // namespace fiscalgate::ffd::rules
