// The session tokens of the emulated processing: texts in the form of a JWT that hold their own end
// and are signed with a key from the state folder, so that they outlive a restart as the vendor's
// do. The caller holds the cloud's mutex.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace fiscalgate::emulator::bifit {

enum class TokenKind { kAccess, kRefresh };
enum class TokenVerdict { kGood, kExpired, kForeign };

class Tokens {
 public:
  // Makes the key file if there is none. Errors: kForbidden, kMalformed.
  static base::Result<Tokens> Open(const std::string& key_path);

  std::string Give(TokenKind kind, base::WallTime now, std::chrono::seconds life);
  TokenVerdict Check(std::string_view token, TokenKind kind, base::WallTime now) const;
  // All access tokens given so far are over. Forgotten when the emulator ends.
  void ExpireAll() { expired_serial_ = last_serial_; }

 private:
  explicit Tokens(std::string key) : key_(std::move(key)) {}
  std::string Sign(std::string_view text) const;

  std::string key_;
  std::int64_t last_serial_ = 0;
  std::int64_t expired_serial_ = -1;
};

}  // namespace fiscalgate::emulator::bifit
