// The alphabet of registers: CP866. What is not in it is replaced by what looks most like it, and
// told. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fiscalgate::ffd {

struct Cp866Count {
  std::size_t bytes = 0;    // in CP866, replacements included
  bool is_changed = false;  // something had to be replaced
};
// UTF-8 in; bad bytes count as one '?' each.
Cp866Count CountCp866(std::string_view utf8);

// Letters, signs and lines of CP866 stay (№, ё, °, ·, ┌); « » become ", — becomes -, … becomes
// ..., control characters become blanks, an unknown character becomes '?'.
std::string ToCp866(std::string_view utf8);
// What the buyer sees, in UTF-8: the same text with everything replaced that had to be.
std::string AsPrinted(std::string_view utf8);

}  // namespace fiscalgate::ffd
