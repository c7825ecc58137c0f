// Decides by resolved address whether we may connect: public unicast only, unless allowed by name
// of network.
//
// The check runs on every address the resolver gave, at the moment of the connect (libcurl's
// open-socket hook), so no second look-up can swap it (DNS rebinding). Denied: everything that is
// not global unicast (RFC 6890 and the IANA special-purpose registries), with IPv4 inside IPv6
// (mapped, NAT64, 6to4, Teredo), and the addresses of this machine. Immutable after construction;
// any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

struct sockaddr;

namespace fiscalgate::http {

class AddressGuard {
 public:
  // Public addresses only.
  AddressGuard() = default;
  // `allow` are CIDR networks that are let through all the same: "127.0.0.0/8", "fd00::/8".
  // Errors: kMalformed, naming the network that cannot be read.
  static base::Result<AddressGuard> WithAllowed(const std::vector<std::string>& allow);
  // Everything is let through: for addresses an operator has registered himself.
  static AddressGuard AllowAll();

  // Looks at the port too, unless the network was allowed by name: 80, 443 and unprivileged ports
  // only, so that a posted URL cannot make us talk to a mail server.
  bool Allows(const sockaddr& address) const;
  // For tests and for messages: a numeric address and a port.
  bool AllowsText(std::string_view address, std::uint16_t port = 443) const;

 private:
  struct Network {
    unsigned char bytes[16];  // IPv4 as ::ffff:a.b.c.d
    int prefix = 128;
  };
  std::vector<Network> allowed_;
  bool allow_all_ = false;
};

}  // namespace fiscalgate::http
