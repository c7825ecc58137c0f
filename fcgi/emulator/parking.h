// Exchanges that are answered later: slow answers, and requests that hang. One thread of its own;
// request threads never wait. Any thread may call.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "fcgi/exchange.h"
#include "lib/base/clock.h"

namespace fiscalgate::emulator {

class Parking {
 public:
  explicit Parking(const base::Clock& clock);
  ~Parking();  // Stop
  Parking(const Parking&) = delete;
  Parking& operator=(const Parking&) = delete;

  // Answers after the delay.
  void ReplyLater(ExchangePtr exchange, http::Response response, base::Milliseconds delay);
  // Closes the connection unanswered when ReleaseHung is called, at the latest after
  // kMaxFaultDelay.
  void Hang(ExchangePtr exchange);
  void ReleaseHung();
  // Answers all that is parked now, and what comes later at once.
  void Stop();

  std::size_t size() const;
  // Looks at the clock again; for clocks that jump.
  void Wake();

 private:
  struct Parked {
    ExchangePtr exchange;
    http::Response response;
    bool hung = false;
  };
  void Park(Parked parked, base::Milliseconds delay);
  void Loop();
  std::vector<Parked> TakeDue();
  static void ReplyAll(std::vector<Parked> parked);

  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<base::MonoTime, Parked> parked_;
  bool release_hung_ = false;
  bool woken_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

// The web server closes the connection without a word: a location of its own answers 444.
http::Response DropResponse();

}  // namespace fiscalgate::emulator
