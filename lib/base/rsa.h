// RSA signatures, PKCS #1 v1.5 with SHA-256: what Orange Data wants over a request and beGateway
// puts under a notification. Crypto++ inside. Keys are immutable and cheap to copy; any thread.
//
// Key texts come from operators and are hostile: what cannot be read is an Error that never quotes
// them. Read are PEM, base64 without the armour, and DER; of a private key PKCS #8 and PKCS #1, of
// a public one SubjectPublicKeyInfo and PKCS #1. Encrypted keys are refused: they are sealed with
// the gateway's own key at rest. 2048 to 8192 bits.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/crypto.h"
#include "lib/base/result.h"

namespace fiscalgate::base {

class RsaPrivateKey {
 public:
  // Errors: kMalformed, kTooLarge.
  static Result<RsaPrivateKey> Load(const Secret& text);
  // A new key of 2048 bits as Load reads it. Takes up to seconds.
  static Secret NewText();
  // The raw signature; as long as the key. The same data give the same bytes.
  std::string Sign(std::string_view data) const;
  // DER, SubjectPublicKeyInfo.
  std::string PublicDer() const;

 private:
  struct Impl;
  explicit RsaPrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

class RsaPublicKey {
 public:
  // Errors: kMalformed, kTooLarge.
  static Result<RsaPublicKey> Load(std::string_view text);
  // False for whatever is not a signature of exactly these bytes.
  bool Verify(std::string_view data, std::string_view signature) const;

 private:
  struct Impl;
  explicit RsaPublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace fiscalgate::base
