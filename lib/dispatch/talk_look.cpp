// The part of TalkEngine that looks at lanes: who may speak, and whose turn it is.

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/crypto.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/dispatch/talk_engine.h"

namespace fiscalgate::dispatch {
namespace {

std::string NewLease() { return base::HexEncode(base::RandomBytes(16)); }

void NotRead(const TalkLane& lane, const base::Error& error) {
  log::Error("lane_not_read", {{"lane", lane.key}, {"error", error.what}});
}

}  // namespace

void TalkEngine::LookAtLanes() {
  if (!MayLook()) return;
  LoadDevices();
  const std::size_t most = std::min(line_.size(), base::kMaxLooksPerTurn);
  for (std::size_t i = 0; i < most; ++i) {
    TalkLane& lane = lanes_.at(line_.front());
    line_.pop_front();
    lane.in_line = false;
    Look(lane);
    due_.Set(lane.key, lane.WakeAt(now_, with_.clock.Now()));
  }
}

void TalkEngine::LoadDevices() {
  if (devices_loaded_) return;
  auto devices = with_.store.DeviceStates();
  if (!devices.ok()) return;
  for (const task::DeviceState& state : *devices) devices_[state.register_key] = state;
  devices_loaded_ = true;
}

void TalkEngine::Look(TalkLane& lane) {
  if (!Has(lane.key)) {
    lane.due.clear();
    lane.next_due.reset();
    return;
  }
  Refresh(lane);
  if (lane.next_due && *lane.next_due <= now_) {
    lane.next_due.reset();
    lane.may_have_due = true;
  }
  if (lane.account != nullptr) {
    LogIn(lane);
    LookAtService(lane);
  }
  if (lane.Permits(now_, with_.clock.Now())) {
    Fill(lane);
  } else if (!lane.due.empty()) {  // as long as nothing goes, the store keeps them
    lane.due.clear();
    lane.may_have_due = true;
  }
  Explain(lane);
  ShowHealth(lane);
}

// Only a new directory can bring other settings.
void TalkEngine::Refresh(TalkLane& lane) {
  if (lane.directory == directory_) return;
  lane.directory = directory_;
  const task::Register* r = directory_->FindRegister(lane.key);
  if (r == nullptr || !r->is_cloud() || !r->enabled) {
    lane.account = nullptr;
    lane.fingerprint = 0;
    lane.fault = r != nullptr && r->is_cloud() ? "касса отключена" : "";
    return;
  }
  protocol::CloudAccounts::Opened opened = with_.accounts.Of(*r);
  lane.fault = std::move(opened.fault);
  if (lane.account != nullptr && lane.fingerprint == opened.fingerprint) return;
  lane.fingerprint = opened.fingerprint;
  lane.Begin(std::move(opened.account));
  lane.may_have_queued = lane.may_have_due = true;
}

// The first that is queued says why it waits; those behind it wait for it.
void TalkEngine::Explain(TalkLane& lane) {
  const std::string reason = lane.Obstacle();
  if (reason.empty()) lane.explained.clear();
  if (reason == lane.explained) return;
  mailbox_->Listen(lane.key);
  auto heads = with_.store.QueuedOf(lane.key, 1);
  if (!heads.ok()) return NotRead(lane, heads.error());
  // An empty line is explained to whoever comes first.
  lane.may_have_queued = !heads->empty();
  if (heads->empty()) return;
  mailbox_->Deafen(lane.key);
  lane.explained = reason;
  const task::Task& head = heads->front().task;
  if (head.wait_reason != reason) holds_.push_back({head.seq, reason, with_.clock.Now()});
}

void TalkEngine::ShowHealth(const TalkLane& lane) {
  TalkHealth health;
  health.register_key = lane.key;
  health.breaker_open = !lane.breaker.closed();
  health.in_memory = lane.in_memory;
  health.text = lane.Obstacle();
  health.is_well = health.text.empty() && (!lane.health_known || lane.health.is_well);
  if (lane.health_known) {
    if (!health.text.empty()) health.text += "; ";
    health.text += lane.health.text;
  }
  bool changed = false;
  {
    std::lock_guard lock(mutex_);
    TalkHealth& shown = shown_[lane.key];
    changed = shown.register_key == 0 || shown.is_well != health.is_well;
    shown = std::move(health);
  }
  if (changed && options_.outlook) {
    options_.outlook->SetHealth(lane.key, lane.Obstacle().empty(), now_);
  }
}

std::size_t TalkEngine::PlacesOf(const TalkLane& lane) const {
  if (!lane.breaker.closed()) return 1;  // the probe
  const std::size_t own = base::kMaxConversationsInFlight;
  const std::size_t all = base::kMaxAllConversationsInFlight;
  const std::size_t own_free = own - std::min(own, lane.in_memory);
  return std::min(own_free, all - std::min(all, talks_.size()));
}

// Those that go on and those that begin take turns, so that neither waits for the end of the other.
void TalkEngine::Fill(TalkLane& lane) {
  std::size_t places = PlacesOf(lane);
  if (places == 0) {
    // A place of its own comes free by one of its own; of all, by any.
    if (lane.in_memory < base::kMaxConversationsInFlight && lane.HasWork()) Touch(lane);
    return;
  }
  if (lane.due.empty() && lane.may_have_due) ReadDue(lane);
  std::size_t for_queued = places;
  if (!lane.due.empty()) {
    for_queued = (places + (lane.queued_first ? 1 : 0)) / 2;
    lane.queued_first = !lane.queued_first;
  }
  places -= BeginQueued(lane, for_queued);
  for (; places > 0 && !lane.due.empty() && lane.Permits(now_, with_.clock.Now()); --places) {
    store::LaneHead head = std::move(lane.due.front());
    lane.due.pop_front();
    CarryOn(lane, std::move(head), false);
  }
  const bool more_queued = lane.may_have_queued && lane.hold_until <= now_;
  const bool more = more_queued || lane.may_have_due || !lane.due.empty();
  if (more && lane.Permits(now_, with_.clock.Now()) && PlacesOf(lane) > 0) Touch(lane);
}

void TalkEngine::ReadDue(TalkLane& lane) {
  const base::WallTime now = EvenTime();
  // Those in memory are due in the store too, and come first.
  const std::size_t limit = lane.in_memory + base::kMaxConversationsInFlight;
  auto due = with_.store.DueConversations(lane.key, now, static_cast<int>(limit));
  if (!due.ok()) {
    lane.next_due = now_ + base::kStoreRetryPause;
    lane.may_have_due = false;
    return NotRead(lane, due.error());
  }
  lane.may_have_due = due->size() == limit;
  for (store::LaneHead& head : *due) {
    if (!talks_.contains(head.task.seq)) lane.due.push_back(std::move(head));
  }
  if (lane.may_have_due) return;
  auto next = with_.store.NextConversation(lane.key, now);
  if (!next.ok()) {
    lane.next_due = now_ + base::kStoreRetryPause;
    return NotRead(lane, next.error());
  }
  lane.next_due.reset();
  if (*next) lane.next_due = now_ + (**next - now);
}

// Gives how many places were taken.
std::size_t TalkEngine::BeginQueued(TalkLane& lane, std::size_t places) {
  if (places == 0 || !lane.may_have_queued || now_ < lane.hold_until) return 0;
  // Listening before reading: a task accepted in between rings.
  mailbox_->Listen(lane.key);
  auto heads = with_.store.QueuedOf(lane.key, static_cast<int>(places));
  if (!heads.ok()) {
    lane.hold_until = now_ + base::kStoreRetryPause;
    NotRead(lane, heads.error());
    return 0;
  }
  lane.may_have_queued = heads->size() == places;
  if (lane.may_have_queued) mailbox_->Deafen(lane.key);
  const base::WallTime now = with_.clock.Now();
  std::size_t taken = 0;
  for (store::LaneHead& head : *heads) {
    const auto& deadline = head.task.deadline_at;
    // The sweep of deadlines fails it within a second.
    const bool too_late = deadline && *deadline <= now;
    if (too_late || now_ < lane.hold_until || !lane.Permits(now_, now)) {
      lane.may_have_queued = true;
      if (too_late) lane.hold_until = now_ + base::kStoreRetryPause;
      break;
    }
    CarryOn(lane, std::move(head), true);
    ++taken;
  }
  return taken;
}

void TalkEngine::CarryOn(TalkLane& lane, store::LaneHead head, bool is_new) {
  const task::TaskSeq seq = head.task.seq;
  Conversation& talk = talks_[seq];
  talk.lane = lane.key;
  talk.head = std::move(head);
  talk.account = lane.account;
  talk.node = node_;
  talk.is_new = is_new;
  if (is_new) {
    talk.head.task.lease = NewLease();
    talk.head.task.asks = 0;
  }
  talk.is_probe = !lane.breaker.closed();
  if (talk.is_probe) lane.breaker.Probe();
  ++lane.in_memory;
  Follow(talk, talk.account->Next(TalkOf(talk, lane)), nullptr);
}

}  // namespace fiscalgate::dispatch
