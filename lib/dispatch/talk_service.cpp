// The part of TalkEngine that speaks with a register's service for all its tasks: sessions, and
// looks at whether the service and its devices are well.

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/dispatch/talk_engine.h"

namespace fiscalgate::dispatch {
namespace {

// Of what was fetched: for people, without a word of what was sent.
std::string WhyNot(const protocol::LogIn& log_in, const http::Answer& answer) {
  if (answer.delivery != http::Delivery::kAnswered) return answer.error;
  if (!log_in.error.empty()) return log_in.error;
  return "код ответа " + std::to_string(answer.response.status);
}

}  // namespace

void TalkEngine::LogIn(TalkLane& lane) {
  const base::WallTime now = with_.clock.Now();
  if (!lane.account->NeedsSession() || !lane.session.WantsLogIn(now, now_)) return;
  // Without a session nothing goes: then it is the log-in that finds out.
  if (lane.session.Serving(now) == nullptr && !lane.breaker.Permits(now_)) return;
  const std::uint64_t ticket = ++last_ticket_;
  protocol::Query query = lane.account->LogInQuery(lane.session.Begin(ticket));
  ++count_.log_ins;
  Send(lane.key, TalkAnswer::To::kLogIn, 0, ticket, std::move(query.request),
       std::move(query.options));
}

void TalkEngine::TakeLogIn(TalkLane& lane, const TalkAnswer& letter) {
  if (!lane.session.End(letter.ticket) || lane.account == nullptr) {
    ++count_.late;
    return;
  }
  const base::WallTime now = with_.clock.Now();
  protocol::LogIn log_in = lane.account->OnLogIn(letter.answer, now);
  if (log_in.session) {
    lane.session.Take(std::move(*log_in.session));
    return;
  }
  if (lane.session.Fail(letter.answer, log_in, now_, with_.random())) return;
  ++count_.log_ins_failed;
  const std::string why = WhyNot(log_in, letter.answer);
  log::Warn("cloud_log_in_failed", {{"lane", lane.key}, {"error", why}});
  if (lane.session.Serving(now) != nullptr) return;  // there is time
  if (lane.breaker.closed()) ++count_.breakers_opened;
  lane.breaker.Open(now_, with_.random());
  lane.trouble = "вход не удался: " + why;
}

void TalkEngine::LookAtService(TalkLane& lane) {
  if (lane.health_ticket != 0 || now_ < lane.health_at) return;
  const protocol::Session* session = lane.session.Serving(with_.clock.Now());
  if (lane.account->NeedsSession() && session == nullptr) return;
  const auto pause = lane.breaker.closed() ? base::Milliseconds(base::kHealthPause)
                                           : base::Milliseconds(base::kIllHealthPause);
  lane.health_at = now_ + pause;
  auto query = lane.account->HealthQuery(session);
  if (!query) return;
  lane.health_ticket = ++last_ticket_;
  Send(lane.key, TalkAnswer::To::kHealth, 0, lane.health_ticket, std::move(query->request),
       std::move(query->options));
}

void TalkEngine::TakeHealth(TalkLane& lane, const TalkAnswer& letter) {
  if (lane.health_ticket == 0 || lane.health_ticket != letter.ticket || lane.account == nullptr) {
    ++count_.late;
    return;
  }
  lane.health_ticket = 0;
  lane.health = lane.account->OnHealth(letter.answer);
  lane.health_known = true;
  if (lane.health.is_well) lane.breaker.AllowProbe(now_);
  LearnDevice(lane.key, lane.health.news);
}

void TalkEngine::LearnDevice(task::RegisterKey key, const task::DeviceNews& news) {
  if (!devices_loaded_) return;
  task::DeviceState& state = devices_[key];
  state.register_key = key;
  if (task::Learn(news, with_.clock.Now(), &state)) learned_[key] = state;
}

}  // namespace fiscalgate::dispatch
