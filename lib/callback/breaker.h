// Which addresses (origins) are worth a try. Pure; the relay's thread.
//
// closed: all may go. After five failures in a row it opens: nothing goes until its pause is over,
// then one delivery goes as a probe (half-open). A probe that succeeds closes it; one that fails
// begins a longer pause: 30 s, 1, 2, 5 min, +-20 %.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "lib/base/clock.h"

namespace fiscalgate::callback {

using base::Milliseconds;
using base::MonoTime;

inline constexpr int kFailuresToOpen = 5;

class Breakers {
 public:
  enum class Permit {
    kGo,       // the caller will Report how it went
    kProbing,  // another delivery is the probe; it will tell
    kOpen,     // until `until`
  };
  struct Verdict {
    Permit permit = Permit::kGo;
    bool probe = false;  // of kGo: this delivery decides
    MonoTime until{};
  };
  // Asks for one delivery. When open and its pause is over, the asker becomes the probe.
  Verdict Ask(const std::string& origin, MonoTime now);
  // `probe` as the verdict said.
  void Report(const std::string& origin, bool delivered, bool probe, MonoTime now, double random);
  // Someone has reason to think that things have changed: open ones may be probed at once.
  void AllowProbes(MonoTime now);
  std::size_t open() const { return open_; }

 private:
  struct Breaker {
    int failures = 0;  // in a row
    int openings = 0;  // in a row
    bool open = false;
    bool probing = false;
    MonoTime until{};
    MonoTime touched{};
  };
  void MakeRoom(MonoTime now);
  // Only addresses that failed last have one.
  std::unordered_map<std::string, Breaker> breakers_;
  std::size_t open_ = 0;
  MonoTime swept_{};
};

}  // namespace fiscalgate::callback
