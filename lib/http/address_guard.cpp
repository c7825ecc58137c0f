#include "lib/http/address_guard.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

namespace fiscalgate::http {
namespace {

// IPv4 as ::ffff:a.b.c.d, so that one comparison serves both families.
using Bytes = std::array<unsigned char, 16>;
constexpr int kMappedBits = 96;

struct Block {
  const char* address;
  int prefix;
};

// The IANA special-purpose registry for IPv4, with multicast and the reserved class E.
constexpr Block kDeniedV4[] = {
    {"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10}, {"127.0.0.0", 8},
    {"169.254.0.0", 16}, {"172.16.0.0", 12},  {"192.0.0.0", 24},  {"192.0.2.0", 24},
    {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
    {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4},
};

// Of IPv6 only global unicast is let through at all; these are its special parts: IETF protocols
// with Teredo, documentation, 6to4.
constexpr Block kGlobalV6 = {"2000::", 3};
constexpr Block kDeniedV6[] = {{"2001::", 23}, {"2001:db8::", 32}, {"2002::", 16}, {"3fff::", 20}};

Bytes MapV4(const in_addr& address) {
  Bytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::memcpy(&bytes[12], &address, 4);
  return bytes;
}

std::optional<Bytes> BytesOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return MapV4(v4.sin_addr);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    Bytes bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return bytes;
  }
  return std::nullopt;
}

// Both families keep the port in the same place.
std::uint16_t PortOf(const sockaddr& address) {
  sockaddr_in v4;
  std::memcpy(&v4, &address, sizeof v4);
  return ntohs(v4.sin_port);
}

bool IsUsualPort(std::uint16_t port) {
  constexpr std::uint16_t kFirstUnprivileged = 1024;
  return port == 80 || port == 443 || port >= kFirstUnprivileged;
}

std::optional<Bytes> ParseAddress(const std::string& text, bool* is_v4) {
  in_addr v4;
  in6_addr v6;
  *is_v4 = inet_pton(AF_INET, text.c_str(), &v4) == 1;
  if (*is_v4) return MapV4(v4);
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
  Bytes bytes;
  std::memcpy(bytes.data(), &v6, bytes.size());
  return bytes;
}

bool Within(const unsigned char* address, const unsigned char* network, int prefix) {
  const auto whole = static_cast<std::size_t>(prefix / 8);
  if (std::memcmp(address, network, whole) != 0) return false;
  const int rest = prefix % 8;
  if (rest == 0) return true;
  const int mask = (0xff << (8 - rest)) & 0xff;
  return (address[whole] & mask) == (network[whole] & mask);
}

bool Within(const Bytes& address, const Block& block) {
  bool is_v4 = false;
  const auto network = ParseAddress(block.address, &is_v4);
  return Within(address.data(), network->data(), block.prefix + (is_v4 ? kMappedBits : 0));
}

bool IsPublic(const Bytes& address, bool is_v4) {
  if (is_v4) {
    for (const Block& block : kDeniedV4) {
      if (Within(address, block)) return false;
    }
    return true;
  }
  for (const Block& block : kDeniedV6) {
    if (Within(address, block)) return false;
  }
  return Within(address, kGlobalV6);
}

// A public address of this very machine leads behind its firewall. Asked anew each time, because
// interfaces come and go. If the kernel does not tell, the address counts as ours.
bool IsOwn(const Bytes& address) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return true;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr != nullptr && BytesOf(*item->ifa_addr) == address) return true;
  }
  return false;
}

base::Error BadNetwork(const std::string& text) {
  return {base::Code::kMalformed, "not a network: " + text, base::Retry::kNever};
}

}  // namespace

base::Result<AddressGuard> AddressGuard::WithAllowed(const std::vector<std::string>& allow) {
  AddressGuard guard;
  for (const std::string& text : allow) {
    const auto slash = text.find('/');
    bool is_v4 = false;
    const auto address = ParseAddress(text.substr(0, slash), &is_v4);
    if (!address) return BadNetwork(text);
    const int widest = is_v4 ? 32 : 128;
    int prefix = widest;
    if (slash != std::string::npos) {
      const char* end = text.data() + text.size();
      const auto [stop, fault] = std::from_chars(text.data() + slash + 1, end, prefix);
      if (fault != std::errc() || stop != end) return BadNetwork(text);
    }
    if (prefix < 0 || prefix > widest) return BadNetwork(text);
    Network network{};
    std::memcpy(network.bytes, address->data(), address->size());
    network.prefix = prefix + (is_v4 ? kMappedBits : 0);
    guard.allowed_.push_back(network);
  }
  return guard;
}

AddressGuard AddressGuard::AllowAll() {
  AddressGuard guard;
  guard.allow_all_ = true;
  return guard;
}

bool AddressGuard::Allows(const sockaddr& address) const {
  if (allow_all_) return true;
  const auto bytes = BytesOf(address);
  if (!bytes) return false;
  for (const Network& network : allowed_) {
    if (Within(bytes->data(), network.bytes, network.prefix)) return true;
  }
  return IsUsualPort(PortOf(address)) && IsPublic(*bytes, address.sa_family == AF_INET) &&
         !IsOwn(*bytes);
}

bool AddressGuard::AllowsText(std::string_view address, std::uint16_t port) const {
  const std::string text(address);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return Allows(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), &v6.sin6_addr) == 1) {
    return Allows(reinterpret_cast<const sockaddr&>(v6));
  }
  return false;
}

}  // namespace fiscalgate::http
