// Reads the notes of a conversation back: one JSON object, written by this project and yet hostile.
// Remembers whether all was as it should be. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/protocol/answer_text.h"

namespace fiscalgate::protocol {

class NoteReader {
 public:
  explicit NoteReader(const base::JsonValue& root) : root_(root), is_good_(root.is_object()) {}

  bool is_good() const { return is_good_; }
  void Demand(bool what) { is_good_ = is_good_ && what; }

  std::string Text(std::string_view key) {
    const base::JsonValue* const value = root_.Find(key);
    Demand(value == nullptr || value->is_string());
    return std::string(is_good_ && value != nullptr ? value->text : std::string_view());
  }
  // The exact source of an object.
  std::string Raw(std::string_view key) {
    const base::JsonValue* const value = root_.Find(key);
    Demand(value != nullptr && value->is_object());
    return std::string(is_good_ ? value->raw : std::string_view());
  }
  // 0 if it is not there.
  std::int64_t Number(std::string_view key,
                      std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
    const base::JsonValue* const value = root_.Find(key);
    if (value == nullptr) return 0;
    const auto number = value->is_number() ? WholeNumber(value) : std::nullopt;
    Demand(number && *number <= max);
    return is_good_ ? *number : 0;
  }
  base::WallTime Time(std::string_view key) {
    constexpr std::int64_t kYear3000 = 32'503'680'000'000;
    return base::FromMillis(Number(key, kYear3000));
  }
  bool Flag(std::string_view key) {
    const base::JsonValue* const value = root_.Find(key);
    Demand(value == nullptr || value->kind == base::JsonKind::kBool);
    return is_good_ && value != nullptr && value->boolean;
  }
  // The place of the word among these.
  std::size_t Word(std::string_view key, std::span<const std::string_view> words) {
    const auto found = std::find(words.begin(), words.end(), Text(key));
    Demand(found != words.end());
    return is_good_ ? static_cast<std::size_t>(found - words.begin()) : 0;
  }

 private:
  const base::JsonValue& root_;
  bool is_good_;
};

}  // namespace fiscalgate::protocol
