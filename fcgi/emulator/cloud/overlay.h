// What an operator would have to confirm for a register of an emulated service: the names that the
// emulator understands beyond what is documented. Inferred names of the provider's table as they
// are, chosen ones where nothing is known, and what has no place is left out. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/protocol/mapping.h"

namespace fiscalgate::emulator::cloud {

struct ChosenName {
  int tag;
  int tag_value;  // or protocol::kCarried
  std::string_view name;
};

// The JSON text of an overlay, as Mapping::Make reads it.
std::string WriteOverlay(const protocol::MappingTable& table, std::span<const ChosenName> names);

}  // namespace fiscalgate::emulator::cloud
