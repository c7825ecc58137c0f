#include "fcgi/courier_door.h"

#include <charconv>
#include <chrono>
#include <utility>

#include "lib/base/log.h"
#include "lib/base/password.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using std::chrono::minutes;

constexpr std::string_view kCookie = "fiscalgate_courier";
constexpr std::int64_t kSessionS = 12 * 3600;  // a day's work
constexpr minutes kTryWindow{15};
constexpr int kMaxWrongOfLogin = 5, kMaxWrongOfAddress = 30;
constexpr std::size_t kMaxRemembered = 10'000;
constexpr int kMaxHashing = 2;  // 16 MB each

std::string_view CookieOf(const http::Request& request) {
  std::string_view rest = http::FindHeader(request.headers, "cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = base::Trim(rest.substr(0, end));
    if (pair.starts_with(kCookie) && pair.substr(kCookie.size()).starts_with('=')) {
      return pair.substr(kCookie.size() + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace

CourierDoor::CourierDoor(Parts parts)
    : parts_(std::move(parts)), nobody_(base::HashPassword(base::RandomBytes(16))) {}

std::string CourierDoor::Mac(const store::Courier& courier, std::string_view expires) const {
  std::string text = "courier session|" + courier.login + "|";
  text.append(expires).append("|").append(courier.password);
  return base::HexEncode(parts_.keys.Fingerprint(text));
}

std::optional<CourierDoor::Session> CourierDoor::Enter(const http::Request& request) const {
  const std::string_view cookie = CookieOf(request);
  const std::size_t first = cookie.find('.'), second = cookie.rfind('.');
  if (first == std::string_view::npos || first == second) return std::nullopt;
  const std::string_view expires = cookie.substr(first + 1, second - first - 1);
  std::int64_t until = 0;
  const auto [end, fault] = std::from_chars(expires.data(), expires.data() + expires.size(), until);
  if (fault != std::errc() || end != expires.data() + expires.size()) return std::nullopt;
  if (until <= base::ToMillis(parts_.clock.Now()) / 1000) return std::nullopt;
  auto found = parts_.couriers.Find(cookie.substr(0, first));
  if (!found || !*found || !(*found)->enabled) return std::nullopt;
  if (!base::ConstantTimeEqual(Mac(**found, expires), cookie.substr(second + 1))) {
    return std::nullopt;
  }
  const std::string secret =
      base::HexEncode(parts_.keys.Fingerprint("courier form|" + std::string(cookie)).substr(0, 16));
  return Session{std::move(**found), secret};
}

bool CourierDoor::MayTry(const std::string& who, int most) {
  const auto found = tries_.find(who);
  if (found == tries_.end()) return true;
  if (parts_.clock.Mono() - found->second.since > kTryWindow) {
    tries_.erase(found);
    return true;
  }
  return found->second.wrong < most;
}

void CourierDoor::CountWrong(const std::string& who) {
  const base::MonoTime now = parts_.clock.Mono();
  if (tries_.size() >= kMaxRemembered) {
    std::erase_if(tries_, [&](const auto& each) { return now - each.second.since > kTryWindow; });
  }
  // Rather forget one than grow without end.
  if (tries_.size() >= kMaxRemembered) tries_.erase(tries_.begin());
  Tries& tries = tries_.try_emplace(who, Tries{0, now}).first->second;
  ++tries.wrong;
}

CourierDoor::Answer CourierDoor::SignIn(std::string_view login, std::string_view password,
                                        const std::string& address, std::string* cookie) {
  const std::string of_login = "login " + base::Truncate(login, 64), of_address = "from " + address;
  {
    std::lock_guard lock(mutex_);
    if (!MayTry(of_login, kMaxWrongOfLogin) || !MayTry(of_address, kMaxWrongOfAddress)) {
      return Answer::kTooMany;
    }
    if (hashing_ >= kMaxHashing) return Answer::kUnavailable;
    ++hashing_;
  }
  const auto found = parts_.couriers.Find(login);
  const bool is_known = found && *found && (*found)->enabled;
  const bool fits = base::PasswordFits(password, is_known ? (*found)->password : nobody_);
  std::lock_guard lock(mutex_);
  --hashing_;
  if (!found) return Answer::kUnavailable;
  if (!is_known || !fits) {
    CountWrong(of_login);
    CountWrong(of_address);
    log::Warn("courier_refused", {{"from", address}});
    return Answer::kWrong;
  }
  tries_.erase(of_login);
  const std::string expires = std::to_string(base::ToMillis(parts_.clock.Now()) / 1000 + kSessionS);
  *cookie = CookieText((*found)->login + "." + expires + "." + Mac(**found, expires), kSessionS);
  log::Info("courier_signed_in", {{"courier", (*found)->login}});
  return Answer::kWelcome;
}

std::string CourierDoor::FarewellCookie() const { return CookieText("", 0); }

std::string CourierDoor::CookieText(const std::string& value, std::int64_t max_age_s) const {
  return std::string(kCookie) + "=" + value +
         "; Path=/courier; Max-Age=" + std::to_string(max_age_s) + "; HttpOnly; SameSite=Strict" +
         (parts_.secure ? "; Secure" : "");
}

}  // namespace fiscalgate
