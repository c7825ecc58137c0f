// Texts in the alphabet of registers, and the sizes of texts, items and the document. Pure; any
// thread.
//
// Sources: FFD, the table of tags (lengths in bytes of CP866), 1059 of at most 1024 bytes, a
// document of at most 32768; providers' own limits: lib/ffd/profile.h.
#pragma once

#include "lib/ffd/rules/context.h"
#include "lib/ffd/tlv.h"

namespace fiscalgate::ffd::rules {

// In one pass: every text's length and characters, every item's size, and the document's.
TlvSize CheckTexts(const Context& context);

}  // namespace fiscalgate::ffd::rules
