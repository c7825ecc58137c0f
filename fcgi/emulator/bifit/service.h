// A stand-in for BIFIT's fiscal processing. What is documented and what had to be chosen:
// fcgi/emulator/cloud/README.md. Called with the cloud's mutex held.
#pragma once

#include <memory>

#include "fcgi/emulator.h"
#include "fcgi/emulator/bifit/tokens.h"
#include "fcgi/emulator/cloud/service.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::emulator::bifit {

inline constexpr std::string_view kTokenLifeS = "token_life_s";
inline constexpr std::string_view kRefreshAllowed = "refresh_allowed";

class Bifit final : public cloud::Service {
 public:
  // Errors: of the mapping, and of the key in the cloud's folder. The cloud must outlive the
  // service.
  static base::Result<std::unique_ptr<cloud::Service>> Make(const BifitOptions& options,
                                                            cloud::Cloud& cloud);

  std::string_view title() const override { return "БИФИТ, фискальный процессинг"; }
  std::span<const FaultKind> faults() const override;
  std::span<const cloud::Choice> choices() const override;
  std::vector<cloud::Call> Calls() override;
  base::Result<ffd::Receipt> ReceiptOf(const cloud::Record& record) const override;
  void Describe(const cloud::Record& record, base::JsonWriter* writer) const override;
  std::string mapping() const override { return overlay_; }
  http::Response Refusal(int status, std::string_view words) const override;

 private:
  Bifit(BifitOptions options, Tokens tokens, std::string overlay, protocol::Mapping mapping,
        cloud::Cloud& cloud)
      : options_(std::move(options)),
        tokens_(std::move(tokens)),
        overlay_(std::move(overlay)),
        mapping_(std::move(mapping)),
        cloud_(cloud) {}

  static std::string OwnOverlay();
  http::Response Token(const http::Request& request);
  http::Response Register(const http::Request& request);
  http::Response AddReceipt(const std::string& key, const http::Request& request);
  http::Response Document(const http::Request& request);
  http::Response Reload(const http::Request& request);
  base::Result<std::vector<cloud::Record>> ReloadedOf(const http::Request& request);
  http::Response ReceiptPage(const http::Request& request);
  http::Response Grant();
  // Status 0: the call is let through.
  http::Response Guard(const http::Request& request, std::string_view step);

  const BifitOptions options_;
  Tokens tokens_;
  const std::string overlay_;
  const protocol::Mapping mapping_;
  cloud::Cloud& cloud_;
};

}  // namespace fiscalgate::emulator::bifit
