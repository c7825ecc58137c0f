#include "lib/dispatch/lane.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/limits.h"
#include "lib/task/schedule.h"

namespace fiscalgate::dispatch {

Milliseconds AskPause(int asks, double random) {
  constexpr std::array<std::int64_t, 4> kPausesMs{2'000, 10'000, 60'000, 300'000};
  const auto last = static_cast<int>(kPausesMs.size()) - 1;
  const auto pause = kPausesMs[static_cast<std::size_t>(std::clamp(asks, 0, last))];
  return Milliseconds(static_cast<std::int64_t>(static_cast<double>(pause) * (0.8 + 0.4 * random)));
}

std::optional<MonoTime> Lane::WakeAt() const {
  if (state_ == LaneState::kPaused) return until_;
  if (state_ == LaneState::kIdle) return ask_due_;
  return std::nullopt;
}

void Lane::Ring() {
  if (state_ == LaneState::kIdle) state_ = LaneState::kReady;
}

void Lane::Wake() {
  if (state_ == LaneState::kIdle || state_ == LaneState::kPaused) state_ = LaneState::kReady;
}

void Lane::Relook(bool register_changed) {
  Forget();
  may_hide_unknown_ = true;
  if (state_ == LaneState::kBusy) return;
  if (state_ == LaneState::kPaused && !register_changed) return;
  if (register_changed) failures_ = 0;
  state_ = LaneState::kReady;
}

void Lane::FoundNothing() {
  state_ = LaneState::kIdle;
  in_a_row_ = 0;
}

void Lane::Stand() { state_ = LaneState::kStanding; }

void Lane::PauseUntil(MonoTime until) {
  state_ = LaneState::kPaused;
  until_ = until;
}

void Lane::Begin() {
  state_ = LaneState::kBusy;
  misses_ = 0;
}

void Lane::MissClaim(MonoTime now) {
  Forget();
  state_ = LaneState::kReady;
  if (++misses_ < base::kMaxClaimMisses) return;
  misses_ = 0;
  PauseUntil(now + base::kStoreRetryPause);
}

void Lane::Free() {
  state_ = LaneState::kReady;
  failures_ = 0;
}

void Lane::Fail(MonoTime now, double random) {
  Forget();
  ++failures_;
  PauseUntil(now + task::LanePause(failures_, random));
}

store::LaneHint Lane::HintAt(MonoTime now) const {
  // The second look after one task mostly finds that there is no other.
  if (in_a_row_ < 2 || now >= hint_until_) return {};
  return hint_;
}

void Lane::SeenInFull(const std::optional<task::Task>& head, MonoTime now) {
  if (head && head->state != task::State::kQueued) return Forget();
  hint_.nothing_ahead = true;
  hint_until_ = now + base::kLaneHintAge;
  if (!head) return;
  // What comes before it in the order of the line is not there; of what comes after nothing is
  // known.
  const auto priority = static_cast<std::size_t>(head->priority);
  hint_.after.at(priority) = head->seq - 1;
  std::fill(hint_.after.begin() + static_cast<std::ptrdiff_t>(priority) + 1, hint_.after.end(), 0);
}

void Lane::Claimed(const task::Task& task) {
  ++in_a_row_;
  hint_.after.at(static_cast<std::size_t>(task.priority)) = task.seq;
}

void Lane::Forget() {
  in_a_row_ = 0;
  hint_ = {};
  hint_until_ = {};
}

void Lane::NoteUnknown(task::TaskSeq seq, MonoTime now, double random) {
  Forget();
  noted_ = seq;
  asks_ = 0;
  ask_after_ = seq - 1;
  ask_due_ = now + AskPause(0, random);
}

void Lane::SuspectUnknown(MonoTime now, double random) {
  if (!std::exchange(may_hide_unknown_, false) || ask_due_) return;
  asks_ = 0;
  ask_due_ = now + AskPause(0, random);
}

void Lane::NothingToAsk() {
  ask_due_.reset();
  ask_after_ = 0;
  noted_ = 0;
}

void Lane::Asked(task::TaskSeq seq, bool settled, MonoTime now, double random) {
  ask_after_ = seq;
  asks_ = settled ? 0 : asks_ + 1;
  // A register that settles one answers for the others too: they are asked about at once.
  ask_due_ = settled ? now : now + AskPause(asks_, random);
}

}  // namespace fiscalgate::dispatch
