#include "fcgi/emulator/marking_code.h"

#include <algorithm>

#include "lib/base/text.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::size_t kGtinDigits = 14;
constexpr std::size_t kTobaccoLength = 29;
constexpr std::size_t kMaxLength = 256;  // tag 2000
constexpr char kGroupSeparator = '\x1D';

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool StartsWithGtin(std::string_view text) {
  return text.size() >= kGtinDigits &&
         std::all_of(text.begin(), text.begin() + kGtinDigits, IsDigit);
}

bool IsPlain(std::string_view code) {
  const bool readable = std::all_of(code.begin(), code.end(), [](char c) {
    return c == kGroupSeparator || (c > ' ' && c <= '~');
  });
  if (!readable || code.size() > kMaxLength) return false;
  if (code.size() == kTobaccoLength && StartsWithGtin(code)) return true;
  if (!code.starts_with("01") || !StartsWithGtin(code.substr(2))) return false;
  const std::string_view rest = code.substr(2 + kGtinDigits);
  return rest.starts_with("21") && rest.size() > 2 && rest[2] != kGroupSeparator;
}

}  // namespace

bool LooksLikeMarkingCode(std::string_view text) {
  if (IsPlain(text)) return true;
  const auto decoded = base::Base64DecodeLenient(text);
  return decoded && IsPlain(*decoded);
}

}  // namespace fiscalgate::emulator
