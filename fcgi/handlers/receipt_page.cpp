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

constexpr std::string_view kLinkQr = "/link.svg";

}  // namespace

void ReceiptPage::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const base::Language language = PageLanguage(request);
  std::string_view path = request.url;
  const bool wants_qr = path.ends_with(kLinkQr);
  if (wants_qr) path.remove_suffix(kLinkQr.size());
  const std::string id = links_.IdOfToken(path.substr(path.rfind('/') + 1));
  if (id.empty()) return exchange->Reply(NoReceipt(base::Code::kNotFound, language));
  const auto view = store_.FindTask(id);
  if (!view) return exchange->Reply(NoReceipt(view.error().code, language));
  if (!*view) return exchange->Reply(NoReceipt(base::Code::kNotFound, language));
  if (wants_qr) {
    auto qr = LinkQr(cloud_.get(), **view);
    return exchange->Reply(qr ? SvgPicture(std::move(*qr))
                              : NoReceipt(base::Code::kNotFound, language));
  }
  TaskLinks links = LinksOf(cloud_.get(), **view);
  exchange->Reply(
      HtmlPage(web::RenderReceiptPage(**view, language,
                                      {std::move(links.payment_url), std::move(links.receipt_url)}),
               web::ReceiptPagePolicy()));
}

}  // namespace fiscalgate
