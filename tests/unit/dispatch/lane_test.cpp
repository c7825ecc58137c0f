#include "lib/dispatch/lane.h"

#include <boost/test/unit_test.hpp>

#include "lib/dispatch/board.h"

namespace fiscalgate::dispatch {
namespace {

constexpr double kMiddle = 0.5;  // no jitter
using std::chrono::minutes;
using std::chrono::seconds;

MonoTime At(Milliseconds time) { return MonoTime(time); }
const MonoTime kNow = At(seconds(1000));

bool Is(const Lane& lane, LaneState state) { return lane.state() == state; }

}  // namespace

BOOST_AUTO_TEST_SUITE(lane)

BOOST_AUTO_TEST_CASE(NewLaneIsLookedAtFirst) { BOOST_TEST(Is(Lane(1), LaneState::kReady)); }

BOOST_AUTO_TEST_CASE(NoticeWakesOnlyAnIdleLane) {
  Lane lane(1);
  lane.FoundNothing();
  lane.Ring();
  BOOST_TEST(Is(lane, LaneState::kReady));
  lane.Begin();
  lane.Ring();
  BOOST_TEST(Is(lane, LaneState::kBusy));
  lane.Fail(kNow, kMiddle);
  lane.Ring();
  BOOST_TEST(Is(lane, LaneState::kPaused));
  lane.Stand();
  lane.Ring();
  BOOST_TEST(Is(lane, LaneState::kStanding));
}

BOOST_AUTO_TEST_CASE(PausesGrowWithFailuresAndEndWithAnAnswer) {
  Lane lane(1);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 8; ++i) {
    lane.Begin();
    lane.Fail(kNow, kMiddle);
    pauses.push_back((*lane.WakeAt() - kNow).count());
  }
  BOOST_TEST(pauses ==
             (std::vector<std::int64_t>{1000, 2000, 5000, 10000, 30000, 60000, 60000, 60000}));
  BOOST_TEST(lane.failing());
  lane.Free();
  BOOST_TEST(!lane.failing());
}

task::Task Queued(task::TaskSeq seq, task::Priority priority = task::Priority::kOrdinary) {
  task::Task task;
  task.seq = seq;
  task.priority = priority;
  return task;
}

// What was claimed there in a row, the last being `seq`.
Lane Going(task::TaskSeq seq) {
  Lane lane(1);
  lane.SeenInFull(Queued(seq - 1), kNow);
  lane.Claimed(Queued(seq - 1));
  lane.Claimed(Queued(seq));
  return lane;
}

BOOST_AUTO_TEST_CASE(ALongLineIsLookedAtBeyondWhatWasClaimed) {
  Lane lane(1);
  BOOST_TEST(!lane.HintAt(kNow).nothing_ahead);
  lane.SeenInFull(Queued(5), kNow);
  lane.Claimed(Queued(5));
  BOOST_TEST(!lane.HintAt(kNow).nothing_ahead);
  lane.Claimed(Queued(7));
  BOOST_TEST(lane.HintAt(kNow).nothing_ahead);
  BOOST_TEST(lane.HintAt(kNow).after.at(2) == 7);
  BOOST_TEST(lane.HintAt(kNow).after.at(0) == 0);
}

BOOST_AUTO_TEST_CASE(AHintIsForgottenWithEverythingThatPutsATaskBack) {
  BOOST_TEST(Going(7).HintAt(kNow).nothing_ahead);
  const auto forgets = [](const std::function<void(Lane&)>& act) {
    Lane lane = Going(7);
    act(lane);
    return !lane.HintAt(kNow).nothing_ahead && lane.HintAt(kNow).after.at(2) == 0;
  };
  BOOST_TEST(forgets([](Lane& lane) { lane.Relook(false); }));
  BOOST_TEST(forgets([](Lane& lane) { lane.Fail(kNow, kMiddle); }));
  BOOST_TEST(forgets([](Lane& lane) { lane.MissClaim(kNow); }));
  BOOST_TEST(forgets([](Lane& lane) { lane.NoteUnknown(3, kNow, kMiddle); }));
  BOOST_TEST(forgets([](Lane& lane) { lane.Forget(); }));
  BOOST_TEST(forgets([](Lane& lane) { lane.FoundNothing(); }));
  BOOST_TEST(!forgets([](Lane& lane) { lane.Free(); }));
  BOOST_TEST(!Going(7).HintAt(kNow + seconds(10)).nothing_ahead);
}

BOOST_AUTO_TEST_CASE(AFullLookConfirmsWhatComesBeforeItsHeadAndNothingElse) {
  Lane lane = Going(7);
  lane.Claimed(Queued(8, task::Priority::kService));
  lane.SeenInFull(Queued(3, task::Priority::kRefund), kNow);
  const store::LaneHint hint = lane.HintAt(kNow);
  BOOST_TEST((hint.after == std::array<task::TaskSeq, 3>{8, 2, 0}));
}

