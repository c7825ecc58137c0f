#include "fcgi/emulator/begateway/pages.h"

#include "fcgi/emulator/page_parts.h"

namespace fiscalgate::emulator::begateway {
namespace {

struct Button {
  std::string_view action, words;
};

// A browser minds form-action for the redirect behind the form too, and that leads to the shop.
http::Response Page(std::string body, int status) {
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Cache-Control", "no-store"},
           {"Referrer-Policy", "no-referrer"},
           {"Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action *; base-uri 'none'; "
            "frame-ancestors 'none'"},
           {"X-Content-Type-Options", "nosniff"}},
          PageHead("Эмулятор платёжной страницы") + body + "</body></html>\n"};
}

std::string Order(const Transaction& one) {
  return "<p>" + Escape(one.description) + "</p>\n<p><strong>" + base::FormatMoney(one.amount) +
         " " + Escape(one.currency) + "</strong></p>\n";
}

template <std::size_t count>
std::string Buttons(const Button (&buttons)[count]) {
  std::string out = "<form method=\"post\">\n";
  for (const Button& button : buttons) {
    out += "<button name=\"action\" value=\"" + std::string(button.action) + "\">" +
           std::string(button.words) + "</button>\n";
  }
  return out + "</form>\n";
}

}  // namespace

http::Response PayPage(const Transaction& payment) {
  constexpr Button kButtons[] = {
      {"pay", "Оплатить"}, {"decline", "Отклонить (банк откажет)"}, {"cancel", "Вернуться"}};
  return Page(Order(payment) + Buttons(kButtons), 200);
}

http::Response ConfirmPage(const Transaction& transaction) {
  constexpr Button kButtons[] = {{"confirm", "Подтвердить"}, {"decline", "Отказаться"}};
  return Page("<p>Банк спрашивает, вы ли платите.</p>\n" + Order(transaction) + Buttons(kButtons),
              200);
}

http::Response EndPage(std::string_view words, int status) {
  return Page("<p>" + Escape(words) + "</p>\n", status);
}

http::Response GoTo(const std::string& address) {
  return {303, {{"Location", address}, {"Cache-Control", "no-store"}}, ""};
}

}  // namespace fiscalgate::emulator::begateway
