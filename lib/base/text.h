// Bytes <-> text: percent, form, base64, hex, UTF-8. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace fiscalgate::base {

// RFC 3986: everything but unreserved characters becomes %XX (PHP's rawurlencode; also valid for
// readers of encodeURIComponent, which leaves !'()* alone).
std::string PercentEncode(std::string_view text);
// Decodes %XX; '+' stays '+'. Empty on a broken escape.
std::optional<std::string> PercentDecode(std::string_view text);

// application/x-www-form-urlencoded, in order. Errors: kMalformed (broken escape, NUL in a name),
// kTooLarge (over kMaxFormFields).
using FormFields = std::vector<std::pair<std::string, std::string>>;
Result<FormFields> ParseForm(std::string_view body);
std::string BuildForm(const FormFields& fields);

std::string Base64Encode(std::string_view bytes);
// Tolerates what real clients send: '+' that arrived as a space, URL-safe alphabet, missing
// padding, line ends. Empty on anything else.
std::optional<std::string> Base64DecodeLenient(std::string_view text);

std::string HexEncode(std::string_view bytes);
std::optional<std::string> HexDecode(std::string_view text);

bool IsValidUtf8(std::string_view text);
// What is not UTF-8, and NUL, becomes U+FFFD: a text that every database keeps.
std::string ToStorableText(std::string_view text);
// Bytes of the character that `text` (not empty) begins with; 0 if it is not UTF-8.
std::size_t Utf8Length(std::string_view text);
std::string_view Trim(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);  // ASCII only
std::string ToLower(std::string_view text);                     // ASCII only

// At most `limit` bytes, cut at a character boundary.
std::string Truncate(std::string_view text, std::size_t limit);

// For logs: "buyer@shop.example" -> "bu***@shop.example", "+79161234567" -> "+7***67".
std::string MaskContact(std::string_view contact);

}  // namespace fiscalgate::base
