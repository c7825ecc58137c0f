#include "lib/agents/switchboard.h"

#include <boost/test/unit_test.hpp>
#include <memory>

#include "lib/base/log.h"
#include "tests/unit/support/fake_clock.h"

namespace fiscalgate::agents {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using What = PollReply::What;

constexpr task::RegisterKey kTill = 7;
constexpr char kInstance[] = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr char kOther[] = "bbbbbbbbbbbbbbbbbbbbbbbbbb";

// What became of one poll.
using Reply = std::shared_ptr<std::optional<PollReply>>;

struct Room {
  Room() { log::SetLevel(log::Level::kError); }

  Reply Poll(const std::string& turn, std::vector<std::string> held = {},
             const std::string& instance = kInstance, task::RegisterKey key = kTill) {
    auto reply = std::make_shared<std::optional<PollReply>>();
    agents::Poll poll;
    poll.register_key = key;
    poll.instance = instance;
    poll.key_print = "print";
    poll.turn = turn;
    poll.held = std::move(held);
    poll.wait = seconds(25);
    poll.reply = [reply](PollReply given) {
      BOOST_REQUIRE(!reply->has_value());
      *reply = std::move(given);
    };
    board->TakePoll(std::move(poll));
    return reply;
  }
  // Polls until it is parked; gives that poll.
  Reply Park(const std::string& instance = kInstance, task::RegisterKey key = kTill) {
    const Reply first = Poll("", {}, instance, key);
    return Poll((*first)->turn, {}, instance, key);
  }
  void Carry(const std::string& lease, milliseconds timeout = seconds(60),
             const std::string& instance = kInstance, task::RegisterKey key = kTill) {
    board->Carry(key, {lease, instance, "POST / HTTP/1.1\r\n\r\n", timeout},
                 [this, lease](Silence silence) { ends.emplace_back(lease, silence); });
  }
  void Pass(milliseconds time) {
    clock.Advance(time);
    board->Tick();
  }
  // The lease is handed over to an agent that reads the reply; gives the turn of that.
  std::string Give(const std::string& lease, milliseconds timeout = seconds(60)) {
    const Reply poll = Park();
    Carry(lease, timeout);
    BOOST_REQUIRE(poll->has_value());
    BOOST_REQUIRE(((*poll)->what == What::kErrand));
    return (*poll)->turn;
  }
  void Restart() { board = std::make_unique<Switchboard>(clock, listener); }

  testing::FakeClock clock;
  std::vector<std::pair<std::string, Silence>> ends;
  std::vector<std::string> never;
  std::vector<std::string> synced;
  int back = 0;
  Switchboard::Listener listener{
      [this](task::RegisterKey, const std::string& lease) { never.push_back(lease); },
      [this](task::RegisterKey, const std::string& instance, const std::vector<std::string>& held) {
        synced.push_back(instance);
        for (const std::string& lease : held) synced.push_back(lease);
      },
      [this](task::RegisterKey) { ++back; }};
  std::unique_ptr<Switchboard> board = std::make_unique<Switchboard>(clock, listener);
};

bool EndedAs(const Room& room, const std::string& lease, Silence silence) {
  return room.ends.size() == 1 && room.ends[0].first == lease && room.ends[0].second == silence;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(agents_switchboard, Room)

BOOST_AUTO_TEST_CASE(FirstPollIsAnsweredAtOnceWithATurn) {
  const Reply poll = Poll("");
  BOOST_REQUIRE(poll->has_value());
  BOOST_TEST(((*poll)->what == What::kNothing));
  BOOST_TEST(!(*poll)->turn.empty());
  BOOST_TEST(synced.empty());
}

BOOST_AUTO_TEST_CASE(ParkedPollIsAnsweredWhenItsTimeIsOver) {
  const Reply poll = Park();
  BOOST_TEST(!poll->has_value());
  BOOST_TEST(board->parked() == 1u);
  Pass(seconds(25) - milliseconds(1));
  BOOST_TEST(!poll->has_value());
  Pass(milliseconds(1));
  BOOST_REQUIRE(poll->has_value());
  BOOST_TEST(((*poll)->what == What::kNothing));
  BOOST_TEST(board->parked() == 0u);
}

BOOST_AUTO_TEST_CASE(ErrandGoesToTheParkedPollAtOnce) {
  const Reply poll = Park();
  clock.Advance(seconds(3));
  Carry("aa", seconds(20));
  BOOST_REQUIRE(poll->has_value());
  BOOST_TEST(((*poll)->what == What::kErrand));
  BOOST_TEST((*poll)->errand.lease == "aa");
  BOOST_TEST(((*poll)->errand.timeout == seconds(20)));
  BOOST_TEST(((*poll)->begin_within == seconds(33)));  // counted from the start of the poll
  BOOST_TEST(ends.empty());
}

BOOST_AUTO_TEST_CASE(NewerPollTakesThePlaceOfTheOlder) {
  const Reply first = Poll("");
  const Reply older = Poll((*first)->turn);
  const Reply newer = Poll((*first)->turn);
  BOOST_REQUIRE(older->has_value());
  BOOST_TEST(((*older)->what == What::kNothing));
  BOOST_TEST(!newer->has_value());
  Carry("aa");
  BOOST_REQUIRE(newer->has_value());
  BOOST_TEST((*newer)->errand.lease == "aa");
}

BOOST_AUTO_TEST_CASE(WithoutAnAgentNothingIsSent) {
  Carry("aa");
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNobody));
}

