// GET /api/fiscal/events?account=…&after=SEQ&limit=N&wait=S&ts=UNIX&signature=HEX: the feed of a
// shop's outcomes, in order, for shops that would rather ask than be called.
//
// signature = hex(HMAC-SHA256(integrity code, "GET /api/fiscal/events?" + everything before
// "&signature=")), and it comes last; ts may differ from our clock by kMaxClockDifference. One
// answer for an unknown account, a wrong signature and a stale ts.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fcgi/directory_cache.h"
#include "fcgi/exchange.h"
#include "fcgi/waiters.h"
#include "lib/base/clock.h"
#include "lib/store/store.h"

namespace fiscalgate {

class Events final : public Handler {
 public:
  static constexpr std::chrono::minutes kMaxClockDifference{5};

  // `complete`: up to which number all events there will be are to be seen; a greater one is not
  // shown yet, for a shop would never ask for a lesser one again. Empty: numbers appear in order.
  Events(store::Store& store, const base::Clock& clock, DirectoryCache& directory, Waiters& waiters,
         std::function<std::int64_t()> complete = {})
      : store_(store),
        clock_(clock),
        directory_(directory),
        waiters_(waiters),
        complete_(std::move(complete)) {}
  void Handle(ExchangePtr exchange) override;

  // What a client puts after "&signature=". `query` is everything before it.
  static std::string Sign(std::string_view query, const base::Secret& code);

 private:
  struct Ask {
    task::ShopKey shop = 0;
    std::int64_t after = 0;
    int limit = 0;
    std::chrono::seconds wait{0};
  };
  // Empty: turned away.
  std::optional<task::ShopKey> Authenticate(const std::string& query) const;
  std::optional<task::ShopKey> Authenticate(std::string_view query,
                                            const task::Directory& directory) const;
  ExchangePtr Look(ExchangePtr exchange, const Ask& ask, bool last) const;

  store::Store& store_;
  const base::Clock& clock_;
  DirectoryCache& directory_;
  Waiters& waiters_;
  const std::function<std::int64_t()> complete_;
};

}  // namespace fiscalgate
