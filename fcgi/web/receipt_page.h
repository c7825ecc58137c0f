// The receipt page as HTML: what a buyer sees behind receipt_url, from the acceptance
// on: first that it is being processed, then the mark. Pure; any thread.
#pragma once

#include <string>

#include "lib/base/language.h"
#include "lib/store/store.h"

namespace fiscalgate::web {

// What the register's provider has to show of it; may be empty.
struct ProviderPages {
  std::string payment_url, receipt_url;
};

// Everything from outside is escaped. A task that is not over refreshes itself, without scripts.
std::string RenderReceiptPage(const store::TaskView& view, base::Language language,
                              const ProviderPages& provider = {});

// What the page may load and do: its own style, by hash, and nothing else.
const std::string& ReceiptPagePolicy();

}  // namespace fiscalgate::web
