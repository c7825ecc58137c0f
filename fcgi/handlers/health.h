// GET /healthz: the process answers. GET /readyz: it would take work, else 503 with the reasons.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fcgi/exchange.h"

namespace fiscalgate {

class Health final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override;
};

class Readiness final : public Handler {
 public:
  // Gives what stands in the way, as short names; empty: nothing. Called on request threads.
  using Reasons = std::function<std::vector<std::string>()>;
  explicit Readiness(Reasons reasons) : reasons_(std::move(reasons)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  const Reasons reasons_;
};

}  // namespace fiscalgate
