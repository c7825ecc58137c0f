#include "fcgi/emulator/cloud/fields.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::cloud {

using base::JsonValue;

std::size_t Characters(std::string_view text) {
  constexpr unsigned kContinuationMask = 0xC0, kContinuation = 0x80;
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & kContinuationMask) != kContinuation;
  }));
}

const JsonValue* Fields::Find(std::string_view key) const {
  const JsonValue* const value = object_.Find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Fields::Wrong(std::string_view key, std::string_view what) {
  if (errors_.size() < base::kMaxFaults) errors_.push_back(Path(key) + ": " + std::string(what));
}

const JsonValue* Fields::Known(std::string_view key, Need need) {
  const JsonValue* const value = Find(key);
  if (value == nullptr && need == Need::kRequired) Wrong(key, "обязательное поле не заполнено");
  return value;
}

std::string Fields::Text(std::string_view key, std::size_t max, Need need) {
  const JsonValue* const value = Known(key, need);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    Wrong(key, "ожидается строка");
  } else if (need == Need::kRequired && value->text.empty()) {
    Wrong(key, "обязательное поле не заполнено");
  } else if (Characters(value->text) > max) {
    Wrong(key, "длина больше " + std::to_string(max));
  } else {
    return std::string(value->text);
  }
  return {};
}

std::string Fields::Digits(std::string_view key, std::size_t min, std::size_t max, Need need) {
  std::string text = Text(key, max, need);
  const bool fine = text.size() >= min && std::all_of(text.begin(), text.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || fine) return text;
  Wrong(key, "ожидаются цифры");
  return {};
}

std::int64_t Fields::Whole(std::string_view key, std::int64_t min, std::int64_t max,
                           std::int64_t otherwise, Need need) {
  if (Known(key, need) == nullptr) return otherwise;
  const auto number = register_::FindInt(object_, key);
  if (number && *number >= min && *number <= max) return *number;
  Wrong(key, "ожидается целое число от " + std::to_string(min) + " до " + std::to_string(max));
  return otherwise;
}

base::Money Fields::Sum(std::string_view key, Need need) {
  const JsonValue* const value = Known(key, need);
  base::Money sum;
  if (value == nullptr) return sum;
  const bool fine = value->is_number() &&
                    base::ParseMoney(value->text, &sum) == base::DecimalFault::kNone &&
                    sum.kopecks >= 0;
  if (fine) return sum;
  Wrong(key, "ожидается сумма с двумя знаками после точки, не больше 99999999.99");
  return {};
}

base::Quantity Fields::Amount(std::string_view key) {
  const JsonValue* const value = Known(key, Need::kRequired);
  base::Quantity amount;
  if (value == nullptr) return amount;
  const bool fine = value->is_number() &&
                    base::ParseQuantity(value->text, &amount) == base::DecimalFault::kNone &&
                    amount.millionths > 0;
  if (fine) return amount;
  Wrong(key, "ожидается количество больше нуля, до шести знаков после точки");
  return {};
}

bool Fields::Flag(std::string_view key) {
  const JsonValue* const value = Find(key);
  if (value == nullptr) return false;
  if (value->kind != base::JsonKind::kBool) Wrong(key, "ожидается true или false");
  return value->boolean;
}

const JsonValue* Fields::Object(std::string_view key, Need need) {
  const JsonValue* const value = Known(key, need);
  if (value == nullptr || value->is_object()) return value;
  Wrong(key, "ожидается объект");
  return nullptr;
}

const JsonValue* Fields::List(std::string_view key, Need need) {
  const JsonValue* const value = Known(key, need);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) {
    Wrong(key, "ожидается список");
  } else if (value->items.empty() && need == Need::kRequired) {
    Wrong(key, "список пуст");
  } else if (value->items.size() > base::kMaxItems) {
    Wrong(key, "в списке больше " + std::to_string(base::kMaxItems));
  } else {
    return value;
  }
  return nullptr;
}

std::vector<std::string> Fields::Texts(std::string_view key, std::size_t max) {
  std::vector<std::string> out;
  const JsonValue* const list = List(key);
  if (list == nullptr) return out;
  for (const JsonValue& item : list->items) {
    if (!item.is_string() || item.text.empty() || Characters(item.text) > max) {
      Wrong(key, "ожидаются строки до " + std::to_string(max) + " символов");
      return {};
    }
    out.emplace_back(item.text);
  }
  return out;
}

}  // namespace fiscalgate::emulator::cloud
