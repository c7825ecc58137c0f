// The two languages of what the agent says. The language is chosen once, before any thread starts.
#pragma once

#include <string>
#include <string_view>

namespace fiscalgate::agent {

enum class Language { kRussian, kEnglish };

// "ru" or "en", or a locale such as en_US.UTF-8; anything else leaves the language as it is.
bool SetLanguage(std::string_view name);
Language CurrentLanguage();
std::string_view LanguageName();

// The one of the two that is spoken.
inline const char* Tr(const char* russian, const char* english) {
  return CurrentLanguage() == Language::kRussian ? russian : english;
}

}  // namespace fiscalgate::agent
