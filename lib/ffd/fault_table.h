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
  std::string_view source_ru, source_en;    // document and section, or whose choice the rule is
  std::string_view example_ru, example_en;  // what brings it about; "" in English: the same

  constexpr std::string_view ExampleEn() const {
    return example_en.empty() ? example_ru : example_en;
  }
};

std::span<const FaultRow> AllFaults();
const FaultRow& RowOf(FaultCode code);

}  // namespace fiscalgate::ffd
