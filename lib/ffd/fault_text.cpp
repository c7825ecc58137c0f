#include "lib/ffd/fault.h"
#include "lib/ffd/fault_table.h"

namespace fiscalgate::ffd {
namespace {

std::string FillIn(std::string_view text, const std::string& detail) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return std::string(text);
  const std::size_t close = text.find(']', open);
  std::string out(text.substr(0, open));
  if (!detail.empty()) {
    const std::string_view optional = text.substr(open + 1, close - open - 1);
    const std::size_t mark = optional.find("%s");
    out.append(optional.substr(0, mark)).append(detail).append(optional.substr(mark + 2));
  }
  return out.append(text.substr(close + 1));
}

}  // namespace

std::string_view FaultName(FaultCode code) { return RowOf(code).name; }

std::string FaultText(const Fault& fault, base::Language language) {
  const bool is_english = language == base::Language::kEnglish;
  const FaultRow& row = RowOf(fault.code);
  std::string text = FillIn(is_english ? row.en : row.ru, fault.detail);
  if (fault.hint.empty()) return text;
  return text + (is_english ? "; did you mean " : "; возможно, ") + fault.hint + "?";
}

}  // namespace fiscalgate::ffd
