#include "lib/protocol/card_number.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/ffd/path.h"

namespace fiscalgate::protocol {
namespace {

using base::JsonValue;
using ffd::Path;

constexpr std::size_t kMaxDigits = 19, kMinDigits = 14;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool PassesLuhn(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    int value = *digit - '0';
    if (is_doubled) value = value > 4 ? value * 2 - 9 : value * 2;
    sum += value;
    is_doubled = !is_doubled;
  }
  return sum % 10 == 0;
}

struct Kind {
  int from, to;  // the first four digits
  std::size_t shortest, longest;
};
// ISO/IEC 7812: the ranges the payment systems use.
constexpr std::array kKinds = {
    Kind{2200, 2205, 16, 19},                            // Mir
    Kind{2221, 2720, 16, 16},                            // Mastercard
    Kind{3000, 3059, 14, 19},                            // Diners Club
    Kind{3095, 3095, 14, 19}, Kind{3400, 3499, 15, 15},  // American Express
    Kind{3528, 3589, 16, 19},                            // JCB
    Kind{3600, 3699, 14, 19}, Kind{3700, 3799, 15, 15},
    Kind{3800, 3999, 14, 19}, Kind{4000, 4999, 16, 19},  // Visa
    Kind{5000, 5099, 16, 19},                            // Maestro
    Kind{5100, 5599, 16, 16},                            // Mastercard
    Kind{5600, 5899, 16, 19},                            // Maestro
    Kind{6000, 6999, 16, 19},                            // Discover, UnionPay, Maestro
};

bool IsCardNumber(std::string_view digits) {
  if (digits.size() < kMinDigits || digits.size() > kMaxDigits) return false;
  int first = 0;
  for (const char c : digits.substr(0, 4)) first = first * 10 + (c - '0');
  return std::any_of(kKinds.begin(), kKinds.end(),
                     [&](const Kind& kind) {
                       return first >= kind.from && first <= kind.to &&
                              digits.size() >= kind.shortest && digits.size() <= kind.longest;
                     }) &&
         PassesLuhn(digits);
}

// Digits among such letters are of an identifier or a token.
bool IsHexLetter(char c) { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr std::array<std::string_view, 12> kForbiddenKeys = {
    "verification_value",    "cvv",        "cvv2", "cvc",    "cvc2",
    "card_number",           "cardnumber", "pan",  "track1", "track2",
    "encrypted_credit_card", "pinblock"};

bool IsForbidden(std::string_view key, const JsonValue& value) {
  if (value.is_null()) return false;
  if (value.is_string() && value.text.empty()) return false;
  const std::string name = base::ToLower(key);
  return std::find(kForbiddenKeys.begin(), kForbiddenKeys.end(), name) != kForbiddenKeys.end();
}

void Look(const JsonValue& value, const Path& path, ffd::FaultSink& sink) {
  if (value.is_string() || value.is_number()) {
    if (HasCardNumber(value.text)) sink.Add(path, ffd::FaultCode::kCardNumber);
    return;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) Look(value.items[i], Path(path, i), sink);
  for (const auto& [key, member] : value.members) {
    if (HasCardNumber(key)) {
      sink.Add(path, ffd::FaultCode::kCardNumber);  // the key itself must not be told
    } else if (const Path here(path, key); IsForbidden(key, member)) {
      sink.Add(here, ffd::FaultCode::kCardNumber);
    } else {
      Look(member, here, sink);
    }
  }
}

}  // namespace

bool HasCardNumber(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    bool is_of_hex = at > 0 && IsHexLetter(text[at - 1]);
    std::string digits;
    bool is_next = true;
    while (is_next) {
      // Longer runs are no card; their first digits are enough to know that.
      if (digits.size() <= kMaxDigits) digits += text[at];
      ++at;
      const bool is_apart =
          at + 1 < text.size() && (text[at] == ' ' || text[at] == '-') && IsDigit(text[at + 1]);
      if (is_apart) ++at;
      is_next = at < text.size() && IsDigit(text[at]);
    }
    is_of_hex = is_of_hex || (at < text.size() && IsHexLetter(text[at]));
    if (!is_of_hex && IsCardNumber(digits)) return true;
  }
  return false;
}

ffd::Faults FindCardData(const JsonValue& value, const std::string& path) {
  ffd::Faults faults;
  ffd::FaultSink sink(&faults);
  Look(value, Path(path), sink);
  return faults;
}

}  // namespace fiscalgate::protocol
