#include "lib/callback/retry_after.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::callback {
namespace {

const base::WallTime kNow = base::FromMillis(784111777'000);  // Sun, 06 Nov 1994 08:49:37 GMT

std::int64_t SecondsOf(std::string_view value) {
  const auto read = ReadRetryAfter(value, kNow);
  return read ? read->count() / 1000 : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(SecondsAreRead) {
  BOOST_TEST(SecondsOf("120") == 120);
  BOOST_TEST(SecondsOf(" 0 ") == 0);
}

BOOST_AUTO_TEST_CASE(DatesAreReadInAllThreeForms) {
  BOOST_TEST(SecondsOf("Sun, 06 Nov 1994 08:50:37 GMT") == 60);
  BOOST_TEST(SecondsOf("Sunday, 06-Nov-94 08:50:37 GMT") == 60);
  BOOST_TEST(SecondsOf("Sun Nov  6 08:50:37 1994") == 60);
}

BOOST_AUTO_TEST_CASE(PastDateIsNoPause) {
  BOOST_TEST(SecondsOf("Sun, 06 Nov 1994 08:00:00 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(WhatCannotBeReadIsNotThere) {
  for (const char* value : {"", "-5", "soon", "12 minutes", "1.5", "Sun, 06 Nov 1994", "0x10",
                            "Sun, 06 Nov 1994 08:50:37 GMT and more", "99999999999999999999"}) {
    BOOST_TEST_CONTEXT(value) { BOOST_TEST(SecondsOf(value) == -1); }
  }
}

BOOST_AUTO_TEST_CASE(HugeNumbersStayInRange) {
  BOOST_TEST(SecondsOf("9223372036854775807") == 366 * 24 * 3600);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
