#include "lib/ffd/rules/taxation.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr int kImputedIncome = 8;
constexpr Day kLastOfImputedIncome = MakeDay(2020, 12, 31);

bool IsOfOlderSale(const Receipt& receipt) {
  return receipt.type_1054 == 2 || receipt.type_1054 == 4 || receipt.IsCorrection();
}

}  // namespace

void CheckTaxation(const Context& context) {
  const int taxation = context.receipt.taxation_1055;
  if (taxation == 0) return;  // told when it was read
  const Spot spot{.tag = 1055};
  if ((static_cast<unsigned>(taxation) & context.options.allowed_taxation) == 0) {
    context.report.Add(FaultCode::kTaxationNotAllowed, spot, std::to_string(taxation));
  }
  if (taxation == kImputedIncome && context.options.date > kLastOfImputedIncome &&
      !IsOfOlderSale(context.receipt)) {
    context.report.Add(FaultCode::kTaxationRetired, spot);
  }
}

}  // namespace fiscalgate::ffd::rules
