// When to try again. Pure functions; `random` is uniform in [0, 1).
#pragma once

#include <chrono>
#include <optional>

namespace fiscalgate::task {

using Seconds = std::chrono::seconds;

// Pause before the next try of a lane whose register cannot be reached: 1, 2, 5, 10, 30, then 60 s,
// +-20 %. `failures` counts those in a row, from 1.
std::chrono::milliseconds LanePause(int failures, double random);

// Pause before delivery number `attempt` + 1 of a callback: 10 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h,
// 14 h, 20 h, 24 h (75 h in all), +-20 %; empty after the last: the callback is dead-lettered.
// `attempt` counts from 1.
std::optional<std::chrono::milliseconds> CallbackPause(int attempt, double random);

}  // namespace fiscalgate::task
