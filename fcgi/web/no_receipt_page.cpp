#include "fcgi/web/no_receipt_page.h"

#include "fcgi/web/frame.h"
#include "fcgi/web/receipt_words.h"

namespace fiscalgate::web {
namespace {

constexpr PageParts kNoReceiptPage{
    "main{max-width:34rem}\nh2{margin:1.5rem 0 0;font-size:1.125rem}\n",
    "<h2>{{title}}</h2>\n<p>{{text}}</p>\n"};

constexpr Words kMissing = {"", "Чек не найден", "No receipt here"};
constexpr Words kMissingText = {
    "",
    "По этому адресу чека нет. Проверьте, что ссылка скопирована целиком, или попросите её у "
    "магазина ещё раз.",
    "There is no receipt at this address. Please see that the link was copied whole, or ask the "
    "shop for it again."};
constexpr Words kAway = {"", "Чек сейчас не открыть", "The receipt cannot be opened now"};
constexpr Words kAwayText = {"", "С самим чеком ничего не случилось. Попробуйте через минуту.",
                             "Nothing has happened to it. Please try again in a minute."};

}  // namespace

std::string RenderNoReceiptPage(base::Code why, base::Language language) {
  const bool is_missing = why == base::Code::kNotFound;
  kainjow::mustache::data page;
  for (const Words& words : PageWords()) {
    page.set(std::string(words.name), Pick(words, language));
  }
  page.set("is_private", kainjow::mustache::data(true));
  page.set("title", Pick(is_missing ? kMissing : kAway, language));
  page.set("text", Pick(is_missing ? kMissingText : kAwayText, language));
  return RenderPage(kNoReceiptPage, language, page);
}

const std::string& NoReceiptPagePolicy() {
  static const std::string policy = PagePolicy(kNoReceiptPage);
  return policy;
}

}  // namespace fiscalgate::web
