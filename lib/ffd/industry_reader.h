// Reads the industry attributes 1260 and 1261, and dates that are kept as texts. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/ffd/path.h"
#include "lib/ffd/receipt.h"

namespace fiscalgate::ffd {

// One, or a list of such.
void ReadIndustries(const base::JsonValue& value, const Path& path, FaultSink& sink,
                    std::vector<Industry>* out);
// Kept as DD.MM.YYYY.
void ReadDateText(const base::JsonValue& value, const Path& path, FaultSink& sink,
                  std::string* out);

}  // namespace fiscalgate::ffd
