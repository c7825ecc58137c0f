// A stand-in for Orange Data, API 2.31. What is documented and what had to be chosen:
// fcgi/emulator/cloud/README.md. Called with the cloud's mutex held.
#pragma once

#include <memory>

#include "fcgi/emulator.h"
#include "fcgi/emulator/cloud/service.h"
#include "fcgi/emulator/orangedata/document.h"
#include "lib/base/rsa.h"

namespace fiscalgate::emulator::orangedata {

// Of the web server: what became of the client's certificate. "" or missing: it did not ask.
inline constexpr std::string_view kCertificateVerdict = "SSL_CLIENT_VERIFY";

class OrangeData final : public cloud::Service {
 public:
  // Reads the key. Errors: kNotFound, kMalformed. The cloud must outlive the service.
  static base::Result<std::unique_ptr<cloud::Service>> Make(const OrangeDataOptions& options,
                                                            cloud::Cloud& cloud);

  std::string_view title() const override { return "Orange Data"; }
  std::span<const FaultKind> faults() const override;
  std::span<const cloud::Choice> choices() const override;
  std::vector<cloud::Call> Calls() override;
  base::Result<ffd::Receipt> ReceiptOf(const cloud::Record& record) const override;
  void Describe(const cloud::Record& record, base::JsonWriter* writer) const override;
  std::string mapping() const override;
  http::Response Refusal(int status, std::string_view words) const override;

 private:
  OrangeData(OrangeDataOptions options, base::RsaPublicKey key, cloud::Cloud& cloud)
      : options_(std::move(options)), key_(std::move(key)), cloud_(cloud) {}

  http::Response Submit(const http::Request& request, Kind kind);
  http::Response Status(const http::Request& request, Kind kind);
  http::Response Register(const http::Request& request, const Document& document, Kind kind);
  http::Response Outcome(const cloud::Record& record, Kind kind);
  http::Response SubmitItemCode(const http::Request& request);
  http::Response ItemCodeStatus(const http::Request& request);
  http::Response Check(const http::Request& request);
  http::Response Validate(const http::Request& request);
  http::Response Devices(const http::Request& request);
  // Status 0: there is nothing against it.
  http::Response Judge(const http::Request& request, const Document& document) const;
  bool IsLockedOut(const http::Request& request, std::string_view step);
  bool IsSigned(const http::Request& request, const Document& document) const;
  bool KnowsInn(std::string_view inn) const;

  const OrangeDataOptions options_;
  const base::RsaPublicKey key_;
  cloud::Cloud& cloud_;
};

}  // namespace fiscalgate::emulator::orangedata
