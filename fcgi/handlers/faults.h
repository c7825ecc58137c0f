// GET /docs/faults: all fault codes, for people who connect a shop. `?lang=en` or `?lang=ru`
// overrides Accept-Language.
#pragma once

#include <string>

#include "fcgi/exchange.h"

namespace fiscalgate {

class Faults final : public Handler {
 public:
  Faults();
  void Handle(ExchangePtr exchange) override;

 private:
  const std::string russian_, english_;
};

}  // namespace fiscalgate
