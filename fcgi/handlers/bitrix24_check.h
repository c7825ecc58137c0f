// POST /api/bitrix24/check: the CHECK_URL of a cash register in Bitrix24
// (lib/protocol/bitrix24/README.md). The portal posts nothing but the UUID it was given: the id of
// the task, which is the permission.
//
// Always 200 with a STATUS. A portal takes whatever it cannot read for "printed", so that what the
// gateway does not know for a moment is WAIT.
#pragma once

#include <string>

#include "fcgi/exchange.h"
#include "lib/store/store.h"

namespace fiscalgate {

class Bitrix24Check final : public Handler {
 public:
  explicit Bitrix24Check(store::Store& store) : store_(store) {}
  void Handle(ExchangePtr exchange) override;

 private:
  std::string Answer(const http::Request& request) const;

  store::Store& store_;
};

}  // namespace fiscalgate
