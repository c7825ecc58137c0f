#include "lib/dispatch/talk_lane.h"

#include <utility>

namespace fiscalgate::dispatch {

bool TalkLane::Permits(base::MonoTime now, base::WallTime wall) const {
  if (account == nullptr || !breaker.Permits(now)) return false;
  return !account->NeedsSession() || session.Serving(wall) != nullptr;
}

std::string TalkLane::Obstacle() const {
  if (account == nullptr) return fault;
  if (breaker.closed()) return "";
  return "сервис кассы недоступен, запросы приостановлены: " + trouble;
}

std::optional<base::MonoTime> TalkLane::WakeAt(base::MonoTime now, base::WallTime wall) const {
  std::optional<base::MonoTime> next;
  const auto consider = [&](std::optional<base::MonoTime> at) {
    // What is due by now was looked at; it waits for something that touches the lane.
    if (at && *at > now && (!next || *at < *next)) next = at;
  };
  if (account == nullptr) return next;
  consider(next_due);
  consider(hold_until);
  if (!breaker.closed()) consider(breaker.until());
  if (account->NeedsSession()) consider(session.WakeAt(wall, now));
  if (health_ticket == 0) consider(health_at);
  return next;
}

void TalkLane::Begin(std::shared_ptr<const protocol::CloudAccount> with) {
  account = std::move(with);
  breaker = {};
  session = {};
  refused.clear();
  trouble.clear();
  hold_until = {};
  health_ticket = 0;
  health_at = {};
  health_known = false;
  health = {};
}

}  // namespace fiscalgate::dispatch
