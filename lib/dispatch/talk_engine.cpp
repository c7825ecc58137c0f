#include "lib/dispatch/talk_engine.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"

namespace fiscalgate::dispatch {

using base::MonoTime;

TalkEngine::TalkEngine(Surroundings surroundings, TalkOptions options)
    : with_(std::move(surroundings)),
      options_(std::move(options)),
      open_guard_(std::make_shared<const http::AddressGuard>(http::AddressGuard::AllowAll())) {}

std::optional<MonoTime> TalkEngine::Turn() {
  now_ = with_.clock.Mono();
  directory_ = with_.directory();
  if (!std::exchange(seen_any_, true)) {
    began_ = with_.clock.Now();
    mono_began_ = now_;
    LookAgainAtAll();
  }
  TakePost();
  while (const auto key = due_.Pop(now_)) Touch(At(*key));
  node_ = options_.holdings == nullptr ? "" : options_.holdings->Token();
  if (now_ >= retry_at_) {
    LookAtLanes();
    Commit();
  }
  return NextTurn();
}

base::WallTime TalkEngine::EvenTime() const { return began_ + (with_.clock.Mono() - mono_began_); }

bool TalkEngine::finished() const {
  if (!stop_by_) return false;
  return talks_.empty() || now_ >= *stop_by_;
}

TalkCounters TalkEngine::counters() const {
  TalkCounters counters;
  counters.begun = count_.begun;
  counters.done = count_.done;
  counters.failed = count_.failed;
  counters.unknown = count_.unknown;
  counters.asks_not_sent = count_.not_sent;
  counters.asks_no_answer = count_.no_answer;
  counters.asks_answered = count_.answered;
  counters.log_ins = count_.log_ins;
  counters.log_ins_failed = count_.log_ins_failed;
  counters.breakers_opened = count_.breakers_opened;
  counters.nudges = count_.nudges;
  counters.lost_leases = count_.lost_leases;
  counters.late = count_.late + mailbox_->late();
  return counters;
}

std::vector<TalkHealth> TalkEngine::health() const {
  std::lock_guard lock(mutex_);
  std::vector<TalkHealth> all;
  for (const auto& [key, health] : shown_) all.push_back(health);
  return all;
}

void TalkEngine::TakePost() {
  Mailbox::Post post = mailbox_->Take();
  if (post.stop && !stop_by_) stop_by_ = now_ + options_.grace;
  for (TalkMail& mail : post.letters) {
    std::visit([this](auto& letter) { Take(std::move(letter)); }, mail);
  }
  for (const task::RegisterKey key : post.rung) {
    const task::Register* r = directory_->FindRegister(key);
    if (r == nullptr || !r->is_cloud() || !Has(key)) continue;
    TalkLane& lane = At(key);
    lane.may_have_queued = true;
    Touch(lane);
  }
  if (post.rescan) LookAgainAtAll();
}

void TalkEngine::Take(TalkAnswer letter) {
  TalkLane& lane = At(letter.lane);
  if (letter.to == TalkAnswer::To::kTask) return TakeAnswer(std::move(letter));
  if (letter.to == TalkAnswer::To::kLogIn) {
    TakeLogIn(lane, letter);
  } else {
    TakeHealth(lane, letter);
  }
  Touch(lane);
}

void TalkEngine::TakeAnswer(TalkAnswer letter) {
  const auto it = talks_.find(letter.seq);
  if (it == talks_.end() || it->second.ticket != letter.ticket) {
    ++count_.late;
    return;
  }
  Conversation& talk = it->second;
  talk.ticket = 0;
  const protocol::Talk spoken = TalkOf(talk, At(talk.lane));
  protocol::Move move = talk.account->OnAnswer(spoken, letter.answer);
  Weigh(talk, move, letter.answer);
  Follow(talk, std::move(move), &letter.answer);
}

// Heard also while its request is in flight: what that brings may be older than the news.
void TalkEngine::Take(const TalkNudge& nudge) {
  ++count_.nudges;
  const auto it = talks_.find(nudge.seq);
  if (it != talks_.end() && it->second.ticket != 0) {
    it->second.nudged = true;
  } else {
    hastens_.emplace(nudge.seq, nudge.lane);
  }
}

bool TalkEngine::Has(task::RegisterKey lane) const {
  return options_.holdings == nullptr || options_.holdings->Has(lane);
}

bool TalkEngine::MayLook() const {
  return !stop_by_ && !refused_ && (options_.holdings == nullptr || !node_.empty());
}

// What runs in a lane that is lost ends by itself: its lease is another's now.
void TalkEngine::Take(const cluster::LanesMoved& news) {
  for (const task::RegisterKey key : news.taken) {
    const task::Register* r = directory_->FindRegister(key);
    if (r == nullptr || !r->is_cloud()) continue;
    TalkLane& lane = At(key);
    lane.may_have_queued = lane.may_have_due = true;
    lane.explained.clear();
    Touch(lane);
    devices_loaded_ = false;  // others have spoken with it
  }
}

void TalkEngine::LookAgainAtAll() {
  for (const task::Register& r : directory_->registers()) {
    if (r.is_cloud() && Has(r.key)) At(r.key);
  }
  for (auto& [key, lane] : lanes_) {
    lane.may_have_queued = lane.may_have_due = true;
    lane.explained.clear();
    Touch(lane);
  }
}

TalkLane& TalkEngine::At(task::RegisterKey key) {
  return lanes_.try_emplace(key, key).first->second;
}

void TalkEngine::Touch(TalkLane& lane) {
  if (std::exchange(lane.in_line, true)) return;
  line_.push_back(lane.key);
}

void TalkEngine::Send(task::RegisterKey lane, TalkAnswer::To to, task::TaskSeq seq,
                      std::uint64_t ticket, http::Request request, http::SendOptions options) {
  options.guard = open_guard_;
  // The mailbox outlives the engine for answers that come after the stop.
  with_.sender.Send(std::move(request), std::move(options),
                    [mailbox = mailbox_, lane, to, seq, ticket](http::Answer answer) {
                      mailbox->Put(TalkAnswer{lane, to, seq, ticket, std::move(answer)});
                    });
}

std::optional<MonoTime> TalkEngine::NextTurn() const {
  if (finished()) return now_;
  std::optional<MonoTime> next = stop_by_;
  const auto consider = [&](std::optional<MonoTime> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  const bool to_store =
      !pending_.empty() || !holds_.empty() || !hastens_.empty() || !learned_.empty();
  const bool to_look = MayLook() && !line_.empty();
  if (now_ < retry_at_) {
    if (to_store || !line_.empty()) consider(retry_at_);
  } else if (to_store || (to_look && talks_.size() < base::kMaxAllConversationsInFlight)) {
    return now_;
  }
  consider(due_.Earliest());
  return next;
}

}  // namespace fiscalgate::dispatch
