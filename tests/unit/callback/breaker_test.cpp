#include "lib/callback/breaker.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::callback {
namespace {

using Permit = Breakers::Permit;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr double kMiddle = 0.5;  // no jitter
const std::string kShop = "https://shop.example";

struct Fixture {
  Permit Ask() { return breakers.Ask(kShop, now).permit; }
  void Fail(int times) {
    for (int i = 0; i < times; ++i) breakers.Report(kShop, false, false, now, kMiddle);
  }
  // Asks as the probe and reports how it went.
  void Probe(bool delivered) {
    const auto verdict = breakers.Ask(kShop, now);
    BOOST_REQUIRE((verdict.permit == Permit::kGo && verdict.probe));
    breakers.Report(kShop, delivered, true, now, kMiddle);
  }
  Breakers breakers;
  MonoTime now{minutes(100)};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(breaker, Fixture)

BOOST_AUTO_TEST_CASE(FiveFailuresInARowOpenIt) {
  Fail(4);
  BOOST_TEST((Ask() == Permit::kGo));
  Fail(1);
  BOOST_TEST((Ask() == Permit::kOpen));
  BOOST_TEST(breakers.open() == 1u);
  BOOST_TEST((breakers.Ask("https://other.example", now).permit == Permit::kGo));
}

BOOST_AUTO_TEST_CASE(SuccessInBetweenBeginsTheCountAnew) {
  Fail(4);
  breakers.Report(kShop, true, false, now, kMiddle);
  Fail(4);
  BOOST_TEST((Ask() == Permit::kGo));
}

BOOST_AUTO_TEST_CASE(AfterThePauseOneProbeGoes) {
  Fail(5);
  now += seconds(30) - Milliseconds(1);
  BOOST_TEST((Ask() == Permit::kOpen));
  now += Milliseconds(1);
  const auto verdict = breakers.Ask(kShop, now);
  BOOST_TEST((verdict.permit == Permit::kGo));
  BOOST_TEST(verdict.probe);
  BOOST_TEST((Ask() == Permit::kProbing));
}

BOOST_AUTO_TEST_CASE(ProbeThatSucceedsClosesIt) {
  Fail(5);
  now += seconds(30);
  Probe(true);
  BOOST_TEST((Ask() == Permit::kGo));
  BOOST_TEST(breakers.open() == 0u);
  Fail(4);
  BOOST_TEST((Ask() == Permit::kGo));
}

BOOST_AUTO_TEST_CASE(ProbesThatFailBeginLongerPauses) {
  Fail(5);
  for (const int pause_s : {30, 60, 120, 300, 300}) {
    const auto verdict = breakers.Ask(kShop, now);
    BOOST_TEST((verdict.permit == Permit::kOpen));
    BOOST_TEST((verdict.until - now).count() == pause_s * 1000);
    now = verdict.until;
    Probe(false);
  }
  BOOST_TEST(breakers.open() == 1u);
}

BOOST_AUTO_TEST_CASE(DeliveriesUnderWayWhenItOpensDoNotLengthenThePause) {
  Fail(6);
  BOOST_TEST((breakers.Ask(kShop, now).until == now + seconds(30)));
  now += seconds(30);
  BOOST_TEST(breakers.Ask(kShop, now).probe);
  Fail(1);  // one of those, while the probe runs
  BOOST_TEST((Ask() == Permit::kProbing));
}

BOOST_AUTO_TEST_CASE(ProbesMayBeAllowedAtOnce) {
  Fail(5);
  breakers.AllowProbes(now);
  Probe(false);
  BOOST_TEST((breakers.Ask(kShop, now).until == now + seconds(60)));
}

BOOST_AUTO_TEST_CASE(MemoryIsBoundedAndForgetsWhatIsOld) {
  const auto fail = [&](std::size_t i) {
    const std::string origin = "http://" + std::to_string(i);
    for (int n = 0; n < 5; ++n) breakers.Report(origin, false, false, now, kMiddle);
    return breakers.Ask(origin, now).permit;
  };
  for (std::size_t i = 0; i < base::kMaxBreakers; ++i) fail(i);
  BOOST_TEST(breakers.open() == base::kMaxBreakers);
  BOOST_TEST((fail(base::kMaxBreakers) == Permit::kGo));
  now += minutes(120);
  BOOST_TEST((fail(base::kMaxBreakers) == Permit::kOpen));
  BOOST_TEST(breakers.open() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
