// What bePaid and Freepayment call the values of the fiscal document. Constant data; any thread.
#pragma once

#include "lib/protocol/mapping.h"

namespace fiscalgate::protocol::begateway {

const MappingTable& Table();

// The rest: a contact is required; one kind of payment for the whole receipt, of its exact total;
// the price is what the provider makes of amount and quantity, so that a quantity other than one
// wants a confirmation (field 1023); an untaxed position cannot name its taxation; "simplified"
// makes every rate "no VAT", as the vendor's own sample shows.
void CheckRest(const ffd::Receipt& receipt, ffd::FfdVersion version, const Mapping& mapping,
               const ExpressReport& report);

}  // namespace fiscalgate::protocol::begateway
