// Time comes only through Clock, so that tests turn it by hand and need no sleep.
//
// Two clocks: wall time (stored, shown, signed; may jump) and monotonic time (time-outs, backoff;
// never jumps). Any thread may call a Clock.
#pragma once

#include <chrono>
#include <string>

namespace fiscalgate::base {

using Milliseconds = std::chrono::milliseconds;
// Wall time, UTC, millisecond resolution. Stored as integer milliseconds since 1970.
using WallTime = std::chrono::sys_time<Milliseconds>;
// Monotonic time; only differences mean anything.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;
  virtual MonoTime Mono() const = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime Now() const override;
  MonoTime Mono() const override;
};

inline std::int64_t ToMillis(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime FromMillis(std::int64_t ms) { return WallTime(Milliseconds(ms)); }

// "2026-11-21T10:15:30.123Z"
std::string FormatUtc(WallTime time);

}  // namespace fiscalgate::base
