#include "fcgi/handlers/page.h"

#include <utility>

#include "fcgi/error_reply.h"
#include "fcgi/query.h"

namespace fiscalgate {

base::Language PageLanguage(const http::Request& request) {
  const Query query(request.query);
  if (query.Text("lang") == "en") return base::Language::kEnglish;
  if (query.Text("lang") == "ru") return base::Language::kRussian;
  return LanguageOf(request);
}

http::Response HtmlPage(std::string html, const std::string& policy) {
  http::Response response;
  response.status = 200;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", policy},
                      {"Cache-Control", "no-store"},
                      {"Vary", "Accept-Language"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(html);
  return response;
}

http::Response SvgPicture(std::string svg) {
  http::Response response = HtmlPage(std::move(svg), "default-src 'none'; frame-ancestors 'none'");
  response.headers[0].second = "image/svg+xml";
  return response;
}

}  // namespace fiscalgate
