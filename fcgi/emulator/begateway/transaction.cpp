#include "fcgi/emulator/begateway/transaction.h"

#include <algorithm>
#include <array>

#include "lib/base/crypto.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::begateway {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"payment", "authorization", "capture", "void",
                                                    "refund"};
constexpr std::array<std::string_view, 5> kStatuses = {"incomplete", "pending", "successful",
                                                       "failed", "expired"};

}  // namespace

std::string_view KindName(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<Kind> KindFromName(std::string_view name) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), name);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<Kind>(found - kKinds.begin());
}

std::string_view StatusName(Status status) { return kStatuses[static_cast<std::size_t>(status)]; }

std::string NewUid() {
  std::string bytes = base::RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // RFC 9562: version 4
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = base::HexEncode(bytes);
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += hex[i];
  }
  return out;
}

}  // namespace fiscalgate::emulator::begateway
