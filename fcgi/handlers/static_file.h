// GET /static/{name}: styles and scripts of the pages. With the `?v=` that the pages give, an
// answer may be kept for ever; without it, or with an old one, it is asked for again by its ETag.
#pragma once

#include "fcgi/exchange.h"

namespace fiscalgate {

class StaticFile final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override;
};

}  // namespace fiscalgate
