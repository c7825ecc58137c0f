#include "fcgi/handlers/courier.h"

#include <algorithm>
#include <utility>

#include "fcgi/error_reply.h"
#include "fcgi/handlers/page.h"
#include "fcgi/web/courier_page.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;

http::Response ToPage(std::string cookie) {
  http::Response response;
  response.status = 303;
  response.headers = {
      {"Location", "/courier"}, {"Set-Cookie", std::move(cookie)}, {"Cache-Control", "no-store"}};
  return response;
}

http::Response SignInPage(Language language, web::SignInTrouble trouble, int status) {
  http::Response response =
      HtmlPage(web::RenderSignIn(language, trouble), std::string(web::kCourierPolicy));
  response.status = status;
  return response;
}

// Nobody is signed in, or out, by a form of another site. Browsers without the header have none of
// our cookies there either: SameSite.
bool IsOurForm(const http::Request& request) {
  const std::string_view site = http::FindHeader(request.headers, "sec-fetch-site");
  return site.empty() || site == "same-origin" || site == "none";
}

std::string Field(const base::FormFields& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

void Courier::ShowPage(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  const Language language = PageLanguage(request);
  const auto session = door_.Enter(request);
  http::Response response =
      session ? HtmlPage(web::RenderCourier(session->courier, session->secret, language),
                         std::string(web::kCourierPolicy))
              : SignInPage(language, web::SignInTrouble::kNone, 200);
  exchange->Reply(std::move(response));
}

void Courier::SignIn(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  const Language language = PageLanguage(request);
  const auto form = base::ParseForm(request.body);
  if (!form || !IsOurForm(request)) {
    return exchange->Reply(SignInPage(language, web::SignInTrouble::kWrong, 403));
  }
  std::string cookie;
  const std::string login = base::ToLower(base::Trim(Field(*form, "login")));
  const std::string password(base::Trim(Field(*form, "password")));
  switch (door_.SignIn(login, password, exchange->remote_address(), &cookie)) {
    case CourierDoor::Answer::kWelcome:
      return exchange->Reply(ToPage(std::move(cookie)));
    case CourierDoor::Answer::kWrong:
      return exchange->Reply(SignInPage(language, web::SignInTrouble::kWrong, 401));
    case CourierDoor::Answer::kTooMany:
      return exchange->Reply(SignInPage(language, web::SignInTrouble::kTooMany, 429));
    case CourierDoor::Answer::kUnavailable:
      return exchange->Reply(SignInPage(language, web::SignInTrouble::kBusy, 503));
  }
}

void Courier::SignOut(ExchangePtr exchange) const {
  const bool is_ours = IsOurForm(exchange->request());
  if (!is_ours) {
    return exchange->Reply(ErrorResponse(Code::kForbidden, PageLanguage(exchange->request())));
  }
  exchange->Reply(ToPage(door_.FarewellCookie()));
}

void Courier::ShowGoods(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  const auto session = door_.Enter(request);
  if (!session) {
    return exchange->Reply(ErrorResponse(Code::kUnauthorized, PageLanguage(request)));
  }
  auto goods = couriers_.Goods(session->courier.shop);
  if (!goods) return exchange->Reply(ErrorResponse(goods.error().code, PageLanguage(request)));
  exchange->Reply(JsonResponse(std::move(*goods)));
}

}  // namespace fiscalgate
