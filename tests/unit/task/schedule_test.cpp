#include "lib/task/schedule.h"

#include <boost/test/unit_test.hpp>

namespace fiscalgate::task {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(schedule_test)

BOOST_AUTO_TEST_CASE(LanesWaitLongerUpToAMinute) {
  const std::chrono::seconds pauses[] = {1s, 2s, 5s, 10s, 30s, 60s, 60s};
  for (int i = 0; i < 7; ++i) BOOST_TEST((LanePause(i + 1, 0.5) == milliseconds(pauses[i])));
  BOOST_TEST((LanePause(1'000'000, 0.5) == milliseconds(60s)));
  BOOST_TEST((LanePause(0, 0.5) == milliseconds(1s)));
}

BOOST_AUTO_TEST_CASE(PausesSpreadByAFifth) {
  BOOST_TEST((LanePause(4, 0.0) == 8'000ms));
  BOOST_TEST((LanePause(4, 0.999999) < 12'000ms));
  BOOST_TEST((LanePause(4, 0.999999) > 11'990ms));
  BOOST_TEST((*CallbackPause(1, 0.0) == 8'000ms));
}

BOOST_AUTO_TEST_CASE(CallbacksAreTriedForMoreThanThreeDays) {
  milliseconds total{0};
  int pauses = 0;
  for (int attempt = 1; CallbackPause(attempt, 0.5); ++attempt, ++pauses) {
    total += *CallbackPause(attempt, 0.5);
  }
  BOOST_TEST(pauses == 10);
  BOOST_TEST((total == 75h + 36min + 10s));
  BOOST_TEST((*CallbackPause(10, 0.5) == milliseconds(24h)));
  BOOST_TEST(!CallbackPause(11, 0.5).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::task