BOOST_AUTO_TEST_CASE(ErrandWaitsForAnAgentBetweenTwoPolls) {
  const Reply first = Poll("");
  Carry("aa");
  BOOST_TEST(ends.empty());
  Pass(seconds(9));
  const Reply second = Poll((*first)->turn);
  BOOST_REQUIRE(second->has_value());
  BOOST_TEST((*second)->errand.lease == "aa");
}

BOOST_AUTO_TEST_CASE(ErrandIsRecalledUntilItIsHandedOver) {
  const Reply first = Poll("");
  Carry("aa");
  BOOST_TEST(!board->Recall(kTill, "bb"));
  BOOST_TEST(!board->Recall(kTill + 1, "aa"));
  BOOST_TEST(board->Recall(kTill, "aa"));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNobody));
  const Reply second = Poll((*first)->turn);
  BOOST_TEST(!second->has_value());
  Carry("cc");
  BOOST_REQUIRE(second->has_value());
  BOOST_TEST(!board->Recall(kTill, "cc"));
  BOOST_TEST(ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(AWaitingPollIsAnsweredWhenItsAgentIsCalledAgain) {
  const Reply parked = Park();
  board->CallAgain(kTill + 1);
  BOOST_TEST(!parked->has_value());
  board->CallAgain(kTill);
  BOOST_REQUIRE(parked->has_value());
  BOOST_CHECK((*parked)->what == What::kNothing);
}

// The process was stopped for longer than the agent waits, and nothing has ticked since.
BOOST_AUTO_TEST_CASE(APollPastItsTimeIsGivenNothing) {
  const Reply parked = Park();
  BOOST_TEST(board->Waits(kTill));
  clock.Advance(seconds(26));
  BOOST_TEST(!board->Waits(kTill));
  Carry("aa");
  board->Tick();
  BOOST_REQUIRE(parked->has_value());
  BOOST_CHECK((*parked)->what == What::kNothing);
  const Reply next = Poll((*parked)->turn);
  BOOST_REQUIRE(next->has_value());
  BOOST_TEST((*next)->errand.lease == "aa");
}

BOOST_AUTO_TEST_CASE(ErrandThatIsNotFetchedIsGivenBackUnsent) {
  const Reply first = Poll("");
  Carry("aa");
  Pass(seconds(10));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNobody));
  BOOST_TEST(back == 0);
  const Reply second = Poll((*first)->turn);
  BOOST_TEST(!second->has_value());
  BOOST_TEST(back == 1);
  Poll((*first)->turn);
  BOOST_TEST(back == 1);
}

