// The thread that does what time brings: it ages transactions, has their receipts printed and
// sends notifications. Without it nothing would be told to a shop that does not ask. Start and
// Stop: one thread; Ring: any, whatever it holds.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "lib/base/clock.h"

namespace fiscalgate::emulator::begateway {

class Clerk {
 public:
  // How long to rest after it; empty = until somebody rings.
  using Turn = std::function<std::optional<base::Milliseconds>()>;

  explicit Clerk(Turn turn) : turn_(std::move(turn)) {}
  ~Clerk() { Stop(); }
  void Start();
  void Stop();
  void Ring();

 private:
  void Loop();

  const Turn turn_;
  std::mutex mutex_;
  std::condition_variable rung_;
  bool is_rung_ = false, is_stopped_ = false;
  std::thread thread_;
};

}  // namespace fiscalgate::emulator::begateway
