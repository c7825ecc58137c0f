#include "lib/protocol/cloud.h"

#include <algorithm>

#include "lib/base/check.h"

namespace fiscalgate::protocol {

Query CloudAccount::LogInQuery(const Session*) const {
  FG_CHECK(!"an account without sessions was asked to log in");
  return {};
}

LogIn CloudAccount::OnLogIn(const http::Answer&, base::WallTime) const { return {}; }

std::optional<Query> CloudAccount::HealthQuery(const Session*) const { return std::nullopt; }

Health CloudAccount::OnHealth(const http::Answer&) const { return {}; }

Notice CloudAccount::ReadNotice(const http::Request&) const { return {}; }

base::Milliseconds AskAgainPause(int asks) {
  using std::chrono::seconds;
  constexpr int kDoublings = 5;  // 2 s to 64 s
  constexpr int kPatient = 20;   // about a quarter of an hour of asking
  if (asks > kPatient) return std::chrono::minutes(5);
  return std::min<base::Milliseconds>(seconds(2 << std::clamp(asks, 0, kDoublings)), seconds(60));
}

}  // namespace fiscalgate::protocol
