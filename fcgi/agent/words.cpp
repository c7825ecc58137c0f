#include "fcgi/agent/words.h"

#include "fcgi/agent/text.h"

namespace fiscalgate::agent {
namespace {

Language current = Language::kRussian;

}  // namespace

bool SetLanguage(std::string_view name) {
  const std::string lower = Lower(name.substr(0, 3));
  const std::string_view word = std::string_view(lower).substr(0, 2);
  const bool ends = lower.size() < 3 || lower[2] == '_' || lower[2] == '-' || lower[2] == '.';
  if (!ends || (word != "ru" && word != "en")) return false;
  current = word == "ru" ? Language::kRussian : Language::kEnglish;
  return true;
}

Language CurrentLanguage() { return current; }

std::string_view LanguageName() { return current == Language::kRussian ? "ru" : "en"; }

}  // namespace fiscalgate::agent
