// Checks one receipt by all rules of the fiscal document: the whole of what a register, a provider
// or a tax operator would refuse, before it is sent. Pure; any thread; linear in the receipt's
// length.
//
// All faults come back at once, each with its path and a stable code. Warnings never block.
#pragma once

#include <string>

#include "lib/base/json.h"
#include "lib/ffd/check_options.h"
#include "lib/ffd/fault.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/spot.h"
#include "lib/ffd/tlv.h"

namespace fiscalgate::ffd {

struct Checked {
  Receipt receipt;  // what would be printed; only meaningful without faults
  Faults faults;    // empty: acceptable
  Faults warnings;
  TlvSize size;
};

// Reads and checks. `path` is where `object` stands in the posted text.
Checked CheckReceipt(const base::JsonValue& object, const std::string& path,
                     const CheckOptions& options);

// Checks a receipt that was read already (or built), with the paths that `paths` gives. May replace
// VAT rates in it if the options ask for it.
TlvSize ApplyRules(const CheckOptions& options, const PathFinder& paths, Receipt* receipt,
                   FaultSink& sink);

}  // namespace fiscalgate::ffd
