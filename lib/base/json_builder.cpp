#include "lib/base/json_builder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>

namespace fiscalgate::base {
namespace {

template <typename T>
std::span<const T> CopyInto(char* memory, std::span<const T> values) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  T* copy = reinterpret_cast<T*>(memory);
  std::uninitialized_copy(values.begin(), values.end(), copy);
  return {copy, values.size()};
}

constexpr int kMaxExponentDigits = 3;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool SkipDigits(const char** at, const char* end) {
  const char* const start = *at;
  while (*at != end && IsDigit(**at)) ++*at;
  return *at != start;
}

bool ReadFourHex(const char** at, const char* end, std::uint32_t* out) {
  if (end - *at < 4) return false;
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = *(*at)++;
    const char lower = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      value = value << 4 | static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return false;
    }
  }
  *out = value;
  return true;
}

bool ReadUnicodeEscape(const char** at, const char* end, std::uint32_t* out) {
  if (!ReadFourHex(at, end, out) || *out == 0) return false;
  if (*out < 0xD800 || *out > 0xDFFF) return true;
  std::uint32_t low = 0;
  if (*out > 0xDBFF || end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u') return false;
  *at += 2;
  if (!ReadFourHex(at, end, &low) || low < 0xDC00 || low > 0xDFFF) return false;
  *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

}  // namespace

// A tree takes about three times its source: asking for that at once saves growing.
JsonDocument::Storage::Storage(std::string_view text)
    : bytes(std::make_unique_for_overwrite<char[]>(text.size() + kJsonPadding)),
      source(bytes.get(), text.size()),
      memory(std::max<std::size_t>(512, 3 * text.size())) {
  if (!text.empty()) std::memcpy(bytes.get(), text.data(), text.size());
  std::memset(bytes.get() + text.size(), 0, kJsonPadding);
}

JsonBuilder::JsonBuilder(std::string_view text)
    : storage_(std::make_unique<JsonDocument::Storage>(text)) {}

char* JsonBuilder::Allocate(std::size_t bytes) {
  return static_cast<char*>(storage_->memory.allocate(bytes, 1));
}

std::string_view JsonBuilder::Keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = Allocate(text.size());
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::span<const JsonValue> JsonBuilder::Keep(std::span<const JsonValue> values) {
  void* memory = storage_->memory.allocate(values.size_bytes(), alignof(JsonValue));
  return CopyInto(static_cast<char*>(memory), values);
}

std::span<const JsonMember> JsonBuilder::Keep(std::span<const JsonMember> members) {
  void* memory = storage_->memory.allocate(members.size_bytes(), alignof(JsonMember));
  return CopyInto(static_cast<char*>(memory), members);
}

JsonDocument JsonBuilder::Finish(const JsonValue& root) {
  storage_->root = root;
  return JsonDocument(std::move(storage_));
}

Error JsonBuilder::Malformed(const char* at, std::string_view what) const {
  const std::string_view before(source().data(), static_cast<std::size_t>(at - source().data()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::string_view in_line = before.substr(before.rfind('\n') + 1);
  const auto column = 1 + std::count_if(in_line.begin(), in_line.end(), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                      });
  return Error{Code::kMalformed, "line " + std::to_string(line) + ", column " +
                                     std::to_string(column) + ": " + std::string(what)};
}

Error JsonBuilder::TooDeep() {
  return Error{Code::kTooLarge,
               "JSON nested deeper than " + std::to_string(kMaxJsonDepth) + " levels"};
}

Error JsonBuilder::TooManyNodes() {
  return Error{Code::kTooLarge, "more than " + std::to_string(kMaxJsonNodes) + " JSON values"};
}

bool IsJsonNumber(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at != end && *at == '-') ++at;
  const char* const whole = at;
  if (!SkipDigits(&at, end)) return false;
  if (*whole == '0' && at - whole > 1) return false;
  if (at != end && *at == '.') {
    ++at;
    if (!SkipDigits(&at, end)) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* const exponent = at;
    if (!SkipDigits(&at, end) || at - exponent > kMaxExponentDigits) return false;
  }
  return at == end;
}

bool ReadJsonEscape(const char** at, const char* end, std::uint32_t* code_point) {
  if (*at == end) return false;
  switch (const char c = *(*at)++) {
    case '"':
    case '\\':
    case '/':
      *code_point = static_cast<std::uint32_t>(c);
      return true;
    case 'b':
      *code_point = '\b';
      return true;
    case 'f':
      *code_point = '\f';
      return true;
    case 'n':
      *code_point = '\n';
      return true;
    case 'r':
      *code_point = '\r';
      return true;
    case 't':
      *code_point = '\t';
      return true;
    case 'u':
      return ReadUnicodeEscape(at, end, code_point);
    default:
      return false;
  }
}

}  // namespace fiscalgate::base
