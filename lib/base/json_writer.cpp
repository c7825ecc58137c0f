#include <charconv>

#include "lib/base/json.h"
#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr char kHexDigits[] = "0123456789abcdef";

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void AppendEscape(char c, std::string* out) {
  switch (c) {
    case '"':
      *out += "\\\"";
      return;
    case '\\':
      *out += "\\\\";
      return;
    case '\n':
      *out += "\\n";
      return;
    case '\r':
      *out += "\\r";
      return;
    case '\t':
      *out += "\\t";
      return;
    default:
      *out += "\\u00";
      *out += kHexDigits[static_cast<unsigned char>(c) >> 4];
      *out += kHexDigits[c & 15];
  }
}

// What is not UTF-8, byte by byte, becomes U+FFFD.
std::string Repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    out += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace

void AppendJsonString(std::string_view value, std::string* out) {
  if (!IsValidUtf8(value)) return AppendJsonString(Repaired(value), out);
  *out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!NeedsEscape(value[i])) continue;
    out->append(value, from, i - from);
    AppendEscape(value[i], out);
    from = i + 1;
  }
  out->append(value, from);
  *out += '"';
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (open_.empty()) {
    FG_CHECK(out_.empty());  // one root only
    return;
  }
  FG_CHECK(open_.back() == 'a' || open_.back() == 'A');  // a value in an object needs its key
  if (open_.back() == 'A') out_ += ',';
  open_.back() = 'A';
}

void JsonWriter::End(char container, char bracket) {
  FG_CHECK(!open_.empty() && (open_.back() | 0x20) == container && !after_key_);
  open_.pop_back();
  out_ += bracket;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  out_ += '{';
  open_ += 'o';
  return *this;
}

JsonWriter& JsonWriter::EndObject() {
  End('o', '}');
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  out_ += '[';
  open_ += 'a';
  return *this;
}

JsonWriter& JsonWriter::EndArray() {
  End('a', ']');
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  FG_CHECK(!open_.empty() && (open_.back() | 0x20) == 'o' && !after_key_);
  if (open_.back() == 'O') out_ += ',';
  open_.back() = 'O';
  AppendJsonString(key, &out_);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(value, &out_);
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return Raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::Bool(bool value) { return Raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::Null() { return Raw("null"); }

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

std::string JsonWriter::Take() {
  FG_CHECK(open_.empty() && !after_key_);
  return std::exchange(out_, {});
}

}  // namespace fiscalgate::base
