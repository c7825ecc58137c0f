// A posted list of commands, taken apart: what the emulated driver works on. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcgi/emulator/fault_marks.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/commands.h"

namespace fiscalgate::emulator {

struct PacketCommand {
  std::string name, type_text;
  std::optional<protocol::bit::CommandType> type;  // none: unknown to this driver
  const base::JsonValue* value = nullptr;          // the whole command
  const base::JsonValue* data = nullptr;           // may be missing
  std::string key;  // what a deduplicating driver recognises it by, within its order number
  std::vector<FaultMark> marks;
};

struct Packet {
  std::string order_id;
  base::JsonDocument document;
  std::vector<PacketCommand> commands;
};

// Errors, in the driver's words: kMalformed (no list of objects), kTooLarge (over kMaxCommands).
base::Result<Packet> ReadPacket(const protocol::bit::DriverRequest& request);

}  // namespace fiscalgate::emulator
