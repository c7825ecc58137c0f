#include <cryptopp/osrng.h>
#include <cryptopp/rsa.h>

#include <algorithm>
#include <optional>

#include "lib/base/limits.h"
#include "lib/base/rsa.h"
#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

using CryptoPP::byte;
using Signer = CryptoPP::RSASS<CryptoPP::PKCS1v15, CryptoPP::SHA256>::Signer;
using Verifier = CryptoPP::RSASS<CryptoPP::PKCS1v15, CryptoPP::SHA256>::Verifier;

constexpr unsigned kMinBits = 2048, kMaxBits = 8192;
constexpr unsigned kValidationLevel = 2;  // the numbers fit each other; primality by a quick test

const byte* In(std::string_view text) { return reinterpret_cast<const byte*>(text.data()); }

Error Unreadable(std::string_view what) {
  return {Code::kMalformed, "RSA key: " + std::string(what)};
}

// What stands between the first "-----BEGIN ...-----" and its end; nothing for a text without.
std::optional<std::string_view> Armoured(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----", kEnd = "-----END ";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t start = text.find(kDashes, begin + kBegin.size());
  if (start == std::string_view::npos) return std::string_view();
  const std::size_t end = text.find(kEnd, start);
  if (end == std::string_view::npos) return std::string_view();
  return text.substr(start + kDashes.size(), end - start - kDashes.size());
}

// DER of any of the forms; "" if it is none.
std::string DerOf(std::string_view text) {
  constexpr char kSequence = 0x30;
  if (const auto body = Armoured(text)) return Base64DecodeLenient(*body).value_or("");
  const std::string_view trimmed = Trim(text);
  if (const auto decoded = Base64DecodeLenient(trimmed)) {
    if (!decoded->empty() && decoded->front() == kSequence) return *decoded;
  }
  return !text.empty() && text.front() == kSequence ? std::string(text) : std::string();
}

// Reads with `read`; false if Crypto++ cannot.
template <typename Read>
bool Decode(std::string_view der, Read read) {
  try {
    CryptoPP::ArraySource source(In(der), der.size(), true);
    read(source);
    return !source.AnyRetrievable();
  } catch (const CryptoPP::Exception&) {
    return false;  // not of this form; the caller tries the next and then says so
  }
}

bool SizeFits(const CryptoPP::Integer& modulus) {
  return modulus.BitCount() >= kMinBits && modulus.BitCount() <= kMaxBits;
}

template <typename Key>
bool IsSound(const Key& key) {
  try {
    CryptoPP::AutoSeededRandomPool random;
    return key.Validate(random, kValidationLevel);
  } catch (const CryptoPP::Exception&) {
    return false;  // numbers that cannot even be reckoned with
  }
}

}  // namespace

struct RsaPrivateKey::Impl {
  CryptoPP::RSA::PrivateKey key;
};

struct RsaPublicKey::Impl {
  CryptoPP::RSA::PublicKey key;
};

Result<RsaPrivateKey> RsaPrivateKey::Load(const Secret& text) {
  const std::string_view view = text.Reveal();
  if (view.size() > kMaxRsaKeyBytes) return Error{Code::kTooLarge, "RSA key: too long"};
  if (view.find("ENCRYPTED") != std::string_view::npos) {
    return Unreadable("it is encrypted; give it without a password");
  }
  const Secret der{DerOf(view)};
  const auto impl = std::make_shared<Impl>();
  const bool is_read = Decode(der.Reveal(), [&](auto& source) { impl->key.BERDecode(source); }) ||
                       Decode(der.Reveal(), [&](auto& source) {
                         impl->key.BERDecodePrivateKey(
                             source, false, static_cast<std::size_t>(source.MaxRetrievable()));
                       });
  if (!is_read) return Unreadable("not a private key in PKCS #8 or PKCS #1");
  if (!SizeFits(impl->key.GetModulus())) return Unreadable("not of 2048 to 8192 bits");
  if (!IsSound(impl->key)) return Unreadable("its numbers do not fit each other");
  return RsaPrivateKey(impl);
}

Secret RsaPrivateKey::NewText() {
  CryptoPP::AutoSeededRandomPool random;
  CryptoPP::RSA::PrivateKey key;
  key.GenerateRandomWithKeySize(random, kMinBits);
  std::string der;
  CryptoPP::StringSink sink(der);
  key.DEREncode(sink);
  const Secret bytes(std::move(der));
  return Secret(Base64Encode(bytes.Reveal()));
}

std::string RsaPrivateKey::Sign(std::string_view data) const {
  CryptoPP::AutoSeededRandomPool random;
  const Signer signer(impl_->key);
  std::string signature(signer.MaxSignatureLength(), '\0');
  signer.SignMessage(random, In(data), data.size(), reinterpret_cast<byte*>(signature.data()));
  return signature;
}

std::string RsaPrivateKey::PublicDer() const {
  std::string der;
  CryptoPP::StringSink sink(der);
  CryptoPP::RSA::PublicKey(impl_->key).DEREncode(sink);
  return der;
}

Result<RsaPublicKey> RsaPublicKey::Load(std::string_view text) {
  if (text.size() > kMaxRsaKeyBytes) return Error{Code::kTooLarge, "RSA key: too long"};
  const std::string der = DerOf(text);
  const auto impl = std::make_shared<Impl>();
  const bool is_read = Decode(der, [&](auto& source) { impl->key.BERDecode(source); }) ||
                       Decode(der, [&](auto& source) {
                         impl->key.BERDecodePublicKey(
                             source, false, static_cast<std::size_t>(source.MaxRetrievable()));
                       });
  if (!is_read) return Unreadable("not a public key");
  if (!SizeFits(impl->key.GetModulus())) return Unreadable("not of 2048 to 8192 bits");
  if (!IsSound(impl->key)) return Unreadable("its numbers do not fit each other");
  return RsaPublicKey(impl);
}

bool RsaPublicKey::Verify(std::string_view data, std::string_view signature) const {
  const Verifier verifier(impl_->key);
  if (signature.size() != verifier.SignatureLength()) return false;
  return verifier.VerifyMessage(In(data), data.size(), In(signature), signature.size());
}

}  // namespace fiscalgate::base
