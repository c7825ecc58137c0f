#include "fcgi/handlers/receipt_page.h"

#include "fcgi/error_reply.h"
#include "fcgi/handlers/page.h"
#include "fcgi/web/no_receipt_page.h"
#include "fcgi/web/receipt_page.h"

namespace fiscalgate {
namespace {

http::Response NoReceipt(base::Code why, base::Language language) {
  http::Response response =
      HtmlPage(web::RenderNoReceiptPage(why, language), web::NoReceiptPagePolicy());
  response.status = HttpStatus(why);
  if (why == base::Code::kUnavailable) response.headers.emplace_back("Retry-After", "60");
  return response;
}

}  // namespace

void ReceiptPage::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const base::Language language = PageLanguage(request);
  const std::string id = links_.IdOfToken(request.url.substr(request.url.rfind('/') + 1));
  if (id.empty()) return exchange->Reply(NoReceipt(base::Code::kNotFound, language));
  const auto view = store_.FindTask(id);
  if (!view) return exchange->Reply(NoReceipt(view.error().code, language));
  if (!*view) return exchange->Reply(NoReceipt(base::Code::kNotFound, language));
  exchange->Reply(HtmlPage(web::RenderReceiptPage(**view, language), web::ReceiptPagePolicy()));
}

}  // namespace fiscalgate
