#include "lib/protocol/json_pointer.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "lib/base/limits.h"

namespace fiscalgate::protocol {
namespace {

std::optional<std::string> Unescape(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i] != '~') {
      out += step[i];
    } else if (++i < step.size() && (step[i] == '0' || step[i] == '1')) {
      out += step[i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return out;
}

const base::JsonValue* Step(const base::JsonValue& value, const std::string& key) {
  if (!value.is_array()) return value.Find(key);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool is_index =
      error == std::errc() && end == key.data() + key.size() && (key.size() == 1 || key[0] != '0');
  return is_index && index < value.items.size() ? &value.items[index] : nullptr;
}

// Calls on_step(key) for each step, as long as it wants more. False if the pointer is none.
template <typename OnStep>
bool Walk(std::string_view pointer, OnStep on_step) {
  if (pointer.size() > base::kMaxPointerBytes) return false;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return false;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const auto key = Unescape(pointer.substr(0, end));
    if (!key) return false;
    on_step(*key);
    pointer.remove_prefix(end);
  }
  return true;
}

}  // namespace

bool IsJsonPointer(std::string_view pointer) {
  return Walk(pointer, [](const std::string&) {});
}

const base::JsonValue* FindAt(const base::JsonValue& root, std::string_view pointer) {
  const base::JsonValue* value = &root;
  const bool is_pointer = Walk(pointer, [&](const std::string& key) {
    if (value != nullptr) value = Step(*value, key);
  });
  return is_pointer ? value : nullptr;
}

}  // namespace fiscalgate::protocol
