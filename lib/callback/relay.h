// The relay: one thread that posts results to shops until they say 2xx, on task::CallbackPause;
// after the last pause a callback is dead-lettered: visible, counted, and can be replayed.
//
// Per shop at most kMaxCallbacksInFlightPerShop deliveries run at once; per address (origin) a
// breaker opens after five failures in a row and lets one probe through per pause. So dead
// addresses cost no one else's time. Nothing is ever disabled silently; 410 is a failure like any
// other. Retry-After is honoured within [pause, 2 x pause].
//
// A delivery is at least once: a crash between the shop's 2xx and its record repeats it, with the
// same webhook-id.
#pragma once

#include <functional>
#include <memory>

#include "lib/base/clock.h"
#include "lib/http/sender.h"
#include "lib/store/store.h"

namespace fiscalgate::callback {

struct Options {
  std::shared_ptr<const http::AddressGuard> guard;
  std::chrono::milliseconds timeout{15'000};
  bool allow_plain_http = true;
  std::chrono::milliseconds grace{3'000};  // Stop waits this long for running deliveries
  // May make another request of one that is about to be sent; empty: they leave as they are.
  std::function<void(const task::Shop&, http::Request*)> redirect = {};
  // Whose callbacks this node sends, where there are several; empty: all shops'. When it says
  // something else, Rescan. For a moment two may send to one shop: at least once, as ever.
  std::function<bool(task::ShopKey)> is_ours = {};
};

struct Counters {
  std::int64_t delivered = 0, failed_tries = 0, dead = 0, breakers_open = 0;
};

class Relay {
 public:
  Relay(store::Store& store, http::Sender& sender, const base::Clock& clock,
        std::function<task::DirectoryPtr()> directory, std::function<void(task::TaskSeq)> on_change,
        Options options);
  ~Relay();
  void Start();
  void Stop();
  // There is a new callback of this shop, due now. Any thread; never blocks.
  void Notify(task::ShopKey shop);
  // An operator replayed something: look at every shop again. Any thread.
  void Rescan();
  Counters counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fiscalgate::callback
