// The catalogue of faults, as data from which pages are made. Pure; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/ffd/fault.h"

namespace fiscalgate::ffd {

struct CatalogueEntry {
  std::string code;      // "item_sum_mismatch"
  std::string severity;  // "error", "warning" or "switchable": an error that a switch of the shop
                         // makes a warning
  std::string ru, en;    // the text without a detail
  std::string source;    // document and section, in Russian as the documents are
  std::string example;   // what brings it about
};
std::vector<CatalogueEntry> Catalogue();

// A list of objects with these members.
void WriteCatalogue(base::JsonWriter* writer);

}  // namespace fiscalgate::ffd
