#include "lib/dispatch/board.h"

#include "lib/base/check.h"

namespace fiscalgate::dispatch {

Lane& Board::At(task::RegisterKey key) {
  const auto [it, is_new] = places_.try_emplace(key, Place{Lane(key)});
  if (is_new) Settle(it->second.lane);
  return it->second.lane;
}

void Board::Settle(const Lane& lane) {
  Place& place = places_.at(lane.key());
  due_.Set(lane.key(), lane.WakeAt());
  if (lane.state() != LaneState::kReady || place.in_line) return;
  place.in_line = true;
  Line(lane.failing()).push_back(lane.key());
}

void Board::WakeDue(MonoTime now) {
  while (const auto key = due_.Pop(now)) {
    Lane& lane = places_.at(*key).lane;
    lane.Wake();
    Settle(lane);
  }
}

Lane* Board::Next(bool failing_too) {
  if (!failing_too) return Take(false);
  failing_next_ = !failing_next_;
  Lane* lane = Take(failing_next_);
  return lane != nullptr ? lane : Take(!failing_next_);
}

Lane* Board::Take(bool failing) {
  std::deque<task::RegisterKey>& line = Line(failing);
  if (line.empty()) return nullptr;
  Place& place = places_.at(line.front());
  line.pop_front();
  place.in_line = false;
  FG_CHECK(place.lane.state() == LaneState::kReady);
  return &place.lane;
}

bool Board::HasReady(bool failing_too) const {
  return !ready_.empty() || (failing_too && !failing_.empty());
}

std::vector<task::RegisterKey> Board::Keys() const {
  std::vector<task::RegisterKey> keys;
  keys.reserve(places_.size());
  for (const auto& [key, place] : places_) keys.push_back(key);
  return keys;
}

}  // namespace fiscalgate::dispatch
