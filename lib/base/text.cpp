#include "lib/base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "lib/base/limits.h"

namespace fiscalgate::base {
namespace {

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

constexpr std::array<signed char, 256> MakeHexValues() {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 10; ++i)
    values[static_cast<std::size_t>('0' + i)] = static_cast<signed char>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = static_cast<signed char>(10 + i);
    values[static_cast<std::size_t>('A' + i)] = static_cast<signed char>(10 + i);
  }
  return values;
}
constexpr auto kHexValues = MakeHexValues();
constexpr char kHexDigits[] = "0123456789abcdef";
constexpr char kUpperHexDigits[] = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

char LowerChar(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// One pass; `plus` is what '+' stands for.
bool DecodePercent(std::string_view text, char plus, std::string* out) {
  out->resize(text.size());
  char* to = out->data();
  for (const char *from = text.data(), *end = from + text.size(); from != end;) {
    const char c = *from++;
    if (c == '%') {
      if (end - from < 2) return false;
      const int high = kHexValues[Byte(from[0])], low = kHexValues[Byte(from[1])];
      if ((high | low) < 0) return false;
      *to++ = static_cast<char>(high << 4 | low);
      from += 2;
    } else {
      *to++ = c == '+' ? plus : c;
    }
  }
  out->resize(static_cast<std::size_t>(to - out->data()));
  return true;
}

void AppendPercent(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out->push_back(c);
    } else {
      out->append({'%', kUpperHexDigits[Byte(c) >> 4], kUpperHexDigits[Byte(c) & 15]});
    }
  }
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kNotBase64 = 1u << 31;

// What the character at place 0..3 of a group of four adds to the group's 24 bits.
constexpr std::array<std::array<std::uint32_t, 256>, 4> MakeBase64Values() {
  std::array<std::array<std::uint32_t, 256>, 4> values{};
  for (std::size_t place = 0; place < 4; ++place) {
    values[place].fill(kNotBase64);
    const auto shift = static_cast<unsigned>(18 - 6 * place);
    for (std::uint32_t i = 0; i < 64; ++i) {
      values[place][static_cast<unsigned char>(kBase64[i])] = i << shift;
    }
    values[place]['-'] = values[place][' '] = values[place]['+'];
    values[place]['_'] = values[place]['/'];
  }
  return values;
}
constexpr auto kBase64Values = MakeBase64Values();

void PutThree(std::uint32_t group, char** to) {
  (*to)[0] = static_cast<char>(group >> 16);
  (*to)[1] = static_cast<char>(group >> 8);
  (*to)[2] = static_cast<char>(group);
  *to += 3;
}

bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

// What follows the first '=': at most one more, and line ends.
bool IsPadding(std::string_view text) {
  int equals = 0;
  for (const char c : text) {
    if (c == '=') {
      ++equals;
    } else if (!IsLineEnd(c)) {
      return false;
    }
  }
  return equals <= 2;
}

// The last group when it is short: two characters are one byte, three are two.
bool PutRest(std::uint32_t group, int count, char** to) {
  if (count == 0) return true;
  if (count == 1) return false;
  const std::uint32_t unused = count == 2 ? 0xFFFF : 0xFF;
  if ((group & unused) != 0) return false;
  *(*to)++ = static_cast<char>(group >> 16);
  if (count == 3) *(*to)++ = static_cast<char>(group >> 8);
  return true;
}

}  // namespace

std::string PercentEncode(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  AppendPercent(text, &out);
  return out;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out;
  if (!DecodePercent(text, '+', &out)) return std::nullopt;
  return out;
}

Result<FormFields> ParseForm(std::string_view body) {
  FormFields fields;
  fields.reserve(16);
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view field = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (field.empty()) continue;
    if (fields.size() == kMaxFormFields) {
      return Error{Code::kTooLarge, "more than " + std::to_string(kMaxFormFields) + " form fields"};
    }
    const std::size_t equals = std::min(field.find('='), field.size());
    auto& [name, value] = fields.emplace_back();
    if (!DecodePercent(field.substr(0, equals), ' ', &name)) {
      return Error{Code::kMalformed, "a form field's name has a broken % escape"};
    }
    if (name.find('\0') != std::string::npos) {
      return Error{Code::kMalformed, "a form field's name holds a NUL"};
    }
    if (equals < field.size() && !DecodePercent(field.substr(equals + 1), ' ', &value)) {
      return Error{Code::kMalformed,
                   "form field number " + std::to_string(fields.size()) + " has a broken % escape"};
    }
  }
  return fields;
}

