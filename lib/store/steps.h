// The steps that the tables have come by, for what runs them. A step that was released is never
// edited: a change is a new step, at the end.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/store/dialect.h"

namespace fiscalgate::store {

struct Step {
  enum class Kind {
    // Adds only, with defaults: programs that do not know it go on, and start, beside it. New
    // columns, tables, indexes; nothing that an older program reads or writes looks different.
    kExpands,
    // Older programs cannot run on it: they must be stopped before.
    kContracts,
  };
  std::vector<std::string> (*statements)(const Dialect&) = nullptr;
  Kind kind = Kind::kContracts;
  // One index that is made when all else is committed, without holding anybody up: on tables that
  // may be large. The table must be no partitioned one.
  std::string_view index = {};       // its name; "" = none
  std::string_view index_what = {};  // "table (columns)"
};

// The first is version 1.
std::span<const Step> AllSteps();

}  // namespace fiscalgate::store
