// A receipt posted to BIFIT's processing, read strictly: the emulator's own reader, which shares no
// code with the writer in lib/protocol/bifit but the table of names. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/ffd/receipt.h"
#include "lib/protocol/mapping.h"

namespace fiscalgate::emulator::bifit {

struct ReadReceipt {
  ffd::Receipt receipt;
  std::vector<std::string> errors;  // empty: acceptable
};

// Names are those of the mapping where it has one, else those of its table, inferred ones too.
ReadReceipt ReadPostedReceipt(const base::JsonValue& root, const protocol::Mapping& mapping);

}  // namespace fiscalgate::emulator::bifit
