#include "lib/dispatch/outlook.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"

namespace fiscalgate::dispatch {

void Outlook::SetHealth(task::RegisterKey key, bool healthy, base::MonoTime now) {
  std::lock_guard lock(mutex_);
  View& view = views_[key];
  view.healthy = healthy;
  view.probe_at = now + base::kProbePause;
}

void Outlook::SetLengths(const std::vector<store::LaneDepth>& lanes) {
  std::lock_guard lock(mutex_);
  for (const store::LaneDepth& lane : lanes) views_[lane.register_key].length = lane.live;
}

void Outlook::Add(task::RegisterKey key, std::int64_t tasks) {
  std::lock_guard lock(mutex_);
  View& view = views_[key];
  view.length = std::max<std::int64_t>(view.length + tasks, 0);
}

task::RegisterKey Outlook::Take(const std::vector<task::RegisterKey>& candidates,
                                base::MonoTime now) {
  std::lock_guard lock(mutex_);
  if (candidates.empty()) return 0;
  task::RegisterKey best = 0;
  std::pair<bool, std::int64_t> best_rank;
  ++turn_;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const task::RegisterKey key = candidates[(turn_ + i) % candidates.size()];
    const View& view = views_[key];
    const bool ill = !view.healthy && now < view.probe_at;
    const std::pair rank(ill, view.length);
    if (best != 0 && best_rank <= rank) continue;
    best = key;
    best_rank = rank;
  }
  View& taken = views_[best];
  ++taken.length;
  taken.probe_at = now + base::kProbePause;
  return best;
}

}  // namespace fiscalgate::dispatch
