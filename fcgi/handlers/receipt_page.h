// GET /r/{token}: the receipt for a buyer's eyes; /r/{token}/link.svg: the QR code of its page at
// the register's provider, if there is one. The token opens this page and nothing else;
// `?lang=en` or `?lang=ru` overrides Accept-Language. A refusal is a page too: whoever follows a
// link is a person.
#pragma once

#include "fcgi/cloud_window.h"
#include "fcgi/exchange.h"
#include "fcgi/links.h"
#include "lib/store/store.h"

namespace fiscalgate {

class ReceiptPage final : public Handler {
 public:
  ReceiptPage(store::Store& store, const Links& links, CloudWindowPtr cloud = {})
      : store_(store), links_(links), cloud_(std::move(cloud)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  store::Store& store_;
  const Links& links_;
  const CloudWindowPtr cloud_;
};

}  // namespace fiscalgate
