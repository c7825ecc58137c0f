#include "fcgi/emulator/begateway/gateway.h"
#include "fcgi/emulator/begateway/pages.h"
#include "fcgi/query.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::begateway {
namespace {

using Request = const http::Request&;

constexpr std::string_view kBroken = "Память эмулятора отказала";

std::string_view Last(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string FormField(Request request, std::string_view name) {
  const auto form = base::ParseForm(request.body);
  if (!form) return "";
  for (const auto& [key, value] : *form) {
    if (key == name) return value;
  }
  return "";
}

// In the address, as the page was opened with, or in the form.
std::string TokenOf(Request request) {
  const std::string token(Query(request.query).Text("token"));
  return token.empty() ? FormField(request, "token") : token;
}

http::Response End(const std::string& address, std::string_view words) {
  return address.empty() ? EndPage(words) : GoTo(address);
}

std::string_view WordsOf(Status status) {
  switch (status) {
    case Status::kSuccessful:
      return "Оплата прошла.";
    case Status::kExpired:
      return "Время оплаты вышло.";
    case Status::kIncomplete:
    case Status::kPending:
      return "Оплата ещё не завершена.";
    case Status::kFailed:
      break;
  }
  return "Оплата отклонена.";
}

}  // namespace

void Gateway::AddPages(std::vector<cloud::Call>* calls) {
  constexpr const char* kStep = "page";
  calls->push_back({"GET", "/v2/checkout", kStep, [this](Request r) { return CheckoutPage(r); }});
  calls->push_back({"POST", "/v2/checkout", kStep, [this](Request r) { return PressCheckout(r); }});
  calls->push_back({"GET", "/process/*", kStep, [this](Request r) { return ProcessPage(r); }});
  calls->push_back({"POST", "/process/*", kStep, [this](Request r) { return PressProcess(r); }});
}

http::Response Gateway::CheckoutPage(Request request) {
  const Checkout* const checkout = checkouts_.Find(TokenOf(request));
  if (checkout == nullptr) return EndPage("Такой страницы нет.", 404);
  if (!checkout->uid.empty()) {
    const auto view = book_.Look(checkout->uid);
    return view ? EndPage(WordsOf(view->transaction.status)) : EndPage(kBroken, 500);
  }
  const bool is_over = checkout->cancelled || checkouts_.IsExpired(*checkout);
  return is_over ? EndPage("Время оплаты вышло.") : PayPage(checkout->order.payment);
}

http::Response Gateway::PressCheckout(Request request) {
  const std::string action = FormField(request, "action"), token = TokenOf(request);
  const Checkout* const checkout = checkouts_.Find(token);
  if (checkout == nullptr) return EndPage("Такой страницы нет.", 404);
  if (action != "pay" && action != "decline" && action != "cancel") {
    return EndPage("Такой кнопки нет.", 400);
  }
  seen_url_ = SiteOf(request).public_url;
  const Press press = action == "pay"       ? Press::kPay
                      : action == "decline" ? Press::kDecline
                                            : Press::kCancel;
  if (auto decided = checkouts_.Decide(token, press); !decided) return EndPage(kBroken, 500);
  if (checkout->uid.empty()) {
    return End(ReturnAddress(*checkout, nullptr), "Оплаты не было.");
  }
  const auto view = book_.Look(checkout->uid);
  if (!view) return EndPage(kBroken, 500);
  return End(ReturnAddress(*checkout, &*view), WordsOf(view->transaction.status));
}

http::Response Gateway::ProcessPage(Request request) {
  const std::string uid(Last(request.url));
  if (book_.Find(uid) == nullptr) return EndPage("Такого платежа нет.", 404);
  const auto view = book_.Look(uid);
  if (!view) return EndPage(kBroken, 500);
  const bool asks = view->transaction.status == Status::kIncomplete;
  return asks ? ConfirmPage(view->transaction) : EndPage(WordsOf(view->transaction.status));
}

http::Response Gateway::PressProcess(Request request) {
  const std::string uid(Last(request.url)), action = FormField(request, "action");
  if (book_.Find(uid) == nullptr) return EndPage("Такого платежа нет.", 404);
  if (action != "confirm" && action != "decline") return EndPage("Такой кнопки нет.", 400);
  seen_url_ = SiteOf(request).public_url;
  if (auto decided = book_.Decide(uid, action == "confirm"); !decided) {
    return EndPage(kBroken, 500);
  }
  const auto view = book_.Look(uid);
  if (!view) return EndPage(kBroken, 500);
  return End(ReturnAddress(*view), WordsOf(view->transaction.status));
}

}  // namespace fiscalgate::emulator::begateway
