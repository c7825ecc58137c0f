// Texts in the alphabet of registers, and the sizes of texts, items and the document. Pure; any
// thread.
#pragma once

#include "lib/ffd/rules/context.h"
#include "lib/ffd/tlv.h"

namespace fiscalgate::ffd::rules {

// In one pass: every text's length and characters, every item's size, and the document's.
TlvSize CheckTexts(const Context& context);

}  // namespace fiscalgate::ffd::rules
