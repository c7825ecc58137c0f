// The only place that knows Crypto++. Any thread; no state but what is passed in.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::base {

std::string Md5Hex(std::string_view data);  // 32 lower-case hex characters
std::string Sha256(std::string_view data);  // 32 bytes
// The same of what comes in pieces.
class Sha256Sum {
 public:
  Sha256Sum();
  Sha256Sum(Sha256Sum&&) noexcept;
  ~Sha256Sum();
  void Add(std::string_view data);
  std::string Take();  // 32 bytes; then it begins anew

 private:
  struct Hash;
  std::unique_ptr<Hash> hash_;
};
std::string HmacSha256(std::string_view key, std::string_view data);  // 32 bytes
std::string RandomBytes(std::size_t count);  // from the kernel; aborts if it has none

// Compares without telling by its time where the difference is. Lengths may differ (then false).
bool ConstantTimeEqual(std::string_view a, std::string_view b);

// A secret that does not show itself: no stream operator, wiped when destroyed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) = default;
  ~Secret();
  const std::string& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

// Seals secrets at rest (AES-256-GCM) and turns ids into public tokens (AES-256, one block).
// The key file holds one line: 64 hex characters; it must not be readable by others.
class KeyRing {
 public:
  // Errors: kNotFound, kForbidden (mode lets group-write or others read), kMalformed.
  static Result<KeyRing> Load(const std::string& path);
  // Makes a new key file with mode 0600; fails if one is there.
  static Status Create(const std::string& path);
  static KeyRing FromBytes(std::string_view thirty_two_bytes);

  // `place` names where the sealed text is kept ("shop/7/code"); opening it elsewhere fails.
  std::string Seal(const Secret& secret, std::string_view place) const;
  Result<Secret> Open(std::string_view sealed, std::string_view place) const;

  // A keyed fingerprint, to find a token without storing it: 32 bytes.
  std::string Fingerprint(std::string_view token) const;

  // A bijection on 16 bytes: the receipt page's token from the task's id, and back.
  std::string EncryptBlock(std::string_view sixteen_bytes) const;
  std::string DecryptBlock(std::string_view sixteen_bytes) const;

 private:
  explicit KeyRing(std::string_view key);
  Secret seal_key_, fingerprint_key_, block_key_;
};

}  // namespace fiscalgate::base
