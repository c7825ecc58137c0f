// Random numbers that spread retries over time: uniform in [0, 1), seeded by the machine. Not for
// secrets. Each function that is given has a generator of its own; one thread at a time.
#pragma once

#include <functional>
#include <random>

namespace fiscalgate::base {

inline std::function<double()> Uniform() {
  return [engine = std::mt19937(std::random_device{}()),
          spread = std::uniform_real_distribution<double>(0.0, 1.0)]() mutable {
    return spread(engine);
  };
}

}  // namespace fiscalgate::base
