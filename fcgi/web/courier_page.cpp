#include "fcgi/web/courier_page.h"

#include <kainjow/mustache.hpp>

#include "fcgi/web/assets.h"
#include "fcgi/web/receipt_words.h"
#include "lib/base/check.h"

namespace fiscalgate::web {
namespace {

using base::Language;
using kainjow::mustache::data;

constexpr Words kWords[] = {
    {"t_courier", "Курьер", "Courier"},
    {"t_other_language", "English", "Русский"},
    {"t_sign_in", "Войти", "Sign in"},
    {"t_sign_out", "Выйти", "Sign out"},
    {"t_login", "Логин", "Login"},
    {"t_password", "Пароль", "Password"},
    {"t_find", "Найти товар", "Find goods"},
    {"t_other", "Другой товар", "Other goods"},
    {"t_name", "Название", "Name"},
    {"t_price", "Цена, ₽", "Price, ₽"},
    {"t_add", "Добавить", "Add"},
    {"t_cart", "Чек", "Receipt"},
    {"t_empty", "Пока пусто: выберите товары.", "Nothing yet: pick some goods."},
    {"t_contact", "Почта или телефон покупателя", "Buyer's e-mail or phone"},
    {"t_contact_note", "Можно не заполнять: тогда чек напечатает касса.",
     "May be left out: the register prints the receipt then."},
    {"t_total", "Итого", "Total"},
    {"t_cash", "Наличные", "Cash"},
    {"t_card", "Карта", "Card"},
    {"t_order", "Заказ", "Order"},
    {"t_qr", "QR-код чека: покажите покупателю", "QR code of the receipt: show it to the buyer"},
    {"t_receipt", "Открыть чек", "Open the receipt"},
    {"t_details", "Подробнее", "Details"},
    {"t_next", "Новая продажа", "New sale"},
    {"t_back", "Исправить", "Change it"},
    {"t_retry", "Войти снова", "Sign in again"},
    {"t_noscript", "Этой странице нужен JavaScript.", "This page needs JavaScript."},
};

std::string TroubleText(SignInTrouble trouble, Language language) {
  switch (trouble) {
    case SignInTrouble::kNone:
      return "";
    case SignInTrouble::kWrong:
      return Pick({"", "Логин или пароль не подходит.", "Login or password does not fit."},
                  language);
    case SignInTrouble::kTooMany:
      return Pick({"", "Слишком много попыток. Подождите 15 минут.",
                   "Too many tries. Please wait 15 minutes."},
                  language);
    case SignInTrouble::kBusy:
      return Pick({"", "Сейчас не получается, попробуйте ещё раз.",
                   "That does not work right now, please try again."},
                  language);
  }
  FG_CHECK(false);
}

data BaseOf(Language language) {
  data page;
  for (const Words& words : kWords) page.set(std::string(words.name), Pick(words, language));
  const bool is_english = language == Language::kEnglish;
  page.set("lang", is_english ? "en" : "ru");
  page.set("other_lang", is_english ? "ru" : "en");
  page.set("style", AssetUrl("pages.css"));
  page.set("courier_style", AssetUrl("courier.css"));
  page.set("script", AssetUrl("courier.js"));
  return page;
}

std::string Render(std::string_view asset, const data& page) {
  const Asset* text = FindAsset(asset);
  FG_CHECK(text != nullptr);
  kainjow::mustache::mustache page_template{std::string(text->body)};
  FG_CHECK(page_template.is_valid());
  return page_template.render(page);
}

}  // namespace

std::string RenderSignIn(Language language, SignInTrouble trouble) {
  data page = BaseOf(language);
  const std::string text = TroubleText(trouble, language);
  if (!text.empty()) page.set("trouble", text);
  return Render("sign_in.html", page);
}

std::string RenderCourier(const store::Courier& courier, const std::string& secret,
                          Language language) {
  data page = BaseOf(language);
  page.set("login", courier.login);
  page.set("name", courier.name);
  page.set("secret", secret);
  return Render("courier.html", page);
}

}  // namespace fiscalgate::web
