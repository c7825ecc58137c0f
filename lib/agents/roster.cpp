#include "lib/agents/roster.h"

#include <cstdlib>

#include "lib/base/limits.h"

namespace fiscalgate::agents {
namespace {

// A clock is read with the time of the way in it, so it always moves a little.
constexpr std::int64_t kSkewThatCountsMs = 5'000;

}  // namespace

void Roster::Note(task::RegisterKey register_key, const std::string& version,
                  const std::string& driver, std::int64_t clock_skew_ms) {
  std::lock_guard lock(mutex_);
  const auto [at, is_new] = entries_.try_emplace(register_key);
  Entry& entry = at->second;
  store::AgentStatus& status = entry.status;
  const std::string known = driver.empty() && is_new ? "unknown" : driver;
  const bool other_driver = !known.empty() && status.driver != known;
  const bool other_clock = std::abs(clock_skew_ms - entry.written_skew_ms) >= kSkewThatCountsMs;
  if (is_new || other_driver || other_clock || status.version != version) entry.changed = true;
  status.register_key = register_key;
  status.seen_at = clock_.Now();
  status.version = version;
  if (!known.empty()) status.driver = known;
  status.clock_skew_ms = clock_skew_ms;
}

std::vector<store::AgentStatus> Roster::TakeDue() {
  std::vector<store::AgentStatus> due;
  std::lock_guard lock(mutex_);
  const base::MonoTime now = clock_.Mono();
  const base::WallTime wall = clock_.Now();
  for (auto& [register_key, entry] : entries_) {
    // Of one that is away nothing new is known.
    const bool seen = wall - entry.status.seen_at < base::kAgentSeenWritten;
    if (!entry.changed && !(seen && now - entry.written >= base::kAgentSeenWritten)) continue;
    entry.changed = false;
    entry.written = now;
    entry.written_skew_ms = entry.status.clock_skew_ms;
    due.push_back(entry.status);
  }
  return due;
}

void Roster::GiveBack(const std::vector<store::AgentStatus>& due) {
  std::lock_guard lock(mutex_);
  for (const store::AgentStatus& status : due) entries_[status.register_key].changed = true;
}

std::vector<store::AgentStatus> Roster::All() const {
  std::vector<store::AgentStatus> all;
  std::lock_guard lock(mutex_);
  all.reserve(entries_.size());
  for (const auto& [register_key, entry] : entries_) all.push_back(entry.status);
  return all;
}

}  // namespace fiscalgate::agents
