// An http or https address: of the gateway, of the driver, of a proxy. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fiscalgate::agent {

struct Address {
  bool tls = false;
  std::string host;  // without the brackets of IPv6
  std::uint16_t port = 0;
  std::string path;  // "" or "/something", no slash at its end

  // scheme://host[:port][/path], no user, no query. Empty when it is not.
  static std::optional<Address> Parse(std::string_view text);

  bool IsLoopback() const;
  // As in the header Host: with the port unless it is the usual one.
  std::string HostPort() const;
  std::string Text() const;
};

// A proxy may have a user: http://user:password@host:port.
struct Proxy {
  Address address;
  std::string user, password;
  static std::optional<Proxy> Parse(std::string_view text);
};

}  // namespace fiscalgate::agent
