// Shifts and devices of registers as typed and as shown. Pure.
#pragma once

#include <optional>
#include <string>

#include "fcgi/admin/table.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/task/device.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

// What was given on the command line; the rest stays as it is.
struct ShiftOptions {
  std::optional<std::string> guard, close, reopen, time_zone, cashier;
};

// Errors: kInvalid; then the register is not to be used.
base::Status ApplyShiftOptions(const ShiftOptions& options, task::Register* r);

// Members of an open object; lines of a sheet.
void WriteShiftSettings(const task::Register& r, base::JsonWriter* writer);
void AddShiftSettings(const task::Register& r, Sheet* sheet);

// What the register has told of itself; `state` is null if it never did. An object or null; a
// sheet below that of the register, empty if there is nothing.
void WriteDevice(const task::DeviceState* state, base::WallTime now, base::JsonWriter* writer);
std::string DeviceSheet(const task::DeviceState* state, base::WallTime now);

}  // namespace fiscalgate::admin
