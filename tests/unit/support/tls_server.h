// An HTTPS server with a certificate made for the occasion, signed by nobody: the openssl command
// makes the certificate, python3 serves. Both are needed by this test and their absence fails it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fiscalgate::testing {

// Somebody's certificate and key, PEM; signed by nobody.
struct TlsIdentity {
  std::string certificate, key;
};
TlsIdentity MakeTlsIdentity(const std::string& name);

class TlsServer {
 public:
  TlsServer() : TlsServer(std::vector<TlsIdentity>()) {}
  // Lets in only `clients`, unless there are none.
  explicit TlsServer(const std::vector<TlsIdentity>& clients);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  // Every request is answered with how many there were, itself included; with clients, with the
  // client's name and the number of its connection besides: "3 shop #2".
  std::string Url() const;
  // "sha256//..." of its key.
  const std::string& pin() const { return pin_; }
  // Its certificate, PEM: who trusts it as an authority trusts the server at this address.
  std::string certificate() const;

 private:
  std::string folder_;
  std::string pin_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace fiscalgate::testing
