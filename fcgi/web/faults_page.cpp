#include "fcgi/web/faults_page.h"

#include <string_view>

#include "fcgi/web/faults_page_html.h"
#include "lib/base/check.h"
#include "lib/ffd/fault_table.h"

namespace fiscalgate::web {
namespace {

using base::Language;
using ffd::FaultRank;
using kainjow::mustache::data;

struct Text {
  const char *name, *russian, *english;
};

constexpr Text kTexts[] = {
    {"t_title", "Коды ошибок чека", "Fault codes of receipts"},
    {"t_other_language", "English", "Русский"},
    {"t_intro",
     "Чек проверяется до того, как его увидит касса. Ошибки возвращаются все сразу, у каждой код и "
     "место в присланном тексте; предупреждения приходят с принятым чеком. Коды не меняются.",
     "A receipt is checked before the register sees it. All faults come back at once, each with a "
     "code and its place in the posted text; warnings come with an accepted receipt. Codes never "
     "change."},
    {"t_source", "Источник", "Source"},
    {"t_example", "Пример", "Example"},
    {"t_error", "ошибка", "error"},
    {"t_warning", "предупреждение", "warning"},
    {"t_switchable", "ошибка, переключается", "error, switchable"},
    {"t_switchable_why", "настройка магазина делает её предупреждением",
     "a switch of the shop makes it a warning"},
};

std::string Pick(const Text& text, Language language) {
  return language == Language::kEnglish ? text.english : text.russian;
}

const Text& RankText(FaultRank rank) {
  const char* name = rank == FaultRank::kError     ? "t_error"
                     : rank == FaultRank::kWarning ? "t_warning"
                                                   : "t_switchable";
  for (const Text& text : kTexts) {
    if (std::string_view(text.name) == name) return text;
  }
  base::CheckFailed("rank has a text", __FILE__, __LINE__);
}

// The table writes "[: %s]" where a value may follow.
std::string Readable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "%s") {
      out += "…";
      ++i;
    } else if (text[i] != '[' && text[i] != ']') {
      out += text[i];
    }
  }
  return out;
}

data RowOf(const ffd::FaultRow& fault, Language language) {
  const bool is_english = language == Language::kEnglish;
  data row;
  row.set("code", std::string(fault.name));
  row.set("rank", Pick(RankText(fault.rank), language));
  row.set("rank_class", std::string(RankText(fault.rank).name));
  row.set("text", Readable(is_english ? fault.en : fault.ru));
  row.set("other_text", Readable(is_english ? fault.ru : fault.en));
  row.set("source", std::string(is_english ? fault.source_en : fault.source_ru));
  row.set("example", std::string(is_english ? fault.ExampleEn() : fault.example_ru));
  return row;
}

}  // namespace

std::string RenderFaultsPage(Language language) {
  data page, rows{data::type::list};
  for (const Text& text : kTexts) page.set(text.name, Pick(text, language));
  for (const ffd::FaultRow& fault : ffd::AllFaults()) rows.push_back(RowOf(fault, language));
  page.set("faults", rows);
  return RenderPage(kFaultsPage, language, page);
}

const std::string& FaultsPagePolicy() {
  static const std::string policy = PagePolicy(kFaultsPage);
  return policy;
}

}  // namespace fiscalgate::web
