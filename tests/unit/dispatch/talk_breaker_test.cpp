#include "lib/dispatch/talk_breaker.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::dispatch {
namespace {

using std::chrono::seconds;

struct Fixture {
  void Open() {
    for (int i = 0; i < base::kTroublesToOpen; ++i) breaker.Trouble(false, now, 0.5);
    BOOST_REQUIRE(!breaker.closed());
  }
  TalkBreaker breaker;
  base::MonoTime now{seconds(1'000)};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(talk_breaker, Fixture)

BOOST_AUTO_TEST_CASE(OnlyTroublesInARowOpenIt) {
  for (int i = 0; i < 3 * base::kTroublesToOpen; ++i) {
    BOOST_TEST(!breaker.Trouble(false, now, 0.5));
    if (i % 2 == 1) breaker.Worked();
  }
  BOOST_TEST(breaker.closed());
  Open();
  BOOST_TEST(!breaker.Permits(now));
}

BOOST_AUTO_TEST_CASE(OneProbeAtATimeAfterThePause) {
  Open();
  now += seconds(1);
  BOOST_TEST(breaker.Permits(now));
  breaker.Probe();
  BOOST_TEST(!breaker.Permits(now));
  breaker.Forget();
  BOOST_TEST(breaker.Permits(now));
}

BOOST_AUTO_TEST_CASE(WhatWasSentBeforeItOpenedDoesNotLengthenThePause) {
  Open();
  const auto until = breaker.until();
  BOOST_TEST(!breaker.Trouble(false, now, 0.5));
  BOOST_TEST((breaker.until() == until));
}

BOOST_AUTO_TEST_CASE(ProbeThatFailsBeginsALongerPause) {
  Open();
  for (const int pause : {2, 5, 10, 30, 60, 60}) {
    now = breaker.until();
    breaker.Probe();
    BOOST_TEST(!breaker.Trouble(true, now, 0.5));
    BOOST_TEST((breaker.until() - now == seconds(pause)));
  }
}

BOOST_AUTO_TEST_CASE(WhatWorksClosesItAndForgets) {
  Open();
  BOOST_TEST(breaker.Worked());
  BOOST_TEST(breaker.closed());
  BOOST_TEST(breaker.Permits(now));
  BOOST_TEST(!breaker.Worked());
  Open();
  BOOST_TEST((breaker.until() - now == seconds(1)));
}

BOOST_AUTO_TEST_CASE(GoodNewsAllowAProbeAtOnce) {
  Open();
  breaker.AllowProbe(now);
  BOOST_TEST(breaker.Permits(now));
  BOOST_TEST(!breaker.closed());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
