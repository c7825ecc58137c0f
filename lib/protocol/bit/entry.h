// One entry of a result, as a driver answers it and as a shop gets it. Only for the codec. Pure;
// any thread.
#pragma once

#include "lib/base/json.h"
#include "lib/task/task.h"

namespace fiscalgate::protocol::bit {

// A shop is also told of commands that were not run, and the state by name.
enum class EntryReader { kGateway, kShop };

// {"name","type","success"|"error", the register's other words, the fiscal mark}. `result.raw` may
// hold a JSON object with further members (rrn, slip): they are kept as they are.
void WriteEntry(const task::CommandResult& result, EntryReader reader, base::JsonWriter* writer);

}  // namespace fiscalgate::protocol::bit
