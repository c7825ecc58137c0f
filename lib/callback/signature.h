// Signing of callbacks by Standard Webhooks 1.0.0: base64(HMAC-SHA256(key, id + "." + timestamp +
// "." + body)), prefix "v1,", several separated by a space while a secret is being rotated.
//
// The key is derived from the shop's integrity code, so that a shop plugin needs no second secret:
// key = HMAC-SHA256(code, "fiscalgate webhook v1"); shown to people as "whsec_" + base64(key).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/crypto.h"

namespace fiscalgate::callback {

std::string WebhookKey(const base::Secret& code);         // 32 bytes
std::string WebhookSecretText(const base::Secret& code);  // "whsec_..."
std::string SignatureHeader(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                            std::string_view body);  // "v1,..."
// Whether any signature of the header fits; the timestamp may differ from `now_s` by five minutes.
bool Verify(std::string_view key, std::string_view id, std::int64_t timestamp_s,
            std::string_view body, std::string_view header, std::int64_t now_s);

}  // namespace fiscalgate::callback
