// An HTTPS server with a certificate made for the occasion, signed by nobody: the openssl command
// makes the certificate, python3 serves. Both are needed by this test and their absence fails it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace fiscalgate::testing {

class TlsServer {
 public:
  TlsServer();
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  // Every request is answered with how many there were, itself included.
  std::string Url() const;
  // "sha256//..." of its key.
  const std::string& pin() const { return pin_; }

 private:
  std::string folder_;
  std::string pin_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace fiscalgate::testing
