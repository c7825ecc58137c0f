// Reads the tags of an agent and of a supplier, wherever they stand. Pure; any thread.
#pragma once

#include <optional>

#include "lib/base/json.h"
#include "lib/ffd/path.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

// False if the tag belongs to neither 1223 nor 1224.
bool ReadAgentTag(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink,
                  std::optional<Agent>* agent, std::optional<Supplier>* supplier);

}  // namespace fiscalgate::ffd
