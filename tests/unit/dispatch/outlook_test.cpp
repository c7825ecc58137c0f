#include "lib/dispatch/outlook.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "lib/base/limits.h"

namespace fiscalgate::dispatch {
namespace {

const base::MonoTime kNow(std::chrono::hours(1));

BOOST_AUTO_TEST_SUITE(outlook)

BOOST_AUTO_TEST_CASE(EqualRegistersTakeTurns) {
  Outlook outlook;
  std::map<task::RegisterKey, int> taken;
  for (int i = 0; i < 30; ++i) ++taken[outlook.Take({1, 2, 3}, kNow)];
  BOOST_TEST(taken[1] == 10);
  BOOST_TEST(taken[2] == 10);
  BOOST_TEST(taken[3] == 10);
}

BOOST_AUTO_TEST_CASE(TheShorterLineIsTaken) {
  Outlook outlook;
  outlook.SetLengths({{1, 5}, {2, 3}});
  BOOST_TEST(outlook.Take({1, 2}, kNow) == 2);
  BOOST_TEST(outlook.Take({1, 2}, kNow) == 2);
  outlook.Add(2, 10);
  BOOST_TEST(outlook.Take({1, 2}, kNow) == 1);
  outlook.Add(2, -100);  // a line is never shorter than nothing
  outlook.Add(2, 1);
  BOOST_TEST(outlook.Take({1, 2}, kNow) == 2);
}

BOOST_AUTO_TEST_CASE(AnIllRegisterGetsOneProbeAMinute) {
  Outlook outlook;
  outlook.SetHealth(1, false, kNow);
  outlook.Add(2, 100);
  for (int i = 0; i < 5; ++i) BOOST_TEST(outlook.Take({1, 2}, kNow) == 2);
  const base::MonoTime later = kNow + base::kProbePause;
  BOOST_TEST(outlook.Take({1, 2}, later) == 1);
  BOOST_TEST(outlook.Take({1, 2}, later) == 2);
  outlook.SetHealth(1, true, later);
  BOOST_TEST(outlook.Take({1, 2}, later) == 1);
}

BOOST_AUTO_TEST_CASE(WhereAllAreIllTheShortestLineIsTaken) {
  Outlook outlook;
  outlook.SetHealth(1, false, kNow);
  outlook.SetHealth(2, false, kNow);
  outlook.Add(1, 2);
  BOOST_TEST(outlook.Take({1, 2}, kNow) == 2);
  BOOST_TEST(outlook.Take({}, kNow) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::dispatch
