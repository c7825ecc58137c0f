// Finds card data, which never enter Fiscalgate: payment goes by a provider's token or on its own
// page. Tells the place and never the value. Pure; any thread.
//
// A card number is a whole run of digits, with single blanks or hyphens between them or without,
// that begins as the payment systems' numbers do, has a length of theirs, and passes Luhn's check.
// Digits among hexadecimal letters are of an identifier and left alone. So are runs of 13: such
// cards are no longer issued, and bar codes begin like them. Serial numbers of fiscal drives, INNs,
// phones and marking codes begin otherwise or are of other lengths.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/json.h"
#include "lib/ffd/fault.h"

namespace fiscalgate::protocol {

bool HasCardNumber(std::string_view text);

// Faults (card_number) with the JSON pointers of every text, number or key that holds a card number
// and of every member that is card data by its name (a code, a track, an encrypted card). `path` is
// where `value` stands. The fault has no detail.
ffd::Faults FindCardData(const base::JsonValue& value, const std::string& path);

}  // namespace fiscalgate::protocol
