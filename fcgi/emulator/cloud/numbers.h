// The settings of an emulated service that a control call changes: whole numbers with a name, a
// start and limits. Declared before the first request; read and changed from any thread. Forgotten
// when the emulator ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "lib/base/json.h"

namespace fiscalgate::emulator::cloud {

class Numbers {
 public:
  void Declare(std::string_view name, std::int64_t value, std::int64_t min, std::int64_t max);
  void Set(std::string_view name, std::int64_t value);  // it was declared
  std::int64_t Get(std::string_view name) const;        // it was declared
  // {"processing_ms": 300}; true and false are 1 and 0. "" if all was taken; else what is wrong,
  // and nothing has changed.
  std::string Change(const base::JsonValue& object);
  void Write(base::JsonWriter* writer) const;  // as members

 private:
  struct Number {
    std::string name;
    std::int64_t min, max;
    std::atomic<std::int64_t> value;
  };
  Number* Find(std::string_view name);

  std::deque<Number> numbers_;
};

}  // namespace fiscalgate::emulator::cloud