BOOST_AUTO_TEST_CASE(AgentThatStoppedPollingIsAway) {
  Park();
  Pass(seconds(25));
  Pass(seconds(39));
  BOOST_TEST(board->Presences().at(0).connected);
  Pass(seconds(1));
  BOOST_TEST(!board->Presences().at(0).connected);
  Carry("aa");
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNobody));
  const Reply poll = Poll("");
  BOOST_TEST(back == 0);  // a poll that proves nothing will get no work
  Poll((*poll)->turn);
  BOOST_TEST(back == 1);
}

BOOST_AUTO_TEST_CASE(LeaseEndsAfterAMinuteOfSilence) {
  Give("aa");
  Pass(seconds(60) - milliseconds(1));
  BOOST_TEST(ends.empty());
  Pass(milliseconds(1));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kLost));
  BOOST_TEST(!board->Renew(kTill, "aa"));
  Pass(minutes(10));
  BOOST_TEST(ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(RenewedLeaseGoesOnButNotForEver) {
  Give("aa", seconds(100));
  for (int i = 0; i < 7; ++i) {
    Pass(seconds(20));
    BOOST_TEST(board->Renew(kTill, "aa"));
  }
  BOOST_TEST(ends.empty());
  Pass(seconds(5));  // 145 s: begin, the driver's time-out, a margin
  BOOST_TEST(EndedAs(*this, "aa", Silence::kLost));
}

BOOST_AUTO_TEST_CASE(UnknownLeaseIsNotRenewed) {
  BOOST_TEST(!board->Renew(kTill, "aa"));
  Give("aa");
  BOOST_TEST(!board->Renew(kTill, "bb"));
  BOOST_TEST(!board->Renew(kTill + 1, "aa"));
}

BOOST_AUTO_TEST_CASE(ToldLeaseNeverEndsInSilence) {
  Give("aa");
  board->Told(kTill, "aa");
  Pass(minutes(10));
  BOOST_TEST(ends.empty());
}

BOOST_AUTO_TEST_CASE(LaterTurnWithoutTheLeaseProvesThatItNeverArrived) {
  const Reply poll = Park();
  const std::string before = (*Poll(""))->turn;  // displaces nothing it has: it is answered at once
  Carry("aa");
  BOOST_REQUIRE((*poll)->what == What::kNothing);  // displaced
  BOOST_TEST(ends.empty());
  const Reply lost = Poll(before);
  BOOST_REQUIRE(lost->has_value());
  BOOST_TEST((*lost)->errand.lease == "aa");
  // The reply was lost on its way: the agent has read nothing since.
  const Reply stale = Poll(before);
  BOOST_REQUIRE(stale->has_value());
  BOOST_TEST(((*stale)->what == What::kNothing));
  BOOST_TEST(ends.empty());
  const Reply fresh = Poll((*stale)->turn);
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNeverReceived));
  BOOST_TEST(!fresh->has_value());
  BOOST_TEST(never.empty());
}

BOOST_AUTO_TEST_CASE(TurnOfTheLeaseItselfProvesThatItArrived) {
  const std::string turn = Give("aa");
  const Reply first = Poll(turn);  // read, put aside, polling on
  BOOST_TEST(!first->has_value());
  Pass(seconds(25));
  const Reply second = Poll((*first)->turn);
  BOOST_TEST(!second->has_value());
  BOOST_TEST(ends.empty());
  Pass(seconds(35));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kLost));
  BOOST_TEST(never.empty());
}

BOOST_AUTO_TEST_CASE(HeldLeaseIsNeverDisproved) {
  Give("aa");
  const Reply again = Poll("", {"aa"});  // begun anew: it has no turn, but its journal
  BOOST_TEST(((*again)->what == What::kNothing));
  Poll((*again)->turn, {"aa"});
  BOOST_TEST(ends.empty());
  // Once seen it arrived, whatever it says later.
  const Reply later = Poll("");
  Poll((*later)->turn);
  BOOST_TEST(ends.empty());
}

