#include "lib/dispatch/talk_session.h"

#include <algorithm>
#include <utility>

#include "lib/task/schedule.h"

namespace fiscalgate::dispatch {
namespace {

constexpr base::WallTime kNever{};

}  // namespace

const protocol::Session* TalkSession::Serving(base::WallTime now) const {
  if (!session_ || refused_) return nullptr;
  if (session_->ends_at != kNever && now >= session_->ends_at) return nullptr;
  return &*session_;
}

bool TalkSession::IsTimeToRenew(base::WallTime now) const {
  if (Serving(now) == nullptr) return true;
  return session_->renew_at != kNever && now >= session_->renew_at;
}

bool TalkSession::WantsLogIn(base::WallTime now, base::MonoTime mono) const {
  return ticket_ == 0 && mono >= retry_at_ && IsTimeToRenew(now);
}

std::optional<base::MonoTime> TalkSession::WakeAt(base::WallTime now, base::MonoTime mono) const {
  if (ticket_ != 0) return std::nullopt;
  if (IsTimeToRenew(now)) return retry_at_;
  base::WallTime at = session_->renew_at;
  if (at == kNever || (session_->ends_at != kNever && session_->ends_at < at)) {
    at = session_->ends_at;
  }
  if (at == kNever) return std::nullopt;
  return std::max(retry_at_, mono + (at - now));
}

const protocol::Session* TalkSession::Begin(std::uint64_t ticket) {
  ticket_ = ticket;
  renewing_ = session_.has_value() && !std::exchange(from_scratch_, false);
  return renewing_ ? &*session_ : nullptr;
}

bool TalkSession::End(std::uint64_t ticket) {
  if (ticket_ == 0 || ticket_ != ticket) return false;
  ticket_ = 0;
  return true;
}

void TalkSession::Take(protocol::Session session) {
  session_ = std::move(session);
  ++generation_;
  refused_ = false;
  failures_ = 0;
  retry_at_ = {};
}

bool TalkSession::Fail(const http::Answer& answer, const protocol::LogIn& log_in,
                       base::MonoTime mono, double random) {
  if (renewing_ && answer.delivery == http::Delivery::kAnswered && !log_in.retry_after) {
    from_scratch_ = true;
    return true;
  }
  ++failures_;
  base::Milliseconds pause = task::LanePause(failures_, random);
  if (log_in.retry_after) pause = std::max(pause, *log_in.retry_after);
  retry_at_ = mono + pause;
  return false;
}

void TalkSession::Refused(std::uint64_t generation) {
  if (generation == generation_) refused_ = true;
}

}  // namespace fiscalgate::dispatch
