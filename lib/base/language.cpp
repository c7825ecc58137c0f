#include "lib/base/language.h"

#include <algorithm>
#include <cstddef>

#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

// "0.8" -> 800. Anything that cannot be read counts as 1, as if it were not there.
int Weight(std::string_view parameter) {
  const std::string_view text = Trim(parameter);
  if (text.size() < 3 || (text[0] != 'q' && text[0] != 'Q') || text[1] != '=') return 1000;
  int weight = 0, scale = 1000;
  for (const char c : text.substr(2, 5)) {
    if (c == '.') continue;
    if (c < '0' || c > '9') return 1000;
    weight += (c - '0') * scale;
    scale /= 10;
  }
  return std::min(weight, 1000);
}

}  // namespace

Language PickLanguage(std::string_view accept_language) {
  int russian = 0, english = 0;
  while (!accept_language.empty()) {
    const std::size_t end = std::min(accept_language.find(','), accept_language.size());
    const std::string_view entry = accept_language.substr(0, end);
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    const std::size_t semicolon = std::min(entry.find(';'), entry.size());
    const std::string_view name = Trim(entry.substr(0, semicolon));
    const int weight = semicolon < entry.size() ? Weight(entry.substr(semicolon + 1)) : 1000;
    const std::string_view primary = name.substr(0, name.find('-'));
    if (EqualsIgnoreCase(primary, "ru")) russian = std::max(russian, weight);
    if (EqualsIgnoreCase(primary, "en")) english = std::max(english, weight);
  }
  return english > russian ? Language::kEnglish : Language::kRussian;
}

}  // namespace fiscalgate::base
