#include "lib/ffd/rules/report.h"

#include "lib/ffd/fault_table.h"

namespace fiscalgate::ffd::rules {

void Report::Add(FaultCode code, const Spot& spot, std::string_view detail) const {
  const bool is_warning = RowOf(code).rank == FaultRank::kWarning;
  Add(is_warning ? Severity::kWarning : Severity::kError, code, spot, detail);
}

void Report::Add(Severity severity, FaultCode code, const Spot& spot,
                 std::string_view detail) const {
  const std::string text = paths_.Text(spot);
  sink_.Add(severity, Path(text), code, detail);
}

}  // namespace fiscalgate::ffd::rules
