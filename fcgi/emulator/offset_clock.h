// A clock whose wall time can be put forward, to make a shift old. Any thread. Forgotten when the
// emulator ends.
#pragma once

#include <atomic>

#include "lib/base/clock.h"

namespace fiscalgate::emulator {

class OffsetClock final : public base::Clock {
 public:
  explicit OffsetClock(const base::Clock& clock) : clock_(clock) {}
  base::WallTime Now() const override { return clock_.Now() + base::Milliseconds(offset_ms_); }
  base::MonoTime Mono() const override { return clock_.Mono(); }
  void Advance(base::Milliseconds by) { offset_ms_ += by.count(); }
  base::Milliseconds offset() const { return base::Milliseconds(offset_ms_); }

 private:
  const base::Clock& clock_;
  std::atomic<std::int64_t> offset_ms_{0};
};

}  // namespace fiscalgate::emulator
