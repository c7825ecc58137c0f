#include "lib/base/json.h"

#include "lib/base/json_builder.h"

namespace fiscalgate::base {

const JsonValue* JsonValue::Find(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string_view JsonValue::FindText(std::string_view key, std::string_view otherwise) const {
  const JsonValue* value = Find(key);
  return value != nullptr && value->is_string() ? value->text : otherwise;
}

JsonDocument::JsonDocument(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

const JsonValue& JsonDocument::root() const { return storage_->root; }
std::string_view JsonDocument::source() const { return storage_->source; }

Result<JsonDocument> ParseJson(std::string_view text, JsonReader reader) {
  if (text.size() > kMaxJsonBytes) {
    return Error{Code::kTooLarge, "more than " + std::to_string(kMaxJsonBytes) + " bytes of JSON"};
  }
  JsonBuilder builder(text);
  const std::string_view source = builder.source();
  if (const std::size_t nul = source.find('\0'); nul != std::string_view::npos) {
    return builder.Malformed(source.data() + nul, "a NUL byte");
  }
  const Result<JsonValue> root =
      reader == JsonReader::kSimdjson ? ReadWithSimdjson(builder) : ReadWithJsoncpp(builder);
  if (!root) return root.error();
  return builder.Finish(*root);
}

}  // namespace fiscalgate::base
