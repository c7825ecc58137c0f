// The two languages of every text that reaches a person.
#pragma once

#include <string_view>

namespace fiscalgate::base {

enum class Language { kRussian, kEnglish };

// Picks from an Accept-Language header: English only if it is preferred to Russian; Russian
// otherwise.
Language PickLanguage(std::string_view accept_language);

}  // namespace fiscalgate::base
