#include "lib/task/schedule.h"

#include <algorithm>
#include <iterator>

namespace fiscalgate::task {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr Seconds kLanePauses[] = {1s, 2s, 5s, 10s, 30s, 60s};
constexpr Seconds kCallbackPauses[] = {10s, 1min, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};

// +-20 %, so that what failed together does not come back together.
milliseconds Spread(Seconds pause, double random) {
  const auto ms = static_cast<double>(milliseconds(pause).count());
  return milliseconds(static_cast<std::int64_t>(ms * (0.8 + 0.4 * random)));
}

}  // namespace

milliseconds LanePause(int failures, double random) {
  const int last = static_cast<int>(std::size(kLanePauses)) - 1;
  return Spread(kLanePauses[std::clamp(failures - 1, 0, last)], random);
}

std::optional<milliseconds> CallbackPause(int attempt, double random) {
  if (attempt > static_cast<int>(std::size(kCallbackPauses))) return std::nullopt;
  return Spread(kCallbackPauses[std::max(attempt - 1, 0)], random);
}

}  // namespace fiscalgate::task
