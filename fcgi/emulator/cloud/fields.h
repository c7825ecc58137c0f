// Reads the members of a posted JSON object strictly, and collects what is wrong with them, in
// Russian and with their path, as services do. null is the same as nothing. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator::cloud {

enum class Need { kRequired, kOptional };

class Fields {
 public:
  // `path` stands before the keys in errors: "positions[0]."; all must outlive the reader.
  Fields(const base::JsonValue& object, std::string path, std::vector<std::string>* errors)
      : object_(object), path_(std::move(path)), errors_(*errors) {}

  // nullptr for null, too.
  const base::JsonValue* Find(std::string_view key) const;
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  // `max` is in characters. A required text is not empty.
  std::string Text(std::string_view key, std::size_t max, Need need = Need::kOptional);
  std::string Digits(std::string_view key, std::size_t min, std::size_t max,
                     Need need = Need::kOptional);
  std::int64_t Whole(std::string_view key, std::int64_t min, std::int64_t max,
                     std::int64_t otherwise = 0, Need need = Need::kOptional);
  // Roubles, not below zero.
  base::Money Sum(std::string_view key, Need need = Need::kOptional);
  // Above zero.
  base::Quantity Amount(std::string_view key);
  bool Flag(std::string_view key);
  // An object, or nullptr.
  const base::JsonValue* Object(std::string_view key, Need need = Need::kOptional);
  // A list of at most 250 (of at least one if it is required); nullptr if it is none.
  const base::JsonValue* List(std::string_view key, Need need = Need::kOptional);
  std::vector<std::string> Texts(std::string_view key, std::size_t max);

  void Wrong(std::string_view key, std::string_view what);
  std::string Path(std::string_view key) const { return path_ + std::string(key); }

 private:
  const base::JsonValue* Known(std::string_view key, Need need);

  const base::JsonValue& object_;
  const std::string path_;
  std::vector<std::string>& errors_;
};

// Unicode characters of a valid UTF-8 text.
std::size_t Characters(std::string_view text);

}  // namespace fiscalgate::emulator::cloud
