#include "fcgi/emulator/bifit/tokens.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fcgi/emulator/file_text.h"
#include "lib/base/crypto.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::bifit {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";

std::string_view NameOf(TokenKind kind) {
  return kind == TokenKind::kAccess ? "access" : "refresh";
}

// Base64 for a header and an address, without padding.
std::string Encode(std::string_view bytes) {
  std::string text = base::Base64Encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

base::Result<Tokens> Tokens::Open(const std::string& key_path) {
  if (!std::filesystem::exists(key_path)) {
    std::ofstream(key_path) << base::HexEncode(base::RandomBytes(kKeyBytes)) << std::flush;
  }
  const auto text = FileText(key_path);
  if (!text) return base::Error{base::Code::kForbidden, text.error().what};
  auto key = base::HexDecode(base::Trim(*text));
  if (!key || key->size() != kKeyBytes) {
    return base::Error{base::Code::kMalformed, key_path + ": no key"};
  }
  return Tokens(*std::move(key));
}

std::string Tokens::Sign(std::string_view text) const {
  return Encode(base::HmacSha256(key_, text));
}

std::string Tokens::Give(TokenKind kind, base::WallTime now, std::chrono::seconds life) {
  constexpr std::int64_t kPerMillisecond = 1000;  // more than can be given in one
  last_serial_ = std::max(last_serial_ + 1, base::ToMillis(now) * kPerMillisecond);
  base::JsonWriter claims;
  claims.BeginObject().Key("kind").String(NameOf(kind)).Key("serial").Int(last_serial_);
  claims.Key("ends_ms").Int(base::ToMillis(now + life)).EndObject();
  const std::string text = Encode(kHeader) + "." + Encode(claims.Take());
  return text + "." + Sign(text);
}

TokenVerdict Tokens::Check(std::string_view token, TokenKind kind, base::WallTime now) const {
  const std::size_t first = token.find('.'), last = token.rfind('.');
  if (last == std::string_view::npos || first == last) return TokenVerdict::kForeign;
  if (!base::ConstantTimeEqual(Sign(token.substr(0, last)), token.substr(last + 1))) {
    return TokenVerdict::kForeign;
  }
  const auto claims = base::Base64DecodeLenient(token.substr(first + 1, last - first - 1));
  const auto document = base::ParseJson(claims.value_or(""));
  if (!document || document->root().FindText("kind") != NameOf(kind)) {
    return TokenVerdict::kForeign;
  }
  const auto ends = register_::FindInt(document->root(), "ends_ms");
  const auto serial = register_::FindInt(document->root(), "serial");
  if (!ends || !serial) return TokenVerdict::kForeign;
  const bool is_over = kind == TokenKind::kAccess && *serial <= expired_serial_;
  return is_over || *ends <= base::ToMillis(now) ? TokenVerdict::kExpired : TokenVerdict::kGood;
}

}  // namespace fiscalgate::emulator::bifit
