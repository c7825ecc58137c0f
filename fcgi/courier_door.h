// Who sells with a phone: signing in, and knowing them again by a cookie under our key. A cookie
// dies with its time, with the courier and with their password. Any thread; SignIn takes some 50 ms
// of its caller.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/http/message.h"
#include "lib/store/couriers.h"

namespace fiscalgate {

class CourierDoor {
 public:
  struct Parts {
    store::Couriers& couriers;
    const base::Clock& clock;
    const base::KeyRing& keys;
    bool secure = false;  // the cookie travels over https only
  };
  explicit CourierDoor(Parts parts);

  struct Session {
    store::Courier courier;
    std::string secret;  // what a form of this session must say
  };
  // Empty: nobody we know.
  std::optional<Session> Enter(const http::Request& request) const;

  enum class Answer { kWelcome, kWrong, kTooMany, kUnavailable };
  // `cookie` gets the header's value.
  Answer SignIn(std::string_view login, std::string_view password, const std::string& address,
                std::string* cookie);
  std::string FarewellCookie() const;

 private:
  struct Tries {
    int wrong = 0;
    base::MonoTime since;
  };
  bool MayTry(const std::string& who, int most);
  void CountWrong(const std::string& who);
  std::string Mac(const store::Courier& courier, std::string_view expires) const;
  std::string CookieText(const std::string& value, std::int64_t max_age_s) const;

  const Parts parts_;
  const std::string nobody_;  // the hash a wrong login is compared with
  std::mutex mutex_;
  std::map<std::string, Tries> tries_;
  int hashing_ = 0;
};

}  // namespace fiscalgate
