// A clock that a test turns by hand. Any thread.
#pragma once

#include <atomic>

#include "lib/base/clock.h"

namespace fiscalgate::testing {

class FakeClock final : public base::Clock {
 public:
  base::WallTime Now() const override { return base::FromMillis(wall_ms_); }
  base::MonoTime Mono() const override { return base::MonoTime(base::Milliseconds(mono_ms_)); }
  // Both clocks go on.
  void Advance(base::Milliseconds by) {
    wall_ms_ += by.count();
    mono_ms_ += by.count();
  }
  // Only the wall clock jumps.
  void JumpWall(base::Milliseconds by) { wall_ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> wall_ms_{1'795'255'200'000};  // 2026-11-21T10:00:00Z
  std::atomic<std::int64_t> mono_ms_{1'000'000};
};

}  // namespace fiscalgate::testing
