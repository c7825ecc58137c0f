// The catalogue of fault codes as HTML: every code with its severity, its texts, an example
// and its source, in Russian or English. Pure; any thread.
#pragma once

#include <string>

#include "lib/base/language.h"

namespace fiscalgate::web {

// Made of the table in lib/ffd; an anchor a code: "/docs/faults#vat_rate_expired".
std::string RenderFaultsPage(base::Language language);

// What the page may load and do: its own style, by hash, and nothing else.
const std::string& FaultsPagePolicy();

}  // namespace fiscalgate::web
