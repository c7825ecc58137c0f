// RFC 6901 JSON pointers, for places that an operator sets. Pure; any thread.
#pragma once

#include <string_view>

#include "lib/base/json.h"

namespace fiscalgate::protocol {

// "" or "/a/0/b~1c", of at most kMaxPointerBytes.
bool IsJsonPointer(std::string_view pointer);
// nullptr if nothing is there or the pointer is none.
const base::JsonValue* FindAt(const base::JsonValue& root, std::string_view pointer);

}  // namespace fiscalgate::protocol
