// Reads one receipt object as shops write it: its form, its sums and its payments. All faults come
// back at once. The rules of the fiscal document are checked by check.h, which reads through here.
//
// Keys are anything + '_' + tag; only the number after the last underscore counts. Items stand
// under "purchases" (1.0-1.2), in one object per item under "..._1059" (1.3), or in the list "1059"
// (1.4-1.5). Pure; any thread. Linear in the size of the document.
#pragma once

#include <string>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/ffd/fault.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

struct ReadOptions {
  // Mends what the vendor's own samples get wrong (several bits in 1055, payments that differ from
  // the items) into no fault. Off by default; a switch of the shop.
  bool lenient = false;
  // What the provider takes, for the fault of a list too long to be read.
  std::size_t max_items = base::kMaxItems;
};

// `path` is where `object` stands in the posted text. Appends to `faults`; the receipt is only
// meaningful if nothing was appended.
// What was mended goes to `warnings`, if they are wanted.
Receipt ReadReceipt(const base::JsonValue& object, const std::string& path,
                    const ReadOptions& options, Faults* faults, Faults* warnings = nullptr);

}  // namespace fiscalgate::ffd
