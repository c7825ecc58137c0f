// The part of TalkEngine that follows the moves of an account: what is to be stored, and what may
// leave.

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/dispatch/talk_engine.h"
#include "lib/task/schedule.h"

namespace fiscalgate::dispatch {
namespace {

using http::Delivery;
using task::State;

std::string_view ResultName(const http::Answer* answer) {
  if (answer == nullptr || answer->delivery == Delivery::kNotSent) return "not_sent";
  return answer->delivery == Delivery::kNoAnswer ? "no_answer" : "answered";
}

int StatusOf(const http::Answer* answer) {
  const bool came = answer != nullptr && answer->delivery == Delivery::kAnswered;
  return came ? answer->response.status : 0;
}

bool EndsATask(State state) {
  return state == State::kDone || state == State::kFailed || state == State::kUnknown;
}

State Kept(State state) { return state == State::kWaiting ? State::kWaiting : State::kSending; }

}  // namespace

protocol::Talk TalkEngine::TalkOf(const Conversation& talk, const TalkLane& lane) const {
  const base::WallTime now = with_.clock.Now();
  const bool same = talk.account == lane.account;
  return {talk.head, same ? lane.session.Serving(now) : nullptr, now, talk.head.task.asks};
}

void TalkEngine::Follow(Conversation& talk, protocol::Move move, const http::Answer* answer) {
  std::visit([&](auto& one) { FollowOne(talk, std::move(one), answer); }, move);
}

// What an answer, or its lack, says of the service, whatever it says of the receipt.
void TalkEngine::Weigh(Conversation& talk, const protocol::Move& move, const http::Answer& answer) {
  const auto* later = std::get_if<protocol::Later>(&move);
  TalkLane& lane = At(talk.lane);
  if (answer.delivery == Delivery::kNotSent) ++count_.not_sent;
  if (answer.delivery == Delivery::kNoAnswer) ++count_.no_answer;
  if (answer.delivery == Delivery::kAnswered) ++count_.answered;
  if (std::holds_alternative<protocol::Renew>(move)) return;
  lane.refused.erase(talk.head.task.seq);
  if (answer.delivery != Delivery::kAnswered) return Trouble(talk, answer.error);
  // A status that ends a conversation or leads it on was of this receipt.
  const bool ill = later != nullptr && (later->is_service_trouble || answer.response.status >= 500);
  if (ill) {
    const std::string status = "код ответа " + std::to_string(answer.response.status);
    return Trouble(talk, later->reason.empty() ? status : later->reason);
  }
  talk.is_probe = false;
  if (lane.account != talk.account || !lane.breaker.Worked()) return;
  log::Info("cloud_breaker_closed", {{"lane", lane.key}});
}

void TalkEngine::Trouble(Conversation& talk, const std::string& why) {
  TalkLane& lane = At(talk.lane);
  const bool probe = std::exchange(talk.is_probe, false);
  if (lane.account != talk.account) return;
  lane.trouble = base::Truncate(why, base::kMaxErrorBytes);
  if (!lane.breaker.Trouble(probe, now_, with_.random())) return;
  ++count_.breakers_opened;
  lane.health_at = std::min(lane.health_at, now_);
  log::Warn("cloud_breaker_opened", {{"lane", lane.key}, {"error", lane.trouble}});
}

store::Progress TalkEngine::ProgressOf(const Conversation& talk, State state,
                                       const std::string& notes, base::WallTime now) const {
  store::Progress progress;
  progress.seq = talk.head.task.seq;
  progress.lease = talk.head.task.lease;
  progress.state = Kept(state);
  if (notes != talk.head.task.notes) progress.notes = notes;
  progress.due_at = EvenTime();
  progress.at = now;
  return progress;
}

void TalkEngine::FollowOne(Conversation& talk, protocol::Ask ask, const http::Answer*) {
  store::Progress progress = ProgressOf(talk, ask.state, ask.notes, with_.clock.Now());
  const bool goes = !stop_by_ && Has(talk.lane) && talk.account == At(talk.lane).account;
  if (talk.is_new && !goes) return Leave(talk.head.task.seq);
  if (progress.notes) talk.progress = std::move(progress);
  if (goes) talk.ask = std::move(ask);
  if (talk.is_new || talk.progress) {
    pending_.push_back(talk.head.task.seq);
  } else if (goes) {
    SendAsk(talk);
  } else {
    Leave(talk.head.task.seq);
  }
}

void TalkEngine::FollowOne(Conversation& talk, protocol::Later later, const http::Answer* answer) {
  const base::WallTime now = with_.clock.Now();
  const base::Milliseconds pause = std::max(later.pause, base::kMinTalkPause);
  if (answer == nullptr && later.is_service_trouble) {
    Trouble(talk, later.reason);
    if (talk.is_new) {  // nothing was asked: it stays queued
      TalkLane& lane = At(talk.lane);
      lane.hold_until = now_ + pause;
      lane.may_have_queued = true;
      if (later.reason != talk.head.task.wait_reason) {
        holds_.push_back({talk.head.task.seq, later.reason, now});
      }
      return Leave(talk.head.task.seq);
    }
  }
  store::Progress progress = ProgressOf(talk, later.state, later.notes, now);
  progress.asked = answer != nullptr;
  progress.wait_reason = std::move(later.reason);
  if (!talk.nudged || later.is_service_trouble) progress.due_at = EvenTime() + pause;
  talk.progress = std::move(progress);
  pending_.push_back(talk.head.task.seq);
}

void TalkEngine::FollowOne(Conversation& talk, protocol::Over over, const http::Answer* answer) {
  store::CloudEnd end;
  end.notes = std::move(over.notes);
  store::Conclusion& conclusion = end.conclusion;
  conclusion.seq = talk.head.task.seq;
  conclusion.lease = talk.head.task.lease;
  conclusion.outcome = std::move(over.outcome);
  task::Outcome& outcome = conclusion.outcome;
  if (!EndsATask(outcome.state)) {
    outcome.state = State::kUnknown;
    outcome.error = "исход не назван";
  }
  outcome.error = base::Truncate(outcome.error, base::kMaxErrorBytes);
  conclusion.result = ResultName(answer);
  conclusion.http_status = StatusOf(answer);
  conclusion.detail = outcome.error;
  conclusion.at = with_.clock.Now();
  talk.end = std::move(end);
  pending_.push_back(talk.head.task.seq);
}

// It needs no write: in the store it is due, and its next request is the same.
void TalkEngine::FollowOne(Conversation& talk, protocol::Renew, const http::Answer* answer) {
  TalkLane& lane = At(talk.lane);
  const task::TaskSeq seq = talk.head.task.seq;
  if (talk.account != lane.account) return Leave(seq);
  const std::uint64_t generation = answer ? talk.generation : lane.session.generation();
  const auto [it, is_first] = lane.refused.try_emplace(seq, generation);
  const bool again = !is_first && it->second < generation;
  if (again || !lane.account->NeedsSession()) {
    lane.refused.erase(seq);
    protocol::Later later;
    later.notes = talk.head.task.notes;
    later.state = talk.head.task.state;
    later.pause = task::LanePause(talk.head.task.asks + 1, with_.random());
    later.reason = "сервис не принимает новый ключ доступа";
    later.is_service_trouble = true;
    if (answer != nullptr) Trouble(talk, later.reason);
    return FollowOne(talk, std::move(later), answer);
  }
  lane.session.Refused(generation);
  Leave(seq);
}

void TalkEngine::SendAsk(Conversation& talk) {
  protocol::Ask ask = std::move(*std::exchange(talk.ask, std::nullopt));
  talk.ticket = ++last_ticket_;
  talk.generation = At(talk.lane).session.generation();
  if (options_.holdings != nullptr) ask.options.permit = options_.holdings->Permit(talk.node);
  Send(talk.lane, TalkAnswer::To::kTask, talk.head.task.seq, talk.ticket, std::move(ask.request),
       std::move(ask.options));
}

// What is not stored of it is due in the store, or queued.
void TalkEngine::Leave(task::TaskSeq seq) {
  const auto node = talks_.extract(seq);
  FG_CHECK(!node.empty());
  const Conversation& talk = node.mapped();
  TalkLane& lane = At(talk.lane);
  --lane.in_memory;
  if (talk.is_probe && lane.account == talk.account) lane.breaker.Forget();
  if (talk.is_new) {
    lane.may_have_queued = true;
  } else if (!talk.progress && !talk.end) {
    lane.may_have_due = true;
  }
  Touch(lane);
}

}  // namespace fiscalgate::dispatch