BOOST_AUTO_TEST_CASE(OlderTurnsAndTurnsOfAnotherRunProveNothing) {
  const Reply first = Poll("");
  const Reply poll = Poll((*first)->turn);
  Carry("aa");
  BOOST_REQUIRE(poll->has_value());
  for (const std::string& turn :
       {(*first)->turn, std::string("0123456789abcdef.99"), std::string("99"), std::string(),
        (*poll)->turn + "9", (*poll)->turn + " ", std::string("x") + (*poll)->turn}) {
    const Reply stale = Poll(turn);
    BOOST_REQUIRE(stale->has_value());
    BOOST_TEST(((*stale)->what == What::kNothing));
  }
  BOOST_TEST(ends.empty());
  BOOST_TEST(never.empty());
}

BOOST_AUTO_TEST_CASE(AnotherInstanceDisprovesNothing) {
  Give("aa");
  const Reply other = Poll("", {}, kOther);
  Poll((*other)->turn, {}, kOther);
  BOOST_TEST(ends.empty());
  Pass(seconds(60));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kLost));
}

BOOST_AUTO_TEST_CASE(LostLeaseIsDisprovedAfterItsEndToo) {
  const Reply first = Poll("");
  Poll((*first)->turn);
  Carry("aa");
  Pass(minutes(5));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kLost));
  const Reply again = Poll("");
  Poll((*again)->turn);
  BOOST_TEST(never == std::vector<std::string>{"aa"});
  BOOST_TEST(ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(WorkIsKeptForTheInstanceItIsMeantFor) {
  const Reply poll = Park(kOther);
  Carry("aa");
  BOOST_TEST(!poll->has_value());
  Pass(seconds(10));
  BOOST_TEST(EndedAs(*this, "aa", Silence::kNobody));
}

BOOST_AUTO_TEST_CASE(EachRunAndEachInstanceIsSyncedOnce) {
  const Reply first = Poll("", {"old"});
  BOOST_TEST(synced.empty());
  const Reply second = Poll((*first)->turn, {"old"});
  BOOST_TEST(synced == (std::vector<std::string>{kInstance, "old"}));
  Pass(seconds(25));
  Poll((*second)->turn);
  BOOST_TEST(synced.size() == 2u);
  const std::string turn = (*Poll(""))->turn;
  Restart();
  const Reply unsynced = Poll(turn);  // of the run before
  BOOST_TEST(synced.size() == 2u);
  Poll((*unsynced)->turn);
  BOOST_TEST(synced.size() == 3u);
}

BOOST_AUTO_TEST_CASE(RegistersDoNotDisturbEachOther) {
  const Reply one = Park(kInstance, 1), two = Park(kInstance, 2);
  Carry("aa", seconds(60), kInstance, 2);
  BOOST_TEST(!one->has_value());
  BOOST_REQUIRE(two->has_value());
  BOOST_TEST((*two)->errand.lease == "aa");
}

BOOST_AUTO_TEST_CASE(PollsOfAReplacedKeyAreDropped) {
  const Reply one = Park(kInstance, 1), two = Park(kInstance, 2);
  board->DropPolls(
      [](task::RegisterKey key, const std::string& print) { return key == 2 && print == "print"; });
  BOOST_TEST(one->has_value());
  BOOST_TEST(!two->has_value());
}

BOOST_AUTO_TEST_CASE(StopAnswersPollsAndKeepsLeases) {
  Give("aa");
  const Reply parked = Park(kInstance, 8);
  Poll("", {}, kInstance, 9);
  Carry("bb", seconds(60), kInstance, 9);
  board->Stop();
  BOOST_REQUIRE(parked->has_value());
  BOOST_TEST(((*parked)->what == What::kNothing));
  BOOST_TEST(EndedAs(*this, "bb", Silence::kNobody));
  BOOST_TEST(board->Renew(kTill, "aa"));
  const Reply late = Poll((*parked)->turn, {}, kInstance, 8);
  BOOST_REQUIRE(late->has_value());
  BOOST_TEST(((*late)->what == What::kStopping));
}

BOOST_AUTO_TEST_CASE(AThousandIdlePollsAreParked) {
  for (task::RegisterKey key = 1; key <= 1000; ++key) Park(kInstance, key);
  BOOST_TEST(board->parked() == 1000u);
  Pass(seconds(25));
  BOOST_TEST(board->parked() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::agents
