// POST /api/fiscal/receipts/{id}/retry: the shop has a failed task of a cloud register done again;
// how, is for the register's provider to say: what is done of it already is not done twice.
//
//   Authorization: Bearer <integrity code>    BIT-Account-ID: <account>
// 200 it is queued; 409 with its state: it has not failed, or it went to a register with a driver,
// where an operator decides, as of what no provider has notes of; 404 the shop has no such task.
// Limited in rate as posts are, but counted apart from them.
#pragma once

#include <functional>

#include "fcgi/cloud_window.h"
#include "fcgi/door.h"
#include "fcgi/exchange.h"
#include "lib/store/store.h"

namespace fiscalgate {

class RetryReceipt final : public Handler {
 public:
  struct Parts {
    store::Store& store;
    const base::Clock& clock;
    DirectoryCache& directory;
    Intake& intake;
    std::function<void(const task::Task&)> on_change;  // the task is queued again
    std::function<void(task::RegisterKey)> notify;     // in this lane
    CloudWindowPtr cloud;
  };
  explicit RetryReceipt(Parts parts)
      : parts_(std::move(parts)),
        rate_limiter_(parts_.clock),
        door_({parts_.clock, parts_.directory, rate_limiter_, parts_.intake}) {}

  // Any request thread; waits for the commit.
  void Handle(ExchangePtr exchange) override;

 private:
  http::Response Answer(const http::Request& request) const;
  http::Response Retry(const task::Task& before, const Visit& visit) const;

  const Parts parts_;
  RateLimiter rate_limiter_;
  const Door door_;
};

}  // namespace fiscalgate
