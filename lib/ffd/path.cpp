#include "lib/ffd/path.h"

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/nearest.h"

namespace fiscalgate::ffd {
namespace {

std::string EscapedKey(std::string_view key) {
  std::string out;
  for (const char c : CutWord(key)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string Path::Text() const {
  if (above_ == nullptr) return std::string(key_);
  return above_->Text() + "/" + (is_index_ ? std::to_string(index_) : EscapedKey(key_));
}

std::string CutWord(std::string_view text) {
  if (text.size() <= base::kMaxFaultWordBytes) return std::string(text);
  return base::Truncate(text, base::kMaxFaultWordBytes) + "...";
}

void FaultSink::Add(const Path& path, FaultCode code, std::string_view detail) {
  Add(Severity::kError, path, code, detail);
}

void FaultSink::AddUnknown(const Path& path, FaultCode code, std::string_view key,
                           std::string_view detail) {
  if (faults_->size() >= base::kMaxFaults) return;
  Add(path, code, detail);
  if (hints_++ < base::kMaxFaultHints) faults_->back().hint = NearestKey(key);
}

void FaultSink::Add(Severity severity, const Path& path, FaultCode code, std::string_view detail) {
  Faults* const list = severity == Severity::kError ? faults_ : warnings_;
  if (list == nullptr || list->size() >= base::kMaxFaults) return;
  // What the buyer will see is shown whole.
  const bool is_whole = code == FaultCode::kCharactersReplaced;
  list->push_back({path.Text(),
                   code,
                   is_whole ? base::Truncate(detail, base::kMaxShownTextBytes) : CutWord(detail),
                   {},
                   severity});
}

}  // namespace fiscalgate::ffd
