// What the two JSON readers share: the copy of the source, the memory of the tree, the limits, the
// escapes and the way a fault is told. Only for lib/base/json*.cpp; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>

#include "lib/base/json.h"
#include "lib/base/limits.h"

namespace fiscalgate::base {

// Bytes that may be read behind the end of the source.
inline constexpr std::size_t kJsonPadding = 64;

struct JsonDocument::Storage {
  explicit Storage(std::string_view text);
  std::unique_ptr<char[]> bytes;
  std::string_view source;
  std::pmr::monotonic_buffer_resource memory;
  JsonValue root;
};

class JsonBuilder {
 public:
  explicit JsonBuilder(std::string_view text);
  std::string_view source() const { return storage_->source; }

  // Counts one more value. False over kMaxJsonNodes.
  bool CountNode() { return ++nodes_ <= kMaxJsonNodes; }
  // Memory that lives as long as the document.
  char* Allocate(std::size_t bytes);
  std::string_view Keep(std::string_view text);
  std::span<const JsonValue> Keep(std::span<const JsonValue> values);
  std::span<const JsonMember> Keep(std::span<const JsonMember> members);

  JsonDocument Finish(const JsonValue& root);

  // `at` points into the source.
  Error Malformed(const char* at, std::string_view what) const;
  static Error TooDeep();
  static Error TooManyNodes();

 private:
  std::unique_ptr<JsonDocument::Storage> storage_;
  std::size_t nodes_ = 0;
};

// The two readers. The source holds no NUL and is within kMaxJsonBytes.
Result<JsonValue> ReadWithJsoncpp(JsonBuilder& builder);
Result<JsonValue> ReadWithSimdjson(JsonBuilder& builder);

inline bool IsJsonSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Whether the whole text is one number of the JSON grammar (RFC 8259, section 6) whose exponent has
// at most three digits: libraries differ on what lies beyond a double's range.
bool IsJsonNumber(std::string_view text);
// Reads what follows a backslash and moves `at` behind it. False for an unknown escape, a lone
// surrogate or \u0000.
bool ReadJsonEscape(const char** at, const char* end, std::uint32_t* code_point);

}  // namespace fiscalgate::base
