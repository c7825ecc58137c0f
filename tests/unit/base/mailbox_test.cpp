#include "lib/base/mailbox.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>

#include "lib/base/due_set.h"

namespace fiscalgate::base {
namespace {

using Keys = std::vector<std::int64_t>;
using Box = Mailbox<std::string>;

MonoTime At(int ms) { return MonoTime(Milliseconds(ms)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(mailbox)

BOOST_AUTO_TEST_CASE(BellRungManyTimesIsHeardOnce) {
  Box box;
  for (int i = 0; i < 1000; ++i) box.Ring(7);
  BOOST_TEST(box.Take().rung == Keys{7});
  BOOST_TEST(!box.HasPost());
}

BOOST_AUTO_TEST_CASE(BellIsNotHeardUntilItsOwnerListensAgain) {
  Box box;
  box.Ring(7);
  box.Take();
  box.Ring(7);
  BOOST_TEST(!box.HasPost());
  box.Listen(7);
  BOOST_TEST(!box.HasPost());
  box.Ring(7);
  BOOST_TEST(box.Take().rung == Keys{7});
}

BOOST_AUTO_TEST_CASE(RingBetweenListeningAndSleepingIsKept) {
  Box box;
  box.Ring(7);
  box.Take();
  box.Listen(7);
  box.Ring(7);
  box.Deafen(7);  // too late: it has rung
  BOOST_TEST(box.Take().rung == Keys{7});
}

BOOST_AUTO_TEST_CASE(DeafenedBellDoesNotWake) {
  Box box;
  box.Listen(7);
  box.Deafen(7);
  box.Ring(7);
  BOOST_TEST(!box.HasPost());
}

BOOST_AUTO_TEST_CASE(WaitEndsWithALetter) {
  Box box;
  std::thread writer([&] { box.Put("hello"); });
  box.Wait(std::nullopt);
  writer.join();
  BOOST_TEST(box.Take().letters == std::vector<std::string>{"hello"});
}

BOOST_AUTO_TEST_CASE(LetterAfterTheEndIsDroppedAndCounted) {
  Box box;
  box.Put("in time");
  box.Close();
  box.Put("late");
  BOOST_TEST(box.late() == 2);
  BOOST_TEST(box.Take().letters.empty());
}

BOOST_AUTO_TEST_CASE(RescanAndStopAreWishesNotQueues) {
  Box box;
  box.AskRescan();
  box.AskRescan();
  box.AskStop();
  const auto post = box.Take();
  BOOST_TEST(post.rescan);
  BOOST_TEST(post.stop);
  BOOST_TEST(!box.HasPost());
}

BOOST_AUTO_TEST_CASE(ManyRingersWakeAtMostOncePerListening) {
  Box box;
  std::vector<std::thread> ringers;
  for (int i = 0; i < 4; ++i) {
    ringers.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) box.Ring(n % 10);
    });
  }
  for (std::thread& ringer : ringers) ringer.join();
  BOOST_TEST(box.Take().rung.size() == 10u);
}

BOOST_AUTO_TEST_CASE(DueSetGivesTheEarliestFirstAndOnlyWhenDue) {
  DueSet due;
  due.Set(1, At(30));
  due.Set(2, At(10));
  due.Set(3, At(20));
  BOOST_TEST((due.Earliest() == At(10)));
  BOOST_TEST((due.Pop(At(5)) == std::nullopt));
  BOOST_TEST((due.Pop(At(25)) == 2));
  BOOST_TEST((due.Pop(At(25)) == 3));
  BOOST_TEST((due.Pop(At(25)) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(DueSetKeepsOneTimeForAKey) {
  DueSet due;
  due.Set(1, At(10));
  due.Set(1, At(50));
  due.Set(2, At(10));
  due.Set(2, std::nullopt);
  BOOST_TEST(due.size() == 1u);
  BOOST_TEST((due.Pop(At(20)) == std::nullopt));
  BOOST_TEST((due.Pop(At(50)) == 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::base
