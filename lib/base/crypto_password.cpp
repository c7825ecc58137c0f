#include <cryptopp/scrypt.h>

#include <charconv>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/base/password.h"
#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

constexpr std::size_t kSaltBytes = 16, kHashBytes = 32;
constexpr std::uint64_t kCost = 16384, kBlockSize = 8, kParallel = 1;
// What a stored text may demand of us.
constexpr std::uint64_t kMaxCost = 1 << 17, kMaxBlockSize = 16, kMaxParallel = 4;

struct Work {
  std::uint64_t cost = kCost, block_size = kBlockSize, parallel = kParallel;
};

std::string Derive(std::string_view password, std::string_view salt, const Work& work) {
  std::string out(kHashBytes, '\0');
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const CryptoPP::byte*>(text.data());
  };
  CryptoPP::Scrypt().DeriveKey(reinterpret_cast<CryptoPP::byte*>(out.data()), out.size(),
                               bytes(password), password.size(), bytes(salt), salt.size(),
                               work.cost, work.block_size, work.parallel);
  return out;
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find('$');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool ReadNumber(std::string_view text, std::uint64_t max, std::uint64_t* out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return fault == std::errc() && end == text.data() + text.size() && *out > 0 && *out <= max;
}

}  // namespace

std::string HashPassword(std::string_view password) {
  const std::string salt = RandomBytes(kSaltBytes);
  return "scrypt$" + std::to_string(kCost) + "$" + std::to_string(kBlockSize) + "$" +
         std::to_string(kParallel) + "$" + HexEncode(salt) + "$" +
         HexEncode(Derive(password, salt, {}));
}

bool PasswordFits(std::string_view password, std::string_view hashed) {
  const auto parts = Split(hashed);
  Work work;
  if (parts.size() != 6 || parts[0] != "scrypt" || !ReadNumber(parts[1], kMaxCost, &work.cost) ||
      (work.cost & (work.cost - 1)) != 0 || work.cost < 2 ||
      !ReadNumber(parts[2], kMaxBlockSize, &work.block_size) ||
      !ReadNumber(parts[3], kMaxParallel, &work.parallel)) {
    return false;
  }
  const auto salt = HexDecode(parts[4]);
  const auto hash = HexDecode(parts[5]);
  return salt && hash && ConstantTimeEqual(Derive(password, *salt, work), *hash);
}

}  // namespace fiscalgate::base
