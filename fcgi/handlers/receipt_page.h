// GET /r/{token}: the receipt for a buyer's eyes. The token opens this page and nothing else;
// `?lang=en` or `?lang=ru` overrides Accept-Language. A refusal is a page too: whoever follows a
// link is a person.
#pragma once

#include "fcgi/exchange.h"
#include "fcgi/links.h"
#include "lib/store/store.h"

namespace fiscalgate {

class ReceiptPage final : public Handler {
 public:
  ReceiptPage(store::Store& store, const Links& links) : store_(store), links_(links) {}
  void Handle(ExchangePtr exchange) override;

 private:
  store::Store& store_;
  const Links& links_;
};

}  // namespace fiscalgate
