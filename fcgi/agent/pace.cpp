#include "fcgi/agent/pace.h"

#include <algorithm>
#include <iterator>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"

namespace fiscalgate::agent {

std::int64_t Pace::NextMs() {
  const std::int64_t usual = kRetryMs[step_];
  step_ = std::min(step_ + 1, std::size(kRetryMs) - 1);
  const auto chance = static_cast<unsigned char>(platform::RandomBytes(1).front());
  return usual + usual / 10 * chance / 255;
}

}  // namespace fiscalgate::agent
