// GET /test: a page for whoever connects a shop: both modes of the protocol, with a receipt to edit
// and the signature shown step by step. Only where the configuration says so; the integrity code
// typed there is used in the page and never sent.
#pragma once

#include "fcgi/exchange.h"

namespace fiscalgate {

class TestPage final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override;
};

}  // namespace fiscalgate
