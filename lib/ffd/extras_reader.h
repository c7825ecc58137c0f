// Reads what few items and few receipts have: agents, marking, corrections, the buyer, industries.
// Groups are objects of tags; 1223 and 1224 may also come as the driver's one group "agent", the
// marking as "markirovka", the buyer as "clientInfo", a fraction as "1/10". Pure; any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/ffd/path.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

// False if the tag is none of these.
bool ReadItemExtra(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink,
                   Item* item);
bool ReadReceiptExtra(const Tag& tag, const base::JsonValue& value, const Path& path,
                      FaultSink& sink, Receipt* receipt);

// The driver's groups without a tag number.
void ReadItemGroup(const base::JsonValue& value, const Path& path, FaultSink& sink, Item* item);
void ReadClientInfo(const base::JsonValue& value, const Path& path, FaultSink& sink,
                    Receipt* receipt);

// The code in what was posted under 2000: shops post it in base64, or as it is.
std::string MarkingCode(std::string_view posted);

}  // namespace fiscalgate::ffd
