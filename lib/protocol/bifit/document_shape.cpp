#include "lib/base/limits.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/json_pointer.h"

namespace fiscalgate::protocol::bifit {
namespace {

using base::JsonValue;

constexpr std::size_t kMaxWords = 16;
constexpr int kMaxZone = 11;

struct Place {
  std::string_view key;
  std::string DocumentShape::*pointer;
};
constexpr Place kPlaces[] = {
    {"status", &DocumentShape::status},   {"error", &DocumentShape::error},
    {"drive", &DocumentShape::drive},     {"number", &DocumentShape::number},
    {"sign", &DocumentShape::sign},       {"time", &DocumentShape::time},
    {"shift", &DocumentShape::shift},     {"receipt", &DocumentShape::receipt},
    {"machine", &DocumentShape::machine}, {"total", &DocumentShape::total},
};

base::Error Invalid(std::string_view key, std::string_view what) {
  return {base::Code::kInvalid,
          "document shape: \"" + ffd::CutWord(key) + "\": " + std::string(what)};
}

base::Status ReadWords(const JsonValue& value, std::vector<std::string>* words) {
  if (!value.is_array() || value.items.empty() || value.items.size() > kMaxWords) {
    return Invalid("failed", "not a list of 1 to 16 texts");
  }
  words->clear();
  for (const JsonValue& word : value.items) {
    const bool fits =
        word.is_string() && !word.text.empty() && word.text.size() <= base::kMaxMappingValueBytes;
    if (!fits) return Invalid("failed", "a word is empty or too long");
    words->emplace_back(word.text);
  }
  return base::Ok();
}

base::Status ReadMember(std::string_view key, const JsonValue& value, DocumentShape* shape) {
  if (key == "failed") return ReadWords(value, &shape->failed);
  if (key == "zone") {
    const auto zone = WholeNumber(&value);
    if (!zone || *zone < 1 || *zone > kMaxZone) return Invalid(key, "not 1 to 11 (tag 1011)");
    shape->zone_1011 = static_cast<int>(*zone);
    return base::Ok();
  }
  for (const Place& place : kPlaces) {
    if (place.key != key) continue;
    if (!value.is_string() || value.text.empty() || !IsJsonPointer(value.text)) {
      return Invalid(key, "not a JSON pointer");
    }
    shape->*place.pointer = value.text;
    return base::Ok();
  }
  return Invalid(key, "no such setting");
}

}  // namespace

base::Result<DocumentShape> ReadDocumentShape(std::string_view json) {
  DocumentShape shape;
  if (json.empty()) return shape;
  if (json.size() > base::kMaxMappingBytes) {
    return base::Error{base::Code::kTooLarge, "document shape: the text is too long"};
  }
  const auto document = base::ParseJson(json);
  if (!document.ok()) {
    return base::Error{document.error().code, "document shape: " + document.error().what};
  }
  if (!document->root().is_object()) {
    return base::Error{base::Code::kInvalid, "document shape: not an object"};
  }
  for (const auto& [key, value] : document->root().members) {
    if (auto status = ReadMember(key, value, &shape); !status.ok()) return status.error();
  }
  return shape;
}

}  // namespace fiscalgate::protocol::bifit
