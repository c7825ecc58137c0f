#include "lib/base/inbox.h"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "lib/base/check.h"

namespace fiscalgate::base {
namespace {

BOOST_AUTO_TEST_SUITE(inbox_test)

BOOST_AUTO_TEST_CASE(AFullInboxRefuses) {
  Inbox<int> inbox(2);
  BOOST_TEST(inbox.Push(1));
  BOOST_TEST(inbox.Push(2));
  BOOST_TEST(!inbox.Push(3));
  BOOST_TEST(inbox.size() == 2u);
  BOOST_TEST(inbox.TakeAll().size() == 2u);
  BOOST_TEST(inbox.Push(4));
}

BOOST_AUTO_TEST_CASE(AClosedInboxRefusesButGivesWhatIsInside) {
  Inbox<int> inbox(2);
  BOOST_TEST(inbox.Push(1));
  inbox.Close();
  BOOST_TEST(!inbox.Push(2));
  BOOST_TEST(inbox.closed());
  BOOST_TEST(inbox.TakeAll().size() == 1u);
  BOOST_TEST(inbox.TakeAll().empty());
}

BOOST_AUTO_TEST_CASE(WakeEndsOneWait) {
  Inbox<int> inbox(2);
  inbox.Wake();
  BOOST_TEST(inbox.TakeAll().empty());
}

BOOST_AUTO_TEST_CASE(ADeadlineEndsTheWait) {
  Inbox<int> inbox(2);
  BOOST_TEST(inbox.TakeAll(std::chrono::steady_clock::now()).empty());
}

BOOST_AUTO_TEST_CASE(NothingIsLostBetweenThreads) {
  Inbox<int> inbox(100'000);
  std::vector<std::thread> senders;
  for (int t = 0; t < 4; ++t) {
    senders.emplace_back([&inbox] {
      for (int i = 1; i <= 1000; ++i) FG_CHECK(inbox.Push(i));
    });
  }
  std::size_t taken = 0;
  while (taken < 4000) taken += inbox.TakeAll().size();
  for (std::thread& sender : senders) sender.join();
  BOOST_TEST(taken == 4000u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
