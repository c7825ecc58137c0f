#include "lib/protocol/bit/text_edits.h"

#include <algorithm>

namespace fiscalgate::protocol::bit {

std::string TextEdits::Apply(std::string_view text) {
  std::sort(edits_.begin(), edits_.end(),
            [](const Edit& a, const Edit& b) { return a.slice.data() < b.slice.data(); });
  std::string out;
  out.reserve(text.size());
  const char* from = text.data();
  for (const Edit& edit : edits_) {
    out.append(from, edit.slice.data()).append(edit.with);
    from = edit.slice.data() + edit.slice.size();
  }
  out.append(from, text.data() + text.size());
  return out;
}

}  // namespace fiscalgate::protocol::bit
