// Whether a server's certificate was issued by the CA of a file, for the name that was asked for.
// WinHTTP knows only what Windows trusts. Any thread.
#pragma once

#include <windows.h>
// After windows.h, which it needs.
#include <wincrypt.h>

#include <string>

namespace fiscalgate::agent::platform {

class PrivateCa {
 public:
  ~PrivateCa();
  PrivateCa() = default;
  PrivateCa(const PrivateCa&) = delete;
  PrivateCa& operator=(const PrivateCa&) = delete;

  // One or more PEM certificates. False: `error` says what is wrong.
  bool Load(const std::string& path, std::string* error);
  // Empty, or why it is not trusted.
  std::string FaultOf(PCCERT_CONTEXT certificate, const std::wstring& host) const;

 private:
  bool EndsHere(PCCERT_CHAIN_CONTEXT chain) const;
  HCERTSTORE roots_ = nullptr;
};

}  // namespace fiscalgate::agent::platform
