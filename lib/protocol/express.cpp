// CheckExpressible: goes through what a register would store of the receipt and asks the mapping
// for each field.
#include <algorithm>
#include <array>

#include "lib/ffd/fields.h"
#include "lib/ffd/totals.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol {
namespace {

using ffd::Spot;

// What every register computes from the rest, or knows but one value of: it is lost nowhere.
constexpr std::array kComputed = {1020, 1043, 1102, 1103, 1104, 1105, 1106, 1107,
                                  1115, 1119, 1120, 1198, 1200, 1292, 2102, 2106};
constexpr int kProductCode = 1163, kMarkingCode = 2000, kPlannedStatus = 2003, kTitle = 1000;

// An `Out` of FieldVisitor.
class Walk {
 public:
  Walk(const Mapping& mapping, const ExpressReport& report) : mapping_(mapping), report_(report) {}

  void Byte(int tag, int number) {
    if (mapping_.HasNames(tag)) {
      Ask(tag, number, std::to_string(tag) + " = " + std::to_string(number));
    } else {
      Carried(tag);
    }
  }
  void Var(int tag, std::int64_t) { Carried(tag); }
  void Money(int tag, base::Money money) {
    const ffd::Tag* const known = ffd::FindTag(tag);
    const bool is_payment = known != nullptr && (known->places & ffd::kPayments) != 0;
    if (!is_payment || money.kopecks != 0) Carried(tag);
  }
  void Quantity(int tag, base::Quantity) { Carried(tag); }
  void Seconds(int tag, const ffd::DateTime&) { Carried(tag); }
  void Text(int tag, const std::string&) { Carried(tag); }
  void Fixed(int tag, const std::string&) { Carried(tag); }
  void Bytes(int tag, const std::string&) { Carried(tag); }
  template <typename Fields>
  void Group(int tag, int index, Fields fields) {
    if (IsComputed(tag)) return;
    if (tag == kProductCode) {
      Carried(kMarkingCode);
      return;
    }
    if (!Carried(tag)) return;  // one fault for a group is enough
    const Spot outside = spot_;
    // A group within a group is told as the outer one.
    if (spot_.group == 0) spot_ = {0, spot_.item, tag, index};
    fields();
    spot_ = outside;
  }
  template <typename Fields>
  void Item(int index, Fields fields) {
    spot_ = {0, index};
    fields();
    spot_ = {};
  }

 private:
  bool Carried(int tag) { return IsComputed(tag) || Ask(tag, kCarried, std::to_string(tag)); }
  bool Ask(int tag, int value, const std::string& detail) {
    const MappedValue found = mapping_.Find(tag, value);
    Spot here = spot_;
    here.tag = tag;
    report_.Add(found.reason, here, detail);
    return static_cast<bool>(found);
  }

  const Mapping& mapping_;
  const ExpressReport& report_;
  Spot spot_;
};

// 2003 is asked of the shop and not stored.
void AskPlannedStatus(const ffd::Receipt& receipt, const Mapping& mapping,
                      const ExpressReport& report) {
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    const auto& extras = receipt.items[i].extras;
    if (!extras || extras->status_2003 == 0) continue;
    report.Add(mapping.FindField(kPlannedStatus).reason,
               {.tag = kPlannedStatus, .item = static_cast<int>(i)},
               std::to_string(kPlannedStatus));
  }
}

}  // namespace

bool IsComputed(int tag) {
  return std::find(kComputed.begin(), kComputed.end(), tag) != kComputed.end();
}

void ExpressReport::Add(ffd::FaultCode code, const Spot& spot, std::string_view detail) const {
  const std::string text = paths_.Text(spot);
  sink_.Add(ffd::Path(text), code, detail);
}

void ExpressReport::Add(MappingReason reason, const Spot& spot, std::string_view detail) const {
  if (reason == MappingReason::kNone) return;
  Add(reason == MappingReason::kNotExpressible ? ffd::FaultCode::kNotExpressible
                                               : ffd::FaultCode::kUnconfirmedValue,
      spot, detail);
}

ffd::Faults CheckExpressible(const ffd::Receipt& receipt, ffd::FfdVersion version,
                             const Mapping& mapping, const ffd::PathFinder& paths) {
  ffd::Faults faults;
  ffd::FaultSink sink(&faults);
  const ExpressReport report(paths, sink);
  Walk walk(mapping, report);
  ffd::FieldVisitor<Walk>(version, walk).Visit(receipt, ffd::TotalsOf(receipt));
  if (receipt.is_bso) {
    report.Add(mapping.FindField(kTitle).reason, {.tag = kTitle}, std::to_string(kTitle));
  }
  AskPlannedStatus(receipt, mapping, report);
  if (mapping.table().rule != nullptr) mapping.table().rule(receipt, version, mapping, report);
  return faults;
}

ffd::Faults CheckExpressible(const ffd::Receipt& receipt, ffd::FfdVersion version,
                             const Mapping& mapping) {
  const ffd::Path root("");
  return CheckExpressible(receipt, version, mapping, ffd::PathFinder(nullptr, root));
}

}  // namespace fiscalgate::protocol
