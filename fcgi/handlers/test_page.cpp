#include "fcgi/handlers/test_page.h"

#include <string>

#include "fcgi/handlers/page.h"
#include "fcgi/web/assets.h"
#include "lib/base/check.h"

namespace fiscalgate {

void TestPage::Handle(ExchangePtr exchange) {
  const web::Asset* page = web::FindAsset("test.html");
  FG_CHECK(page != nullptr);
  // The driver listens on the machine of whoever looks at the page, on a port of their choice.
  exchange->Reply(
      HtmlPage(std::string(page->body),
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
               "connect-src 'self' http://localhost:* http://127.0.0.1:*; "
               "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"));
}

}  // namespace fiscalgate
