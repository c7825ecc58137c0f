#include "lib/ffd/rules/marking.h"

namespace fiscalgate::ffd::rules {
namespace {

constexpr char kGroupSeparator = '\x1D';
constexpr base::Quantity kOne{1'000'000};
constexpr int kPieces = 0;
// 01, a GTIN, 21 and a serial number of twenty: beyond that something follows, behind a separator.
constexpr std::size_t kMaxWithoutSeparator = 38;

bool IsMarked(const Item& item) { return item.subject_1212 == 31 || item.subject_1212 == 33; }
bool HasCode(const Item& item) { return item.extras && !item.extras->marking_code_2000.empty(); }
bool IsNewest(const Context& context) { return context.options.version == FfdVersion::k12; }

// Sold: 1, 2, 5, 6. Returned: 3, 4. Unchanged: 255.
bool StatusFits(int status, int type_1054) {
  constexpr int kUnchanged = 255;
  const bool is_return = type_1054 == 2 || type_1054 == 4;
  return status == kUnchanged || is_return == (status == 3 || status == 4);
}

}  // namespace

void CheckMarkingCode(const Context& context) {
  if (!IsNewest(context)) return;
  ForEachItem(context, [&](const Item& item, int i) {
    const auto add = [&](FaultCode code, int tag, std::string_view detail = {}) {
      context.report.Add(code, {.tag = tag, .item = i}, detail);
    };
    if (!IsMarked(item)) {
      if (HasCode(item)) {
        add(FaultCode::kMarkingCodeNotAllowed, 2000, std::to_string(item.subject_1212));
      }
      return;
    }
    if (!HasCode(item)) add(FaultCode::kMarkingCodeMissing, 2000);
    if (!item.given.Has(2102)) add(FaultCode::kMarkingModeMissing, 2102);
    if (!item.given.Has(2003)) add(FaultCode::kMarkingStatusMissing, 2003);
  });
}

void CheckMarkingStatus(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || item.extras->status_2003 == 0) return;
    if (StatusFits(item.extras->status_2003, context.receipt.type_1054)) return;
    context.report.Add(FaultCode::kMarkingStatusWrong, {.tag = 2003, .item = i},
                       std::to_string(item.extras->status_2003));
  });
}

void CheckMarkedQuantity(const Context& context) {
  if (!IsNewest(context)) return;
  ForEachItem(context, [&](const Item& item, int i) {
    if (!HasCode(item) || item.extras->fraction_1291 || item.unit_2108 != kPieces) return;
    if (item.quantity_1023 == kOne || item.quantity_1023.millionths == 0) return;
    context.report.Add(FaultCode::kMarkedQuantity, {.tag = 1023, .item = i},
                       base::FormatQuantity(item.quantity_1023));
  });
}

void CheckFraction(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!item.extras || !item.extras->fraction_1291) return;
    const Fraction& part = *item.extras->fraction_1291;
    const Spot spot{.tag = 1291, .item = i};
    if (item.unit_2108 != kPieces) context.report.Add(FaultCode::kFractionUnit, spot);
    if (!HasCode(item)) context.report.Add(FaultCode::kFractionWithoutCode, spot);
    const bool is_whole = part.given.Has(1293) && part.given.Has(1294);
    if (is_whole && (part.numerator_1293 <= 0 || part.numerator_1293 >= part.denominator_1294)) {
      context.report.Add(
          FaultCode::kBadFraction, spot,
          std::to_string(part.numerator_1293) + "/" + std::to_string(part.denominator_1294));
    }
  });
}

void CheckGroupSeparator(const Context& context) {
  ForEachItem(context, [&](const Item& item, int i) {
    if (!HasCode(item)) return;
    const std::string& code = item.extras->marking_code_2000;
    if (code.size() <= kMaxWithoutSeparator || code.substr(0, 2) != "01" ||
        code.substr(16, 2) != "21" || code.find(kGroupSeparator) != std::string::npos) {
      return;
    }
    context.report.Add(FaultCode::kGroupSeparatorLost, {.tag = 2000, .item = i});
  });
}

void CheckUnit(const Context& context) {
  if (!IsNewest(context)) return;
  const auto severity = context.options.lenient ? Severity::kWarning : Severity::kError;
  ForEachItem(context, [&](const Item& item, int i) {
    if (item.given.Has(2108)) return;
    context.report.Add(severity, FaultCode::kUnitMissing, {.tag = 2108, .item = i});
  });
}

}  // namespace fiscalgate::ffd::rules
