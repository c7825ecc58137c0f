// Contacts, INNs, names, countries, documents. Pure; any thread.
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

void CheckInns(const Context& context);
void CheckContacts(const Context& context);
void CheckPhones(const Context& context);
void CheckPeople(const Context& context);
void CheckCountries(const Context& context);

}  // namespace fiscalgate::ffd::rules
