#include "lib/base/password.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::base {

BOOST_AUTO_TEST_SUITE(PasswordTest)

BOOST_AUTO_TEST_CASE(OnlyTheRightPasswordFits) {
  const std::string hashed = HashPassword("тайна 7");
  BOOST_TEST(PasswordFits("тайна 7", hashed));
  BOOST_TEST(!PasswordFits("тайна 8", hashed));
  BOOST_TEST(!PasswordFits("", hashed));
  BOOST_TEST(hashed.find("тайна") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(SamePasswordIsKeptDifferentlyEachTime) {
  BOOST_TEST(HashPassword("x") != HashPassword("x"));
}

// RFC 7914, section 12, the third vector: its first 32 bytes.
BOOST_AUTO_TEST_CASE(KnownVectorFits) {
  BOOST_TEST(PasswordFits("pleaseletmein",
                          "scrypt$16384$8$1$536f6469756d43686c6f72696465$"
                          "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"));
}

BOOST_AUTO_TEST_CASE(WhatIsNoHashFitsNothing) {
  for (const char* text :
       {"", "scrypt", "x$16384$8$1$00$00", "scrypt$16384$8$1$zz$00", "scrypt$0$8$1$00$00",
        "scrypt$16383$8$1$00$00", "scrypt$99999999999$8$1$00$00", "scrypt$16384$8$1$00$00$00",
        "scrypt$16384$9999$1$00$00"}) {
    BOOST_TEST(!PasswordFits("x", text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::base
