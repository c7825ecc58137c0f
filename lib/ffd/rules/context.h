// What every rule gets: the receipt, the options, and where to tell. A rule is a pure function of
// the first two; it looks at one thing and runs in the time the receipt's length asks.
#pragma once

#include "lib/ffd/check_options.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/rules/report.h"

namespace fiscalgate::ffd::rules {

struct Context {
  const Receipt& receipt;
  const CheckOptions& options;
  const Report& report;
};

// Calls rule(item, index) for each item.
template <typename Rule>
void ForEachItem(const Context& context, Rule rule) {
  for (std::size_t i = 0; i < context.receipt.items.size(); ++i) {
    rule(context.receipt.items[i], static_cast<int>(i));
  }
}

}  // namespace fiscalgate::ffd::rules
