// What is known of every fault code. Constant data; any thread.
#pragma once

#include <span>
#include <string_view>

#include "lib/ffd/fault.h"

namespace fiscalgate::ffd {

enum class FaultRank {
  kError,
  kWarning,
  kSwitchable,  // an error, which a switch of the shop turns into a warning
};

struct FaultRow {
  FaultCode code;
  std::string_view name;
  FaultRank rank;
  std::string_view ru, en;
  std::string_view source;   // document and section
  std::string_view example;  // what brings it about
};

std::span<const FaultRow> AllFaults();
const FaultRow& RowOf(FaultCode code);

}  // namespace fiscalgate::ffd
