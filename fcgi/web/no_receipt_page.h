// What a person sees in place of a receipt that cannot be shown. Pure; any thread.
#pragma once

#include <string>

#include "lib/base/language.h"
#include "lib/base/result.h"

namespace fiscalgate::web {

// kNotFound: there is none at this address. Anything else: it is there perhaps, but not to be read
// now.
std::string RenderNoReceiptPage(base::Code why, base::Language language);

// What the page may load and do: its own style, by hash, and nothing else.
const std::string& NoReceiptPagePolicy();

}  // namespace fiscalgate::web
