// Reading JSON from outside, and writing our own.
//
// Reading gives an immutable tree whose numbers keep their literal text (money must not pass
// through a double) and whose values know the exact slice of source they came from (commands are
// relayed to registers byte for byte). Two readers build the same tree: jsoncpp, the project's JSON
// library, and simdjson for the one hot path (create-receipt), where it was measured to pay.
// tests/unit/base/json_test.cpp and the fuzz target hold them to the same answers.
//
// Refused by both: invalid UTF-8, duplicate keys in one object, NUL (raw or \u0000), lone
// surrogates, comments, trailing text, a byte order mark, numbers beyond a double's range, depth
// over kMaxJsonDepth, more than kMaxJsonBytes or kMaxJsonNodes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::base {

enum class JsonKind { kNull, kBool, kNumber, kString, kArray, kObject };

struct JsonMember;

// A node; lives as long as its JsonDocument. Plain value, cheap to copy, any thread.
class JsonValue {
 public:
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  std::string_view text;  // string: decoded UTF-8; number: the literal as written; else empty
  std::string_view raw;   // the exact source of this value
  std::span<const JsonValue> items;     // of an array
  std::span<const JsonMember> members;  // of an object, in source order

  bool is_object() const { return kind == JsonKind::kObject; }
  bool is_array() const { return kind == JsonKind::kArray; }
  bool is_string() const { return kind == JsonKind::kString; }
  bool is_number() const { return kind == JsonKind::kNumber; }
  bool is_null() const { return kind == JsonKind::kNull; }

  // The member of that name, or nullptr (also when this is not an object).
  const JsonValue* Find(std::string_view key) const;
  // The text of a string member, or `otherwise`.
  std::string_view FindText(std::string_view key, std::string_view otherwise = {}) const;
};

struct JsonMember {
  std::string_view key;
  JsonValue value;
};

// Owns the source text and the tree. Movable; views stay valid across a move.
class JsonDocument {
 public:
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();
  const JsonValue& root() const;
  std::string_view source() const;

 private:
  friend class JsonBuilder;
  struct Storage;
  explicit JsonDocument(std::unique_ptr<Storage> storage);
  std::unique_ptr<Storage> storage_;
};

enum class JsonReader { kJsoncpp, kSimdjson };

// Errors: kMalformed with a text that names the place where it is known ("line 3, column 7: ..."),
// kTooLarge over a limit. Never quotes the input (it may hold a buyer's contact).
Result<JsonDocument> ParseJson(std::string_view text, JsonReader reader = JsonReader::kJsoncpp);

// A streaming writer for our own answers. Commas are its business, balance is the caller's
// (checked).
//   JsonWriter w; w.BeginObject().Key("id").String(id).Key("n").Int(3).EndObject(); w.Take();
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view value);  // value must be valid UTF-8; bad bytes become U+FFFD
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Raw(std::string_view json);  // json must be one valid value
  std::string Take();

 private:
  void Separate();
  void End(char container, char bracket);
  std::string out_;
  std::string open_;  // one letter an open container: o or a while empty, then O or A
  bool after_key_ = false;
};

// Appends a JSON string literal with its quotes.
void AppendJsonString(std::string_view value, std::string* out);

}  // namespace fiscalgate::base