BOOST_AUTO_TEST_CASE(AskPausesGrowAndStayWithinTheirJitter) {
  std::vector<std::int64_t> pauses;
  for (int asks = -1; asks < 6; ++asks) pauses.push_back(AskPause(asks, kMiddle).count());
  BOOST_TEST(pauses ==
             (std::vector<std::int64_t>{2000, 2000, 10000, 60000, 300000, 300000, 300000}));
  BOOST_TEST(AskPause(0, 0.0).count() == 1600);
  BOOST_TEST(AskPause(0, 0.999).count() < 2400);
}

BOOST_AUTO_TEST_CASE(RescanLeavesAPauseAloneUnlessTheRegisterChanged) {
  Lane lane(1);
  lane.Fail(kNow, kMiddle);
  lane.Relook(false);
  BOOST_TEST(Is(lane, LaneState::kPaused));
  lane.Relook(true);
  BOOST_TEST(Is(lane, LaneState::kReady));
  BOOST_TEST(!lane.failing());
}

BOOST_AUTO_TEST_CASE(RescanEndsStandingButNotARunningAttempt) {
  Lane lane(1);
  lane.Stand();
  lane.Relook(false);
  BOOST_TEST(Is(lane, LaneState::kReady));
  lane.Begin();
  lane.Relook(true);
  BOOST_TEST(Is(lane, LaneState::kBusy));
}

BOOST_AUTO_TEST_CASE(ClaimsThatMissInARowMakeAPause) {
  Lane lane(1);
  lane.MissClaim(kNow);
  lane.MissClaim(kNow);
  BOOST_TEST(Is(lane, LaneState::kReady));
  lane.MissClaim(kNow);
  BOOST_TEST(Is(lane, LaneState::kPaused));
}

BOOST_AUTO_TEST_CASE(IdleLaneWakesToAsk) {
  Lane lane(1);
  lane.NoteUnknown(5, kNow, kMiddle);
  lane.FoundNothing();
  BOOST_TEST((lane.WakeAt() == kNow + seconds(2)));
  BOOST_TEST(!lane.AskIsDue(kNow));
  BOOST_TEST(lane.AskIsDue(kNow + seconds(2)));
  BOOST_TEST(lane.ask_after() == 4);
  lane.Asked(5, false, kNow, kMiddle);
  BOOST_TEST((lane.ask_due() == kNow + seconds(10)));
  lane.Asked(5, true, kNow, kMiddle);
  BOOST_TEST(lane.AskIsDue(kNow));
  lane.NothingToAsk();
  BOOST_TEST((lane.WakeAt() == std::nullopt));
}

BOOST_AUTO_TEST_CASE(NewUnknownBeginsTheAskingAnew) {
  Lane lane(1);
  lane.NoteUnknown(5, kNow, kMiddle);
  for (int i = 0; i < 4; ++i) lane.Asked(5, false, kNow, kMiddle);
  BOOST_TEST((lane.ask_due() == kNow + minutes(5)));
  lane.NoteUnknown(9, kNow, kMiddle);
  BOOST_TEST((lane.ask_due() == kNow + seconds(2)));
  BOOST_TEST(lane.ask_after() == 8);
}

BOOST_AUTO_TEST_CASE(BoardGivesReadyLanesInTurnAndEachOnce) {
  Board board;
  for (int key = 1; key <= 3; ++key) board.Settle(board.At(key));
  std::vector<task::RegisterKey> order;
  while (Lane* lane = board.Next(true)) {
    lane->FoundNothing();
    board.Settle(*lane);
    order.push_back(lane->key());
  }
  BOOST_TEST(order == (std::vector<task::RegisterKey>{1, 2, 3}));
  BOOST_TEST(!board.HasReady(true));
}

BOOST_AUTO_TEST_CASE(FailingLanesStandInALineOfTheirOwn) {
  Board board;
  for (int key = 1; key <= 100; ++key) {
    Lane& lane = board.At(key);
    board.Next(true);
    lane.Fail(kNow, kMiddle);
    board.Settle(lane);
  }
  board.WakeDue(kNow + seconds(2));
  board.At(1000);
  BOOST_TEST(board.Next(false)->key() == 1000);
  BOOST_TEST((board.Next(false) == nullptr));
  BOOST_TEST(board.HasReady(true));
  BOOST_TEST(!board.HasReady(false));
  BOOST_TEST(board.Next(true)->key() == 1);
}

BOOST_AUTO_TEST_CASE(TheTwoLinesTakeTurns) {
  Board board;
  Lane& dead = board.At(1);
  board.Next(true);
  dead.Fail(kNow, kMiddle);
  board.Settle(dead);
  board.WakeDue(kNow + minutes(1));
  for (int key = 2; key <= 5; ++key) board.At(key);
  std::vector<task::RegisterKey> first_two{board.Next(true)->key(), board.Next(true)->key()};
  BOOST_TEST((first_two[0] == 1 || first_two[1] == 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
