// What the receipt page says, in both languages. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/base/language.h"
#include "lib/task/task.h"

namespace fiscalgate::web {

struct Words {
  std::string_view name, russian, english;
};

inline std::string Pick(const Words& words, base::Language language) {
  return std::string(language == base::Language::kEnglish ? words.english : words.russian);
}

// Those the template names by themselves.
std::span<const Words> PageWords();

// `name` is the style's class.
Words StateWords(task::State state);
Words KindWords(int type_1054, bool is_correction);
Words PaymentWords(int tag);    // 1031, 1081, 1215, 1216, 1217
Words TaxationWords(int bit);   // 1055
Words RateWords(int rate);      // 1199
Words MethodWords(int method);  // 1214
// "" for pieces.
Words UnitWords(int unit);  // 2108

}  // namespace fiscalgate::web
