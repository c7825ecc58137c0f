// Faults asked for by a shop's own package: an item named "Чай [fault:paper-out]". So a fault can
// be tried through the whole gateway, from the shop's side.
//
//   [fault:NAME]          strikes once for each order number: sending again succeeds
//   [fault:slow:1500]     with a delay in milliseconds
//   [fault:NAME:always]   strikes every time
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi/emulator/faults.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator {

struct FaultMark {
  Fault fault = Fault::kRefuse;
  int delay_ms = 0;
  bool always = false;
};

// The marks in one name. What is no mark is left alone. Pure.
std::vector<FaultMark> MarksInName(std::string_view name);
// The marks in all names (tag 1030) of a command. Pure.
std::vector<FaultMark> MarksInCommand(const base::JsonValue& command);

// Which marks have struck already. Any thread; forgotten when the emulator ends.
class MarkMemory {
 public:
  // Whether the mark strikes now.
  bool Strikes(const FaultMark& mark, const std::string& order_id);

 private:
  std::mutex mutex_;
  std::set<std::string> struck_;
};

}  // namespace fiscalgate::emulator
