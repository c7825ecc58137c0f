// What each command type needs beside its type. Only for the front. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "lib/base/json.h"
#include "lib/ffd/check.h"
#include "lib/protocol/bit/commands.h"

namespace fiscalgate::protocol::bit {

// Where a command and its data stand in the posted text, as JSON pointers.
struct CommandPlace {
  std::string command, data;
};

// Appends to `faults`. Gives what a receipt was checked to be, with faults and warnings of its own;
// nothing for other commands.
std::optional<ffd::Checked> CheckCommand(CommandType type, const base::JsonValue& command,
                                         const CommandPlace& place,
                                         const ffd::CheckOptions& options, ffd::Faults* faults);

}  // namespace fiscalgate::protocol::bit
