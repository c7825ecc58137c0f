#include "fcgi/emulator/cloud/numbers.h"

#include <utility>
#include <vector>

#include "lib/base/check.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::cloud {

void Numbers::Declare(std::string_view name, std::int64_t value, std::int64_t min,
                      std::int64_t max) {
  Number& number = numbers_.emplace_back();
  number.name = name;
  number.min = min;
  number.max = max;
  number.value = value;
}

Numbers::Number* Numbers::Find(std::string_view name) {
  for (Number& number : numbers_) {
    if (number.name == name) return &number;
  }
  return nullptr;
}

void Numbers::Set(std::string_view name, std::int64_t value) {
  Number* const number = Find(name);
  FG_CHECK(number != nullptr);
  number->value = value;
}

std::int64_t Numbers::Get(std::string_view name) const {
  for (const Number& number : numbers_) {
    if (number.name == name) return number.value;
  }
  FG_CHECK(false);
  return 0;
}

std::string Numbers::Change(const base::JsonValue& object) {
  if (!object.is_object() || object.members.empty()) return "Ожидается объект с настройками";
  std::vector<std::pair<Number*, std::int64_t>> changes;
  for (const base::JsonMember& member : object.members) {
    Number* const number = Find(member.key);
    if (number == nullptr) return "Неизвестная настройка: " + std::string(member.key);
    const bool is_flag = member.value.kind == base::JsonKind::kBool;
    const auto value = is_flag ? std::optional<std::int64_t>(member.value.boolean ? 1 : 0)
                               : register_::FindInt(object, member.key);
    if (!value || *value < number->min || *value > number->max) {
      return number->name + ": ожидается целое число от " + std::to_string(number->min) + " до " +
             std::to_string(number->max);
    }
    changes.emplace_back(number, *value);
  }
  for (const auto& [number, value] : changes) number->value = value;
  return "";
}

void Numbers::Write(base::JsonWriter* writer) const {
  for (const Number& number : numbers_) writer->Key(number.name).Int(number.value);
}

}  // namespace fiscalgate::emulator::cloud
