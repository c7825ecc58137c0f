// Whatever is lost (the gateway, an answer, a request, a commit), each receipt is printed once.
#include "tests/unit/dispatch/talk_world.h"

namespace fiscalgate::dispatch {
namespace {

enum class Loss { kRequest, kAnswer };

struct LossWorld : TalkWorld {
  // Request number `lost` (the first is 1) is lost, or its answer.
  void ServeBut(int lost, Loss loss, bool silently) {
    serve = [this, lost, loss, silently](const http::Request& request) {
      ++sent;
      if (sent == lost && loss == Loss::kRequest) return Nothing(silently);
      http::Answer answer = service.Serve(request);
      return sent == lost ? Nothing(silently) : std::optional(std::move(answer));
    };
  }
  static std::optional<http::Answer> Nothing(bool silently) {
    if (silently) return std::nullopt;
    return NotAnswered(Delivery::kNoAnswer, "reset");
  }
  void ExpectOneDocument(const std::string& id) {
    BOOST_TEST((StateOf(id) == State::kDone));
    BOOST_TEST(service.documents.size() == 1u);
    BOOST_TEST(service.documents["order-1"] == 1);
  }
  FakeService service;
  int sent = 0;
};

constexpr int kSteps = 4;  // POST, two GETs that say 202 and one that says 200

}  // namespace

BOOST_FIXTURE_TEST_SUITE(talk_restart, LossWorld)

BOOST_AUTO_TEST_CASE(NothingIsLostWhenNothingGoesWrong) {
  service.polls_until_done = 2;
  ServeBut(0, Loss::kAnswer, false);
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  PassSlowly(seconds(30));
  ExpectOneDocument(id);
  BOOST_TEST(sent == kSteps);
}

BOOST_AUTO_TEST_CASE(LostAnswerAtAnyStepIsAskedForAgain) {
  for (const Loss loss : {Loss::kRequest, Loss::kAnswer}) {
    for (int step = 1; step <= kSteps; ++step) {
      LossWorld world;
      world.service.polls_until_done = 2;
      world.ServeBut(step, loss, false);
      const auto lane = world.AddRegister("one");
      const std::string id = world.Post(lane, "order-1");
      world.PassSlowly(seconds(60));
      BOOST_TEST_CONTEXT("step " << step) { world.ExpectOneDocument(id); }
      BOOST_TEST(world.engine->counters().asks_no_answer == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(RestartAtAnyStepGoesOnFromTheNotes) {
  for (const Loss loss : {Loss::kRequest, Loss::kAnswer}) {
    for (int step = 1; step <= kSteps; ++step) {
      LossWorld world;
      world.service.polls_until_done = 2;
      world.ServeBut(step, loss, true);
      const auto lane = world.AddRegister("one");
      const std::string id = world.Post(lane, "order-1");
      world.PassSlowly(seconds(60));
      const State before = world.StateOf(id);
      BOOST_TEST((before == State::kSending || before == State::kWaiting));
      world.Restart();
      BOOST_TEST((world.StateOf(id) == before));
      world.PassSlowly(seconds(60));
      BOOST_TEST_CONTEXT("step " << step) { world.ExpectOneDocument(id); }
      BOOST_TEST(world.View(id).task.attempts == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(KilledBetweenStoringAndSendingItRepeatsFromTheNotes) {
  const auto lane = AddRegister("one");
  serve = [](const http::Request&) { return std::nullopt; };  // never leaves
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(View(id).task.notes == "post");
  Restart();
  ServeBut(0, Loss::kAnswer, false);
  PassSlowly(seconds(10));
  ExpectOneDocument(id);
}

BOOST_AUTO_TEST_CASE(KilledBeforeStoringNothingWasSent) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  store.disk_full = true;
  Run();
  BOOST_TEST(sender.count() == 0u);
  BOOST_TEST((StateOf(id) == State::kQueued));
  store.disk_full = false;
  Restart();
  ServeBut(0, Loss::kAnswer, false);
  PassSlowly(seconds(10));
  ExpectOneDocument(id);
}

BOOST_AUTO_TEST_CASE(FullDiskSendsNothingThatIsNotStoredAndGoesOnLater) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  store.disk_full = true;
  Run();
  const int tried = store.cloud_applies;
  Pass(milliseconds(999));
  BOOST_TEST(store.cloud_applies == tried);
  Pass(milliseconds(1));
  BOOST_TEST(store.cloud_applies == tried + 1);
  BOOST_TEST(sender.count() == 0u);
  store.disk_full = false;
  ServeBut(0, Loss::kAnswer, false);
  PassSlowly(seconds(10));
  ExpectOneDocument(id);
}

BOOST_AUTO_TEST_CASE(AnswerThatMeetsAFullDiskIsKeptUntilItIsStored) {
  const auto lane = AddRegister("one");
  const std::string first = Post(lane, "order-1");
  Run();
  store.disk_full = true;
  Post(lane, "order-2");
  Answer(Answered(201));
  BOOST_TEST((StateOf(first) == State::kSending));
  BOOST_TEST(engine->in_flight() == 2u);
  BOOST_TEST(sender.count() == 1u);
  store.disk_full = false;
  Pass(seconds(1));
  BOOST_TEST((StateOf(first) == State::kWaiting));
  BOOST_TEST(View(first).task.notes == "doc");
  BOOST_TEST(LastUrl() == "https://one/post/order-2");
}

BOOST_AUTO_TEST_CASE(EndThatMeetsAFullDiskIsToldOnceItIsStored) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Run();
  store.disk_full = true;
  Answer(Answered(422));
  BOOST_TEST(changes.empty());
  PassSlowly(seconds(3));
  store.disk_full = false;
  Pass(seconds(1));
  BOOST_TEST((StateOf(id) == State::kFailed));
  BOOST_TEST(changes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(StoppingWaitsForWhatIsInFlightAndKeepsItsNotes) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Post(lane, "order-2");
  Run();
  engine->mailbox().AskStop();
  Run();
  BOOST_TEST(!engine->finished());
  Put(lane, "order-3");
  engine->mailbox().Ring(lane);
  sender.Answer(0, Answered(201));
  Run();
  BOOST_TEST((StateOf(id) == State::kWaiting));
  BOOST_TEST(sender.count() == 2u);
  Pass(options.grace);
  BOOST_TEST(engine->finished());
  BOOST_TEST(engine->in_flight() == 1u);
  Restart();
  Run();
  BOOST_TEST(sender.count() == 5u);
}

BOOST_AUTO_TEST_CASE(StoppingWithNothingInFlightEndsAtOnce) {
  const auto lane = AddRegister("one");
  Post(lane, "order-1");
  Run();
  Answer(Answered(201));
  engine->mailbox().AskStop();
  Run();
  BOOST_TEST(engine->finished());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
