// The JSON reader on jsoncpp.
//
// jsoncpp, even when strict, lets some things pass that are not JSON (raw control characters in a
// string, comments and a comma before the end in an object, loose numbers, surrogates without their
// other half), so the text is scanned for those first. It keeps members sorted by name; their order
// in the source is restored from their offsets.
#include <json/json.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/json_builder.h"
#include "lib/base/text.h"

namespace fiscalgate::base {
namespace {

class Scanner {
 public:
  explicit Scanner(const JsonBuilder& builder)
      : builder_(builder), at_(builder.source().data()), end_(at_ + builder.source().size()) {}

  std::optional<Error> Scan() {
    char before = 0;  // the last character that is not a space
    while (at_ != end_) {
      const char c = *at_++;
      if (IsJsonSpace(c)) continue;
      if (c == '"') {
        if (auto error = ScanString()) return error;
      } else if (c == '/') {
        return Fault("a comment");
      } else if (c == '[' || c == '{') {
        if (++depth_ > kMaxJsonDepth) return JsonBuilder::TooDeep();
      } else if (c == ']' || c == '}') {
        --depth_;
        if (before == ',') return Fault("a comma before the end");
      }
      before = c;
    }
    return std::nullopt;
  }

 private:
  std::optional<Error> ScanString() {
    while (at_ != end_) {
      const char c = *at_++;
      if (c == '"') return std::nullopt;
      if (static_cast<unsigned char>(c) < 0x20) return Fault("a control character in a string");
      std::uint32_t ignored = 0;
      if (c == '\\') {
        const char* const start = at_;
        if (!ReadJsonEscape(&at_, end_, &ignored)) {
          at_ = start;
          return Fault("a bad escape in a string");
        }
      }
    }
    return Fault("a string without an end");
  }
  Error Fault(std::string_view what) const { return builder_.Malformed(at_ - 1, what); }

  const JsonBuilder& builder_;
  const char* at_;
  const char* const end_;
  int depth_ = 0;
};

// Turns jsoncpp's values into ours.
class Converter {
 public:
  explicit Converter(JsonBuilder& builder) : builder_(builder) {}

  // Stops at the first error; false then.
  bool Convert(const Json::Value& from, JsonValue* to) {
    if (!builder_.CountNode()) {
      error_ = JsonBuilder::TooManyNodes();
      return false;
    }
    const auto start = static_cast<std::size_t>(from.getOffsetStart());
    to->raw =
        builder_.source().substr(start, static_cast<std::size_t>(from.getOffsetLimit()) - start);
    switch (from.type()) {
      case Json::nullValue:
        to->kind = JsonKind::kNull;
        return true;
      case Json::booleanValue:
        to->kind = JsonKind::kBool;
        to->boolean = from.asBool();
        return true;
      case Json::stringValue:
        return ConvertString(from, to);
      case Json::arrayValue:
        return ConvertArray(from, to);
      case Json::objectValue:
        return ConvertObject(from, to);
      case Json::intValue:
      case Json::uintValue:
      case Json::realValue:
        break;
    }
    return ConvertNumber(to);
  }

  const Error& error() const { return error_; }

 private:
  bool ConvertNumber(JsonValue* to) {
    to->kind = JsonKind::kNumber;
    to->text = to->raw;
    if (IsJsonNumber(to->raw)) return true;
    error_ = builder_.Malformed(to->raw.data(), "a bad number");
    return false;
  }

  bool ConvertString(const Json::Value& from, JsonValue* to) {
    to->kind = JsonKind::kString;
    const char *begin = nullptr, *end = nullptr;
    from.getString(&begin, &end);
    const std::string_view text(begin, static_cast<std::size_t>(end - begin));
    const std::string_view inside = to->raw.substr(1, to->raw.size() - 2);
    to->text = text.size() == inside.size() ? inside : builder_.Keep(text);
    return true;
  }

  bool ConvertArray(const Json::Value& from, JsonValue* to) {
    to->kind = JsonKind::kArray;
    std::vector<JsonValue> items(from.size());
    for (Json::ArrayIndex i = 0; i < from.size(); ++i) {
      if (!Convert(from[i], &items[i])) return false;
    }
    to->items = builder_.Keep(items);
    return true;
  }

  bool ConvertObject(const Json::Value& from, JsonValue* to) {
    to->kind = JsonKind::kObject;
    std::vector<JsonMember> members(from.size());
    auto member = members.begin();
    for (auto it = from.begin(); it != from.end(); ++it, ++member) {
      const char* end = nullptr;
      const char* const begin = it.memberName(&end);
      member->key = builder_.Keep({begin, static_cast<std::size_t>(end - begin)});
      if (!Convert(*it, &member->value)) return false;
    }
    std::sort(members.begin(), members.end(), [](const JsonMember& a, const JsonMember& b) {
      return a.value.raw.data() < b.value.raw.data();
    });
    to->members = builder_.Keep(members);
    return true;
  }

  JsonBuilder& builder_;
  Error error_;
};

Json::CharReaderBuilder Settings() {
  Json::CharReaderBuilder settings;
  Json::CharReaderBuilder::strictMode(&settings.settings_);
  settings["strictRoot"] = false;  // any value may be the root
  settings["rejectDupKeys"] = true;
  settings["failIfExtra"] = true;
  settings["skipBom"] = false;
  settings["collectComments"] = false;
  settings["stackLimit"] = kMaxJsonDepth + 2;  // the scan has kept to the depth already
  return settings;
}

// Only the place is taken from jsoncpp's message: the rest may quote the input.
Error SyntaxError(const std::string& message) {
  int line = 0, column = 0;
  if (std::sscanf(message.c_str(), "* Line %d, Column %d", &line, &column) != 2) {
    return Error{Code::kMalformed, "not valid JSON"};
  }
  const bool duplicate = message.find("\n  Duplicate key") != std::string::npos;
  return Error{Code::kMalformed, "line " + std::to_string(line) + ", column " +
                                     std::to_string(column) +
                                     (duplicate ? ": a key stands twice" : ": not valid JSON")};
}

}  // namespace

Result<JsonValue> ReadWithJsoncpp(JsonBuilder& builder) {
  static const Json::CharReaderBuilder kSettings = Settings();
  const std::string_view source = builder.source();
  if (!IsValidUtf8(source)) return Error{Code::kMalformed, "not valid UTF-8"};
  if (auto error = Scanner(builder).Scan()) return *error;
  try {
    const std::unique_ptr<Json::CharReader> reader(kSettings.newCharReader());
    Json::Value root;
    std::string message;
    if (!reader->parse(source.data(), source.data() + source.size(), &root, &message)) {
      return SyntaxError(message);
    }
    Converter converter(builder);
    JsonValue value;
    if (!converter.Convert(root, &value)) return converter.error();
    return value;
  } catch (const Json::Exception&) {  // its text may quote the input
    return Error{Code::kMalformed, "not valid JSON"};
  }
}

}  // namespace fiscalgate::base
