#include "lib/callback/breaker.h"

#include <algorithm>
#include <array>

#include "lib/base/limits.h"

namespace fiscalgate::callback {
namespace {

constexpr std::chrono::minutes kForgetAfter{60};
constexpr std::chrono::minutes kSweepEvery{1};

Milliseconds OpenPause(int openings, double random) {
  constexpr std::array<std::int64_t, 4> kPausesMs{30'000, 60'000, 120'000, 300'000};
  const auto last = static_cast<int>(kPausesMs.size());
  const auto pause = kPausesMs[static_cast<std::size_t>(std::clamp(openings, 1, last) - 1)];
  return Milliseconds(static_cast<std::int64_t>(static_cast<double>(pause) * (0.8 + 0.4 * random)));
}

}  // namespace

Breakers::Verdict Breakers::Ask(const std::string& origin, MonoTime now) {
  const auto it = breakers_.find(origin);
  if (it == breakers_.end() || !it->second.open) return {};
  Breaker& breaker = it->second;
  if (breaker.probing) return {Permit::kProbing, false, {}};
  if (now < breaker.until) return {Permit::kOpen, false, breaker.until};
  breaker.probing = true;
  return {Permit::kGo, true, {}};
}

void Breakers::Report(const std::string& origin, bool delivered, bool probe, MonoTime now,
                      double random) {
  const auto known = breakers_.find(origin);
  if (delivered) {
    if (known == breakers_.end()) return;
    if (known->second.open) --open_;
    breakers_.erase(known);
    return;
  }
  if (known == breakers_.end()) {
    MakeRoom(now);
    // Beyond the limit an address goes without: the caps of its shop still hold.
    if (breakers_.size() >= base::kMaxBreakers) return;
  }
  Breaker& breaker = breakers_[origin];
  breaker.touched = now;
  breaker.failures += 1;
  if (probe) breaker.probing = false;
  // Deliveries that were under way when it opened do not make the pause longer.
  if (breaker.failures < kFailuresToOpen || (breaker.open && !probe)) return;
  if (!breaker.open) ++open_;
  breaker.open = true;
  breaker.openings += 1;
  breaker.until = now + OpenPause(breaker.openings, random);
}

void Breakers::AllowProbes(MonoTime now) {
  for (auto& [origin, breaker] : breakers_) breaker.until = std::min(breaker.until, now);
}

void Breakers::MakeRoom(MonoTime now) {
  if (breakers_.size() < base::kMaxBreakers || now < swept_ + kSweepEvery) return;
  swept_ = now;
  for (auto it = breakers_.begin(); it != breakers_.end();) {
    const Breaker& breaker = it->second;
    if (breaker.probing || now < std::max(breaker.touched, breaker.until) + kForgetAfter) {
      ++it;
      continue;
    }
    if (breaker.open) --open_;
    it = breakers_.erase(it);
  }
}

}  // namespace fiscalgate::callback
