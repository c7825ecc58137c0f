#include "fcgi/handlers/faults.h"

#include "fcgi/handlers/page.h"
#include "fcgi/web/faults_page.h"

namespace fiscalgate {

Faults::Faults()
    : russian_(web::RenderFaultsPage(base::Language::kRussian)),
      english_(web::RenderFaultsPage(base::Language::kEnglish)) {}

void Faults::Handle(ExchangePtr exchange) {
  const bool is_english = PageLanguage(exchange->request()) == base::Language::kEnglish;
  exchange->Reply(HtmlPage(is_english ? english_ : russian_, web::FaultsPagePolicy()));
}

}  // namespace fiscalgate
