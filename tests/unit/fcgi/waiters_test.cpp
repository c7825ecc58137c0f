#include "fcgi/waiters.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/support/fake_exchange.h"

namespace fiscalgate {
namespace {

using std::chrono::hours;
using std::chrono::steady_clock;
using testing::FakeAnswer;
using testing::FakeExchange;

struct Fixture {
  Fixture() { waiters.Start(); }
  Waiters::Time Later() { return steady_clock::now() + hours(1); }
  // Parks a request that is answered when `ready`, and says in the body whether it was the last
  // look.
  std::shared_ptr<FakeAnswer> Park(Waiters& with, std::int64_t task, Waiters::Time until) {
    auto exchange = std::make_unique<FakeExchange>(http::Request{});
    auto answer = exchange->answer();
    with.Park(Waiters::OfTask(task), until, std::move(exchange),
              [this](ExchangePtr waiting, bool last) -> ExchangePtr {
                std::lock_guard lock(mutex);
                ++looks;
                looked.notify_all();
                if (!ready && !last) return waiting;
                waiting->Reply({200, {}, last ? "last" : "ready"});
                return nullptr;
              });
    return answer;
  }
  void WaitForLooks(int count) {
    std::unique_lock lock(mutex);
    looked.wait(lock, [&] { return looks >= count; });
  }
  void SetReady() {
    std::lock_guard lock(mutex);
    ready = true;
  }
  std::mutex mutex;
  std::condition_variable looked;
  int looks = 0;
  bool ready = false;
  Waiters waiters;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(WaitersTest, Fixture)

BOOST_AUTO_TEST_CASE(ParkedRequestIsLookedAtOnceAndThenWhenWoken) {
  const auto answer = Park(waiters, 1, Later());
  WaitForLooks(1);
  BOOST_TEST(!answer->came());
  SetReady();
  waiters.Wake(Waiters::OfTask(1));
  BOOST_TEST(answer->Wait().body == "ready");
}

BOOST_AUTO_TEST_CASE(WakingOneLeavesTheOthersAlone) {
  const auto first = Park(waiters, 1, Later());
  const auto second = Park(waiters, 2, Later());
  WaitForLooks(2);
  SetReady();
  waiters.Wake(Waiters::OfShop(1));
  waiters.Wake(Waiters::OfTask(2));
  BOOST_TEST(second->Wait().body == "ready");
  BOOST_TEST(!first->came());
  BOOST_TEST(waiters.size() == 1u);
}

BOOST_AUTO_TEST_CASE(TimeOverIsTheLastLook) {
  const auto answer = Park(waiters, 1, steady_clock::now() + std::chrono::milliseconds(5));
  BOOST_TEST(answer->Wait().body == "last");
}

BOOST_AUTO_TEST_CASE(WakeDuringALookIsNotLost) {
  auto exchange = std::make_unique<FakeExchange>(http::Request{});
  const auto answer = exchange->answer();
  int count = 0;
  waiters.Park(Waiters::OfTask(1), Later(), std::move(exchange),
               [&](ExchangePtr waiting, bool) -> ExchangePtr {
                 if (++count == 1) {
                   waiters.Wake(Waiters::OfTask(1));  // it happens just after we have looked
                   return waiting;
                 }
                 waiting->Reply({200, {}, "second"});
                 return nullptr;
               });
  BOOST_TEST(answer->Wait().body == "second");
}

BOOST_AUTO_TEST_CASE(ManyWaitForOneTask) {
  std::vector<std::shared_ptr<FakeAnswer>> answers;
  for (int i = 0; i < 500; ++i) answers.push_back(Park(waiters, 1, Later()));
  WaitForLooks(500);
  SetReady();
  waiters.Wake(Waiters::OfTask(1));
  for (const auto& answer : answers) BOOST_TEST(answer->Wait().status == 200);
  BOOST_TEST(waiters.size() == 0u);
}

BOOST_AUTO_TEST_CASE(OneTooManyIsDropped) {
  Waiters small(1);
  small.Start();
  const auto first = Park(small, 1, Later());
  const auto second = Park(small, 2, Later());
  BOOST_TEST(second->Wait().status == 503);
  BOOST_TEST(!first->came());
}

BOOST_AUTO_TEST_CASE(HurryAnswersAllAndStillServesLatecomers) {
  const auto early = Park(waiters, 1, Later());
  WaitForLooks(1);
  waiters.Hurry();
  BOOST_TEST(early->Wait().body == "last");
  BOOST_TEST(Park(waiters, 2, Later())->Wait().body == "last");
}

BOOST_AUTO_TEST_CASE(StopAnswersAllAndDropsLatecomers) {
  const auto early = Park(waiters, 1, Later());
  waiters.Stop();
  BOOST_TEST(early->Wait().body == "last");
  BOOST_TEST(Park(waiters, 2, Later())->Wait().status == 503);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
