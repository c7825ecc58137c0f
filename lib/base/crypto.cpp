#include "lib/base/crypto.h"

#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1
#include <cryptopp/aes.h>
#include <cryptopp/gcm.h>
#include <cryptopp/hmac.h>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

using CryptoPP::byte;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kBlockBytes = CryptoPP::AES::BLOCKSIZE;
constexpr char kSealVersion = 1;

const byte* In(std::string_view text) { return reinterpret_cast<const byte*>(text.data()); }
byte* Out(std::string* text) { return reinterpret_cast<byte*>(text->data()); }

template <typename Hash>
std::string Digest(std::string_view data) {
  std::string digest(Hash::DIGESTSIZE, '\0');
  Hash().CalculateDigest(Out(&digest), In(data), data.size());
  return digest;
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Error FileError(const std::string& path) {
  const int error = errno;
  Code code = Code::kInternal;
  if (error == ENOENT || error == ENOTDIR) code = Code::kNotFound;
  if (error == EACCES || error == EPERM) code = Code::kForbidden;
  if (error == EEXIST) code = Code::kConflict;
  return Error{code, "key file " + path + ": " + std::strerror(error)};
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string Md5Hex(std::string_view data) { return HexEncode(Digest<CryptoPP::Weak::MD5>(data)); }

std::string Sha256(std::string_view data) { return Digest<CryptoPP::SHA256>(data); }

struct Sha256Sum::Hash {
  CryptoPP::SHA256 sum;
};
Sha256Sum::Sha256Sum() : hash_(std::make_unique<Hash>()) {}
Sha256Sum::Sha256Sum(Sha256Sum&&) noexcept = default;
Sha256Sum::~Sha256Sum() = default;
void Sha256Sum::Add(std::string_view data) { hash_->sum.Update(In(data), data.size()); }
std::string Sha256Sum::Take() {
  std::string digest(CryptoPP::SHA256::DIGESTSIZE, '\0');
  hash_->sum.Final(Out(&digest));
  return digest;
}

std::string HmacSha256(std::string_view key, std::string_view data) {
  CryptoPP::HMAC<CryptoPP::SHA256> hmac(In(key), key.size());
  std::string digest(CryptoPP::SHA256::DIGESTSIZE, '\0');
  hmac.CalculateDigest(Out(&digest), In(data), data.size());
  return digest;
}

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t at = 0; at < count;) {
    const ssize_t got = ::getrandom(bytes.data() + at, count - at, 0);
    if (got < 0 && errno == EINTR) continue;
    FG_CHECK(got > 0);
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

Secret::~Secret() {
  // The whole capacity: a string that was moved from or grown may have left bytes behind its end.
  value_.resize(value_.capacity());
  ::explicit_bzero(value_.data(), value_.size());
}

// One key a purpose, so that what one of them shows says nothing about the others.
KeyRing::KeyRing(std::string_view key)
    : seal_key_(HmacSha256(key, "fiscalgate seal v1")),
      fingerprint_key_(HmacSha256(key, "fiscalgate fingerprint v1")),
      block_key_(HmacSha256(key, "fiscalgate block v1")) {}

KeyRing KeyRing::FromBytes(std::string_view thirty_two_bytes) {
  FG_CHECK(thirty_two_bytes.size() == kKeyBytes);
  return KeyRing(thirty_two_bytes);
}

Result<KeyRing> KeyRing::Load(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) return FileError(path);
  struct stat status;
  if (::fstat(file.fd(), &status) != 0) return FileError(path);
  if ((status.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
    return Error{
        Code::kForbidden,
        "key file " + path + ": others may read it or the group may write it; chmod 640 or 600"};
  }
  std::string text(4 * kKeyBytes, '\0');
  const ssize_t size = ::read(file.fd(), text.data(), text.size());
  if (size < 0) return FileError(path);
  const Secret line{text.substr(0, static_cast<std::size_t>(size))};
  ::explicit_bzero(text.data(), text.size());
  const Secret key{HexDecode(Trim(line.Reveal())).value_or("")};
  if (key.Reveal().size() != kKeyBytes) {
    return Error{Code::kMalformed, "key file " + path + ": not one line of 64 hex characters"};
  }
  return KeyRing(key.Reveal());
}

Status KeyRing::Create(const std::string& path) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.fd() < 0) return FileError(path);
  const Secret line{HexEncode(RandomBytes(kKeyBytes)) + "\n"};
  if (!WriteAll(file.fd(), line.Reveal()) || ::fsync(file.fd()) != 0) {
    const Error error = FileError(path);
    ::unlink(path.c_str());  // half a key must not look like one at the next start
    return error;
  }
  return Ok();
}

std::string KeyRing::Seal(const Secret& secret, std::string_view place) const {
  const std::string& text = secret.Reveal();
  const std::string nonce = RandomBytes(kNonceBytes);
  std::string sealed(1, kSealVersion);
  sealed += nonce;
  const std::size_t start = sealed.size();
  sealed.resize(start + text.size() + kTagBytes);
  byte* out = Out(&sealed) + start;
  CryptoPP::GCM<CryptoPP::AES>::Encryption cipher;
  cipher.SetKeyWithIV(In(seal_key_.Reveal()), kKeyBytes, In(nonce), kNonceBytes);
  cipher.EncryptAndAuthenticate(out, out + text.size(), kTagBytes, In(nonce), kNonceBytes,
                                In(place), place.size(), In(text), text.size());
  return sealed;
}

Result<Secret> KeyRing::Open(std::string_view sealed, std::string_view place) const {
  const Error error{Code::kMalformed, "the sealed value at " + std::string(place) +
                                          " cannot be opened with this key"};
  if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed[0] != kSealVersion) return error;
  const std::string_view nonce = sealed.substr(1, kNonceBytes);
  const std::string_view body =
      sealed.substr(1 + kNonceBytes, sealed.size() - 1 - kNonceBytes - kTagBytes);
  const std::string_view tag = sealed.substr(sealed.size() - kTagBytes);
  std::string text(body.size(), '\0');
  CryptoPP::GCM<CryptoPP::AES>::Decryption cipher;
  cipher.SetKeyWithIV(In(seal_key_.Reveal()), kKeyBytes, In(nonce), kNonceBytes);
  const bool genuine =
      cipher.DecryptAndVerify(Out(&text), In(tag), kTagBytes, In(nonce), kNonceBytes, In(place),
                              place.size(), In(body), body.size());
  Secret secret(std::move(text));
  if (!genuine) return error;
  return secret;
}

std::string KeyRing::Fingerprint(std::string_view token) const {
  return HmacSha256(fingerprint_key_.Reveal(), token);
}

std::string KeyRing::EncryptBlock(std::string_view sixteen_bytes) const {
  FG_CHECK(sixteen_bytes.size() == kBlockBytes);
  std::string out(kBlockBytes, '\0');
  CryptoPP::AES::Encryption(In(block_key_.Reveal()), kKeyBytes)
      .ProcessBlock(In(sixteen_bytes), Out(&out));
  return out;
}

std::string KeyRing::DecryptBlock(std::string_view sixteen_bytes) const {
  FG_CHECK(sixteen_bytes.size() == kBlockBytes);
  std::string out(kBlockBytes, '\0');
  CryptoPP::AES::Decryption(In(block_key_.Reveal()), kKeyBytes)
      .ProcessBlock(In(sixteen_bytes), Out(&out));
  return out;
}

}  // namespace fiscalgate::base
