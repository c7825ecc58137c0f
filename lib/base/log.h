// One structured line per event: a JSON object with time, level, event and fields.
//
//   log::Info("task_accepted", {{"task", id}, {"order", order_id}});
//
// Field values are the caller's promise: never a secret, a contact only through MaskContact.
// Any thread. Lines are buffered and flushed at least every kLogFlushInterval, at once for Warn and
// above.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "lib/base/result.h"

namespace fiscalgate::log {

enum class Level { kDebug, kInfo, kWarn, kError };

struct Field {
  Field(std::string_view field, std::string_view value) : name(field), text(value) {}
  Field(std::string_view field, const char* value) : name(field), text(value) {}
  Field(std::string_view field, const std::string& value) : name(field), text(value) {}
  template <typename Int, typename = std::enable_if_t<std::is_integral_v<Int>>>
  Field(std::string_view field, Int value)
      : name(field), number(static_cast<std::int64_t>(value)), is_number(true) {}
  std::string_view name;
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;
};
using Fields = std::initializer_list<Field>;

// Before the first line; without it, lines go to standard error. `file` is a path, or "stderr".
// Called again (after the file was moved away) it goes on in a new file. Errors: kNotFound,
// kForbidden. Lines that cannot be written later on are dropped: a log never stops the work.
base::Status Open(const std::string& file, Level level);
void SetLevel(Level level);
// "debug" | "info" | "warn" | "error"
base::Result<Level> ParseLevel(std::string_view name);
void Flush();

void Debug(std::string_view event, Fields fields = {});
void Info(std::string_view event, Fields fields = {});
void Warn(std::string_view event, Fields fields = {});
void Error(std::string_view event, Fields fields = {});

}  // namespace fiscalgate::log
