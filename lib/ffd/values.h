// Reads single values of a receipt. Numbers may arrive as JSON numbers or as texts that hold one.
// Each function reports its own faults and gives false then. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/decimal.h"
#include "lib/base/json.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/path.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

// Money is never negative in a receipt; a quantity may be zero.
bool ReadMoney(const base::JsonValue& value, const Path& path, FaultSink& sink, base::Money* out);
bool ReadQuantity(const base::JsonValue& value, const Path& path, FaultSink& sink,
                  base::Quantity* out);
// A whole number from 0 on; "2.00" is one.
bool ReadInt(const base::JsonValue& value, const Path& path, FaultSink& sink, std::int64_t* out);
// A whole number out of the tag's enumeration (or of its bits).
bool ReadEnum(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink,
              int* out);
// Numbers are read as their literal: an INN is often posted without quotes.
bool ReadText(const base::JsonValue& value, const Path& path, FaultSink& sink,
              std::string_view* out);
// A text without the blanks around it, to be kept.
void ReadWord(const base::JsonValue& value, const Path& path, FaultSink& sink, std::string* out);
// One, or a list of such.
void ReadWords(const base::JsonValue& value, const Path& path, FaultSink& sink,
               std::vector<std::string>* out);
bool ReadDate(const base::JsonValue& value, const Path& path, FaultSink& sink, DateTime* out);
// True, false, 1 or 0.
bool ReadFlag(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink,
              bool* out);
bool ReadBool(const base::JsonValue& value, const Path& path, FaultSink& sink, bool* out);

// Whether the value is of the tag's type, for tags whose value is not needed. A group is an object
// of tags, a list of such, or a text in the driver's short form (1291: "1/10").
void CheckTagValue(const Tag& tag, const base::JsonValue& value, const Path& path, FaultSink& sink);
// An object whose members are tags, whatever their usual place.
void CheckGroup(const base::JsonValue& value, const Path& path, FaultSink& sink);

}  // namespace fiscalgate::ffd
