// GET /: what this is, for somebody who has only the address.
#pragma once

#include "fcgi/exchange.h"

namespace fiscalgate {

class Index final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override;
};

}  // namespace fiscalgate
