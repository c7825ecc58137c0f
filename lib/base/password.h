// Passwords of people, kept so that a stolen database does not give them away: scrypt, 16 MB and
// some 50 ms a try. Any thread; the memory is the caller's to limit.
#pragma once

#include <string>
#include <string_view>

namespace fiscalgate::base {

// "scrypt$16384$8$1$<salt, hex>$<hash, hex>"
std::string HashPassword(std::string_view password);
// False also for what is no such text. Takes as long for a wrong password as for the right one.
bool PasswordFits(std::string_view password, std::string_view hashed);

}  // namespace fiscalgate::base
