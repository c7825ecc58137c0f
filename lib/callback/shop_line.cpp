#include "lib/callback/shop_line.h"

#include "lib/base/limits.h"

namespace fiscalgate::callback {

bool Places::Has(Standing standing) const {
  const std::size_t suspect = taken_[static_cast<std::size_t>(Standing::kSuspect)];
  const std::size_t unproven = taken_[static_cast<std::size_t>(Standing::kUnproven)];
  if (taken() >= base::kMaxCallbacksInFlight) return false;
  if (standing == Standing::kProven) return true;
  if (suspect + unproven >= base::kMaxUnprovenCallbacks) return false;
  return standing == Standing::kUnproven || suspect < base::kMaxSuspectCallbacks;
}

bool ShopLine::HasPlace() const {
  const std::size_t cap =
      standing_ == Standing::kProven ? base::kMaxCallbacksInFlightPerShop : std::size_t{1};
  return in_flight_ < cap;
}

void ShopLine::Ended(bool delivered) {
  --in_flight_;
  standing_ = delivered ? Standing::kProven : Standing::kSuspect;
}

ShopLine& ShopLines::At(task::ShopKey key) {
  return entries_.try_emplace(key, Entry{ShopLine(key)}).first->second.line;
}

void ShopLines::MakeReady(const ShopLine& line) {
  Entry& entry = entries_.at(line.key());
  due_.Set(line.key(), std::nullopt);
  if (entry.in_line || !line.HasPlace()) return;
  entry.in_line = true;
  ready_[static_cast<std::size_t>(line.standing())].push_back(line.key());
}

void ShopLines::WakeDue(MonoTime now) {
  while (const auto key = due_.Pop(now)) MakeReady(entries_.at(*key).line);
}

ShopLine* ShopLines::Next(const Places& places) {
  for (std::size_t i = 0; i < kStandings; ++i) {
    turn_ = (turn_ + 1) % kStandings;
    std::deque<task::ShopKey>& line = ready_[turn_];
    if (line.empty() || !places.Has(static_cast<Standing>(turn_))) continue;
    Entry& entry = entries_.at(line.front());
    line.pop_front();
    entry.in_line = false;
    return &entry.line;
  }
  return nullptr;
}

bool ShopLines::HasReady(const Places& places) const {
  for (std::size_t i = 0; i < kStandings; ++i) {
    if (!ready_[i].empty() && places.Has(static_cast<Standing>(i))) return true;
  }
  return false;
}

}  // namespace fiscalgate::callback