std::string BuildForm(const FormFields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    AppendPercent(name, &out);
    out.push_back('=');
    AppendPercent(value, &out);
  }
  return out;
}

std::string Base64Encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(bytes.size() - i, 3);
    std::uint32_t group = static_cast<std::uint32_t>(Byte(bytes[i])) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(Byte(bytes[i + 1])) << 8;
    if (left > 2) group |= Byte(bytes[i + 2]);
    out.push_back(kBase64[group >> 18]);
    out.push_back(kBase64[group >> 12 & 63]);
    out.push_back(left > 1 ? kBase64[group >> 6 & 63] : '=');
    out.push_back(left > 2 ? kBase64[group & 63] : '=');
  }
  return out;
}

std::optional<std::string> Base64DecodeLenient(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  char* to = out.data();
  std::uint32_t group = 0;
  int count = 0;  // characters in `group`
  std::size_t i = 0;
  while (i < text.size()) {
    for (; count == 0 && i + 4 <= text.size(); i += 4) {
      const std::uint32_t four =
          kBase64Values[0][Byte(text[i])] | kBase64Values[1][Byte(text[i + 1])] |
          kBase64Values[2][Byte(text[i + 2])] | kBase64Values[3][Byte(text[i + 3])];
      if (four & kNotBase64) break;
      PutThree(four, &to);
    }
    if (i == text.size()) break;
    const char c = text[i++];
    const std::uint32_t bits = kBase64Values[static_cast<std::size_t>(count)][Byte(c)];
    if (!(bits & kNotBase64)) {
      group |= bits;
      if (++count == 4) {
        PutThree(group, &to);
        group = 0;
        count = 0;
      }
    } else if (c == '=') {
      if (!IsPadding(text.substr(i - 1))) return std::nullopt;
      break;
    } else if (!IsLineEnd(c)) {
      return std::nullopt;
    }
  }
  if (!PutRest(group, count, &to)) return std::nullopt;
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out;
}

std::string HexEncode(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) out.append({kHexDigits[Byte(c) >> 4], kHexDigits[Byte(c) & 15]});
  return out;
}

std::optional<std::string> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = kHexValues[Byte(text[i])], low = kHexValues[Byte(text[i + 1])];
    if ((high | low) < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::size_t Utf8Length(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char first = at[0];
  if (first < 0x80) return 1;
  const auto continues = [&](std::size_t i) { return i < text.size() && (at[i] & 0xC0) == 0x80; };
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (!continues(1) || !continues(2)) return 0;
  if ((first & 0xF0) == 0xE0) {
    if (first == 0xE0 && at[1] < 0xA0) return 0;  // overlong
    if (first == 0xED && at[1] > 0x9F) return 0;  // surrogates
    return 3;
  }
  if (first < 0xF0 || first > 0xF4 || !continues(3)) return 0;
  if (first == 0xF0 && at[1] < 0x90) return 0;
  if (first == 0xF4 && at[1] > 0x8F) return 0;  // above U+10FFFF
  return 4;
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    std::uint64_t eight = ~std::uint64_t{0};
    if (text.size() >= sizeof eight) std::memcpy(&eight, text.data(), sizeof eight);
    const bool all_ascii = (eight & 0x8080808080808080u) == 0;
    const std::size_t length = all_ascii ? sizeof eight : Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string ToStorableText(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  if (text.find('\0') == std::string_view::npos && IsValidUtf8(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = text[0] == '\0' ? 0 : Utf8Length(text);
    clean += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerChar(x) == LowerChar(y); });
}

std::string ToLower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), LowerChar);
  return out;
}

std::string Truncate(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && (Byte(text[limit]) & 0xC0) == 0x80) --limit;
  return std::string(text.substr(0, limit));
}

std::string MaskContact(std::string_view contact) {
  constexpr std::size_t kShown = 2, kMinPhone = 7;
  if (const std::size_t at = contact.rfind('@'); at != std::string_view::npos) {
    return Truncate(contact.substr(0, at), std::min(kShown, at / 2)) + "***" +
           std::string(contact.substr(at));
  }
  const bool is_phone = contact.size() >= kMinPhone &&
                        contact.find_first_not_of("+0123456789 ()-") == std::string_view::npos;
  if (!is_phone) return "***";
  return std::string(contact.substr(0, kShown)) + "***" +
         std::string(contact.substr(contact.size() - kShown));
}

}  // namespace fiscalgate::base
