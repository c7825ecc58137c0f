// The thread of an engine that works in turns: it turns, sleeps until the next turn is due or
// something is in the mailbox, and ends when the engine has finished.
//
// An Engine has Turn(): when to turn again at the latest, empty = never; finished(); mailbox(), a
// base::Mailbox; in_flight(): how much it leaves behind. Start and Stop: one thread, Start once.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/clock.h"

namespace fiscalgate::base {

template <typename Engine>
class TurnThread {
 public:
  // `on_left` is told, on the thread, what was still running at the end, if anything was.
  TurnThread(Engine& engine, const Clock& clock, std::function<void(std::size_t)> on_left)
      : engine_(engine), clock_(clock), on_left_(std::move(on_left)) {}
  ~TurnThread() { Stop(); }
  TurnThread(const TurnThread&) = delete;
  TurnThread& operator=(const TurnThread&) = delete;

  void Start() {
    FG_CHECK(!thread_.joinable());
    thread_ = std::thread([this] { Run(); });
  }

  // Asks the engine to stop and waits until it has; letters that come later are counted as late.
  void Stop() {
    engine_.mailbox().AskStop();
    if (thread_.joinable()) thread_.join();
    engine_.mailbox().Close();
  }

 private:
  void Run() {
    for (;;) {
      const auto next = engine_.Turn();
      if (engine_.finished()) break;
      std::optional<Milliseconds> pause;
      if (next) pause = std::max(*next - clock_.Mono(), Milliseconds(0));
      engine_.mailbox().Wait(pause);
    }
    if (const std::size_t left = engine_.in_flight(); left > 0) on_left_(left);
  }

  Engine& engine_;
  const Clock& clock_;
  const std::function<void(std::size_t)> on_left_;
  std::thread thread_;
};

}  // namespace fiscalgate::base
