#include "lib/base/id.h"

#include <array>

#include "lib/base/crypto.h"

namespace fiscalgate::base {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kBlockBytes = 16;
__extension__ using Bits = unsigned __int128;

constexpr std::array<signed char, 256> MakeValues() {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
  }
  return values;
}
constexpr auto kValues = MakeValues();

}  // namespace

std::string EncodeBase32(std::string_view sixteen_bytes) {
  FG_CHECK(sixteen_bytes.size() == kBlockBytes);
  Bits bits = 0;
  for (const char c : sixteen_bytes) bits = bits << 8 | static_cast<unsigned char>(c);
  std::string text(kIdLength, '0');
  for (std::size_t i = kIdLength; i-- > 0; bits >>= 5) {
    text[i] = kAlphabet[static_cast<std::size_t>(bits & 31)];
  }
  return text;
}

bool LooksLikeId(std::string_view text) {
  // 26 x 5 bits are 130: the first character only carries three.
  if (text.size() != kIdLength || text[0] > '7') return false;
  for (const char c : text) {
    if (kValues[static_cast<unsigned char>(c)] < 0) return false;
  }
  return true;
}

std::string DecodeBase32(std::string_view text) {
  if (!LooksLikeId(text)) return {};
  Bits bits = 0;
  for (const char c : text) {
    bits = bits << 5 | static_cast<unsigned>(kValues[static_cast<unsigned char>(c)]);
  }
  std::string bytes(kBlockBytes, '\0');
  for (std::size_t i = kBlockBytes; i-- > 0; bits >>= 8) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bits & 255));
  }
  return bytes;
}

std::string NewId(WallTime now) {
  const auto ms = static_cast<std::uint64_t>(ToMillis(now));
  std::string bytes;
  bytes.reserve(kBlockBytes);
  for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(ms >> shift));
  return EncodeBase32(bytes + RandomBytes(10));
}

}  // namespace fiscalgate::base
