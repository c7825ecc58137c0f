// What is known of a cash register as a device: its shift, its fiscal drive, what it owes the OFD.
// Learned from what it answers, so it is as old as its last answer. Plain values; pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/language.h"
#include "lib/task/task.h"

namespace fiscalgate::task {

// What one answer says; empty: nothing of that.
struct DeviceNews {
  std::optional<std::int64_t> shift;  // number, 1038
  std::optional<bool> shift_open;
  bool shift_just_opened = false;           // by what was answered
  bool shift_over_24h = false;              // said to be open for longer than the law allows
  std::optional<bool> fn_replace_1050;      // the fiscal drive is to be replaced urgently
  std::optional<bool> fn_exhausted_1051;    // its term is over
  std::optional<bool> fn_memory_1052;       // its memory is nearly full
  std::optional<bool> ofd_timeout_1053;     // the OFD does not answer
  std::optional<std::int64_t> unsent_1097;  // documents the OFD has not got
  std::optional<base::WallTime> first_unsent_1098;  // the oldest of them
};

enum class ShiftState { kNotKnown, kOpen, kClosed };

struct DeviceState {
  RegisterKey register_key = 0;
  ShiftState shift_state = ShiftState::kNotKnown;
  std::int64_t shift = 0;          // number, 0 = not known
  base::WallTime shift_opened_at;  // at the latest; of an open shift
  bool fn_replace_1050 = false, fn_exhausted_1051 = false, fn_memory_1052 = false;
  bool ofd_timeout_1053 = false;
  std::optional<std::int64_t> unsent_1097;  // empty: not known
  std::optional<base::WallTime> first_unsent_1098;
  base::WallTime told_at;  // when it last said something

  friend bool operator==(const DeviceState&, const DeviceState&) = default;
};

// True: something was learned. `at` is when the answer came.
bool Learn(const DeviceNews& news, base::WallTime at, DeviceState* state);

// What somebody should do something about.
struct DeviceWarning {
  std::string code;  // stable: "fn_replace", "fn_exhausted", "fn_memory", "ofd_timeout",
                     // "ofd_backlog", "shift_old"
  std::string text;
};
std::vector<DeviceWarning> WarningsOf(const DeviceState& state, base::WallTime now,
                                      base::Language language);

}  // namespace fiscalgate::task
