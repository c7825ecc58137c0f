#include "lib/callback/signature.h"

#include "lib/base/text.h"

namespace fiscalgate::callback {
namespace {

constexpr std::string_view kPurpose = "fiscalgate webhook v1";
constexpr std::string_view kVersion = "v1,";
constexpr std::int64_t kToleranceS = 300;

std::string SignedText(std::string_view id, std::int64_t timestamp_s, std::string_view body) {
  std::string text(id);
  text.append(".").append(std::to_string(timestamp_s)).append(".").append(body);
  return text;
}

}  // namespace

std::string WebhookKey(const base::Secret& code) {
  return base::HmacSha256(code.Reveal(), kPurpose);
}

std::string WebhookSecretText(const base::Secret& code) {
  return "whsec_" + base::Base64Encode(WebhookKey(code));
}

std::string SignatureHeader(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                            std::string_view body) {
  const std::string sum = base::HmacSha256(key, SignedText(id, timestamp_s, body));
  return std::string(kVersion) + base::Base64Encode(sum);
}

bool Verify(std::string_view key, std::string_view id, std::int64_t timestamp_s,
            std::string_view body, std::string_view header, std::int64_t now_s) {
  if (timestamp_s < now_s - kToleranceS || timestamp_s > now_s + kToleranceS) return false;
  const std::string expected = SignatureHeader(key, id, timestamp_s, body);
  bool fits = false;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(' '), header.size());
    // No early exit: how many signatures were compared tells nothing.
    fits |= base::ConstantTimeEqual(header.substr(0, end), expected);
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return fits;
}

}  // namespace fiscalgate::callback
