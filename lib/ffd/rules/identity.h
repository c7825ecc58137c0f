// Contacts, INNs, names, countries, documents. Pure; any thread.
//
// Sources: FFD, tags 1008, 1016, 1018, 1073-1075, 1117, 1171, 1203, 1226, 1228, 1230, 1243-1246;
// law 54-FZ, article 1.2, for the contact of an electronic receipt. FFD says no more of a phone
// than
// "+ and digits": the number of digits is the gateway's choice, and so is how strict to be with the
// check digits of other people's INNs (a switch of the shop).
#pragma once

#include <string_view>

#include "lib/ffd/rules/context.h"

namespace fiscalgate::ffd::rules {

enum class InnFault { kNone, kNotAnInn, kChecksum };
// Ten digits of an organisation or twelve of a person, with their check digits. Twelve zeros stand
// for a party without a Russian INN and pass if `may_be_foreign`.
InnFault FindInnFault(std::string_view inn, bool may_be_foreign);

bool IsPhone(std::string_view text);  // + and 7 to 15 digits
bool IsEmail(std::string_view text);  // one @ with something on both sides, no blanks
bool IsCountryCode(std::string_view text);

// The cashier's and the shop's own INN must be right; a wrong check digit elsewhere is a warning,
// or an error if the shop wants it so.
void CheckInns(const Context& context);
// The form of 1008 and 1117, and that 1008 is there when nothing is printed.
void CheckContacts(const Context& context);
// Of agents and suppliers, as long as the provider takes them.
void CheckPhones(const Context& context);
// An INN comes with a name; a buyer without an INN with birth date and document.
void CheckPeople(const Context& context);
// Countries and agencies have three digits.
void CheckCountries(const Context& context);

}  // namespace fiscalgate::ffd::rules
