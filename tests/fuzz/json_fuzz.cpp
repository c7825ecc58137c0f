// Both JSON readers must accept the same texts and build the same tree.
#include <cstdint>

#include "lib/base/check.h"
#include "lib/base/json.h"
#include "lib/base/text.h"

namespace base = fiscalgate::base;

namespace {

bool IsInside(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void CheckSame(const base::JsonValue& a, const base::JsonValue& b, std::string_view source_a,
               std::string_view source_b) {
  FG_CHECK(a.kind == b.kind && a.boolean == b.boolean && a.text == b.text);
  FG_CHECK(IsInside(a.raw, source_a) && IsInside(b.raw, source_b));
  FG_CHECK(a.raw == b.raw && !a.raw.empty());
  FG_CHECK(a.items.size() == b.items.size() && a.members.size() == b.members.size());
  FG_CHECK(base::IsValidUtf8(a.text));
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    CheckSame(a.items[i], b.items[i], source_a, source_b);
  }
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    FG_CHECK(a.members[i].key == b.members[i].key);
    FG_CHECK(a.Find(a.members[i].key) == &a.members[i].value);
    CheckSame(a.members[i].value, b.members[i].value, source_a, source_b);
  }
}

// A text that is written must be read as it was.
void CheckWritten(const base::JsonValue& value) {
  if (!value.is_string()) return;
  std::string literal;
  base::AppendJsonString(value.text, &literal);
  const auto again = base::ParseJson(literal);
  FG_CHECK(again.ok() && again->root().text == value.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto one = base::ParseJson(text, base::JsonReader::kJsoncpp);
  const auto two = base::ParseJson(text, base::JsonReader::kSimdjson);
  FG_CHECK(one.ok() == two.ok());
  if (!one.ok()) {
    // A text with two faults may be refused for either.
    for (const auto& error : {one.error(), two.error()}) {
      FG_CHECK(error.code == base::Code::kMalformed || error.code == base::Code::kTooLarge);
    }
    return 0;
  }
  CheckSame(one->root(), two->root(), one->source(), two->source());
  CheckWritten(one->root());
  return 0;
}
