#include "lib/dispatch/talk_breaker.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/task/schedule.h"

namespace fiscalgate::dispatch {

bool TalkBreaker::Worked() {
  const bool was_open = !closed();
  troubles_ = openings_ = 0;
  probing_ = false;
  return was_open;
}

bool TalkBreaker::Trouble(bool probe, base::MonoTime now, double random) {
  if (closed()) {
    if (++troubles_ < base::kTroublesToOpen) return false;
    Open(now, random);
    return true;
  }
  // What was sent before it opened tells nothing new.
  if (probe) Open(now, random);
  return false;
}

void TalkBreaker::Open(base::MonoTime now, double random) {
  ++openings_;
  probing_ = false;
  until_ = now + task::LanePause(openings_, random);
}

void TalkBreaker::AllowProbe(base::MonoTime now) { until_ = std::min(until_, now); }

}  // namespace fiscalgate::dispatch
