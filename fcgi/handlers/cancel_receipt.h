// POST /api/fiscal/receipts/{id}/cancel: the shop takes a task back that was not sent yet.
//
//   Authorization: Bearer <integrity code>    BIT-Account-ID: <account>
// 200 it is cancelled, also if it was before; 409 with its state: it has been sent, or is over; 404
// the shop has no such task. Limited in rate as posts are, but counted apart from them.
#pragma once

#include <functional>

#include "fcgi/door.h"
#include "fcgi/exchange.h"
#include "lib/store/store.h"

namespace fiscalgate {

class CancelReceipt final : public Handler {
 public:
  struct Parts {
    store::Store& store;
    const base::Clock& clock;
    DirectoryCache& directory;
    Intake& intake;
    std::function<void(const task::Task&)> on_change;  // the task is cancelled now
  };
  explicit CancelReceipt(Parts parts)
      : parts_(std::move(parts)),
        rate_limiter_(parts_.clock),
        door_({parts_.clock, parts_.directory, rate_limiter_, parts_.intake}) {}

  // Any request thread; waits for the commit.
  void Handle(ExchangePtr exchange) override;

 private:
  http::Response Answer(const http::Request& request) const;

  const Parts parts_;
  RateLimiter rate_limiter_;
  const Door door_;
};

}  // namespace fiscalgate
