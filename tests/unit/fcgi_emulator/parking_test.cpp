#include "fcgi/emulator/parking.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_exchange.h"

namespace fiscalgate::emulator {
namespace {

using base::Milliseconds;
using testing::FakeExchange;

struct Fixture {
  std::shared_ptr<testing::FakeAnswer> Slow(int delay_ms) {
    auto exchange = std::make_unique<FakeExchange>(http::Request{});
    auto answer = exchange->answer();
    parking.ReplyLater(std::move(exchange), {200, {}, std::to_string(delay_ms)},
                       Milliseconds(delay_ms));
    return answer;
  }
  std::shared_ptr<testing::FakeAnswer> Hung() {
    auto exchange = std::make_unique<FakeExchange>(http::Request{});
    auto answer = exchange->answer();
    parking.Hang(std::move(exchange));
    return answer;
  }
  void Advance(Milliseconds by) {
    clock.Advance(by);
    parking.Wake();
  }
  testing::FakeClock clock;
  Parking parking{clock};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parking, Fixture)

BOOST_AUTO_TEST_CASE(ASlowAnswerComesWhenItsTimeHasCome) {
  const auto late = Slow(60'000);
  const auto early = Slow(30'000);
  Advance(Milliseconds(30'000));
  BOOST_TEST(early->Wait().body == "30000");
  BOOST_TEST(!late->came());
  Advance(Milliseconds(30'000));
  BOOST_TEST(late->Wait().body == "60000");
  BOOST_TEST(parking.size() == 0U);
}

BOOST_AUTO_TEST_CASE(AHungRequestIsDroppedWhenItIsReleased) {
  const auto hung = Hung();
  const auto slow = Slow(60'000);
  parking.ReleaseHung();
  const http::Response dropped = hung->Wait();
  BOOST_TEST(http::FindHeader(dropped.headers, "X-Accel-Redirect") == "/emulator-drop");
  BOOST_TEST(!slow->came());
  BOOST_TEST(parking.size() == 1U);
}

BOOST_AUTO_TEST_CASE(AHungRequestIsDroppedAtItsLimit) {
  const auto hung = Hung();
  Advance(base::kMaxFaultDelay - Milliseconds(1));
  const auto probe = Slow(0);
  probe->Wait();
  BOOST_TEST(!hung->came());
  Advance(Milliseconds(1));
  BOOST_TEST(hung->Wait().status == 200);
}

BOOST_AUTO_TEST_CASE(StopAnswersEverything) {
  const auto hung = Hung();
  const auto slow = Slow(60'000);
  parking.Stop();
  BOOST_TEST(hung->came());
  BOOST_TEST(slow->came());
  BOOST_TEST(Slow(60'000)->came());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
