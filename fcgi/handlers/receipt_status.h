// GET /api/fiscal/receipts/{id}: what is known of a task. `?wait=25` waits so many seconds, at most
// kMaxWait, for it to be over (done, failed, unknown or cancelled).
//
// The id cannot be guessed and is the permission. Addresses of registers and the words of other
// people's servers are not shown.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "fcgi/cloud_window.h"
#include "fcgi/exchange.h"
#include "fcgi/links.h"
#include "fcgi/waiters.h"
#include "lib/store/store.h"

namespace fiscalgate {

class ReceiptStatus final : public Handler {
 public:
  // `directory` gives the names of registers; without it none are shown. `cloud` knows what their
  // providers have to show.
  ReceiptStatus(store::Store& store, Waiters& waiters, const Links& links,
                std::function<task::DirectoryPtr()> directory = {}, CloudWindowPtr cloud = {})
      : store_(store),
        waiters_(waiters),
        links_(links),
        directory_(std::move(directory)),
        cloud_(std::move(cloud)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  std::string Describe(const store::TaskView& view, base::Language language) const;
  // Answers, or gives the exchange back and says what to wait for.
  ExchangePtr Look(ExchangePtr exchange, const std::string& id, bool last,
                   task::TaskSeq* seq) const;

  store::Store& store_;
  Waiters& waiters_;
  const Links& links_;
  const std::function<task::DirectoryPtr()> directory_;
  const CloudWindowPtr cloud_;
};

}  // namespace fiscalgate
