// The life of conversations as long as all goes well enough: in order, by their notes, in time.
#include "tests/unit/dispatch/talk_world.h"

namespace fiscalgate::dispatch {

BOOST_FIXTURE_TEST_SUITE(talk_engine, TalkWorld)

BOOST_AUTO_TEST_CASE(NotesAreStoredBeforeTheRequestThatDependsOnThem) {
  const auto lane = AddRegister("one");
  const std::string id = Put(lane, "order-1").id;
  std::string notes_at_sending;
  serve = [&](const http::Request&) -> std::optional<http::Answer> {
    notes_at_sending = View(id).task.notes;
    return std::nullopt;
  };
  Run();
  BOOST_TEST(sender.count() == 1u);
  BOOST_TEST(LastUrl() == "https://one/post/order-1");
  BOOST_TEST(notes_at_sending == "post");
  BOOST_TEST((StateOf(id) == State::kSending));
  BOOST_TEST(View(id).attempts.at(0).sent_to == "https://one");
  BOOST_TEST(sender.at(0).options.guard->AllowsText("127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(ConversationGoesFromQueuedToDone) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Run();
  Answer(Answered(201));
  BOOST_TEST((StateOf(id) == State::kWaiting));
  BOOST_TEST(View(id).task.notes == "doc");
  BOOST_TEST(engine->in_flight() == 0u);
  Pass(milliseconds(1'999));
  BOOST_TEST(sender.count() == 1u);
  Pass(milliseconds(1));
  BOOST_TEST(LastUrl() == "https://one/doc/order-1");
  Answer(Answered(202));
  BOOST_TEST(View(id).task.wait_reason == "printing");
  BOOST_TEST(changes.empty());
  Pass(seconds(2));
  Answer(Answered(200));
  BOOST_TEST((StateOf(id) == State::kDone));
  BOOST_TEST(View(id).task.notes == "over");
  BOOST_TEST(View(id).attempts.at(0).result == "answered");
  BOOST_TEST(View(id).attempts.at(0).http_status == 200);
  BOOST_REQUIRE(changes.size() == 1u);
  BOOST_TEST((changes[0].state == State::kDone));
  BOOST_TEST(changes[0].id == id);
  BOOST_TEST(engine->counters().begun == 1);
  BOOST_TEST(engine->counters().done == 1);
}

BOOST_AUTO_TEST_CASE(PausesGrowWithAsksAndAsksAreCounted) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Run();
  Answer(Answered(201));
  for (const int pause : {2, 2, 4, 8, 16}) {
    const std::size_t before = sender.count();
    Pass(seconds(pause) - milliseconds(1));
    BOOST_TEST(sender.count() == before);
    Pass(milliseconds(1));
    BOOST_REQUIRE(sender.count() == before + 1);
    Answer(Answered(202));
  }
  BOOST_TEST(View(id).task.asks == 5);
}

BOOST_AUTO_TEST_CASE(PlainRepeatIsSentWithoutAWrite) {
  const auto lane = AddRegister("one");
  Post(lane, "order-1");
  Run();
  Answer(Answered(201));
  const int before = store.cloud_applies;
  Pass(seconds(2));
  BOOST_TEST(sender.count() == 2u);
  BOOST_TEST(store.cloud_applies == before);
  Answer(Answered(202));
  BOOST_TEST(store.cloud_applies == before + 1);
}

BOOST_AUTO_TEST_CASE(ManyTasksOfOneRegisterGoAtOnceInOrder) {
  const auto lane = AddRegister("one");
  PutMany(lane, 100);
  Run();
  BOOST_TEST(sender.count() == base::kMaxConversationsInFlight);
  for (std::size_t i = 0; i < sender.count(); ++i) {
    BOOST_TEST(sender.at(i).request.body == "order-" + std::to_string(i));
  }
  Answer(Answered(201));
  BOOST_TEST(sender.count() == base::kMaxConversationsInFlight + 1);
  BOOST_TEST(engine->in_flight() == base::kMaxConversationsInFlight);
}

BOOST_AUTO_TEST_CASE(TasksThatAreDueAndTasksThatAreQueuedTakeTurns) {
  const auto lane = AddRegister("one");
  PutMany(lane, 300);
  serve = [](const http::Request& request) {
    return request.method == "POST" ? std::optional(Answered(201)) : std::nullopt;
  };
  Run();
  BOOST_TEST(engine->counters().begun == 300);
  serve = {};
  for (int i = 0; i < 100; ++i) Put(lane, "late-" + std::to_string(i));
  engine->mailbox().Ring(lane);
  Pass(seconds(2));
  BOOST_TEST(engine->in_flight() == base::kMaxConversationsInFlight);
  BOOST_TEST(engine->counters().begun == 300 + base::kMaxConversationsInFlight / 2);
}

BOOST_AUTO_TEST_CASE(RefusedReceiptFailsAndOthersGoOn) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Run();
  Answer(Answered(422, "no such vat"));
  BOOST_TEST((StateOf(id) == State::kFailed));
  BOOST_TEST(View(id).task.error == "no such vat");
  BOOST_TEST(View(id).task.notes == "failed");
  Post(lane, "order-2");
  Run();
  BOOST_TEST(LastUrl() == "https://one/post/order-2");
}

BOOST_AUTO_TEST_CASE(RetriedTaskGoesOnFromTheNotesOfItsEnd) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  Run();
  Answer(Answered(422));
  BOOST_TEST(store.RetryTask(id, "ivan", "", clock.Now()).ok());
  engine->mailbox().AskRescan();
  Run();
  BOOST_TEST(sender.count() == 2u);
  BOOST_TEST(View(id).task.notes == "post");
  BOOST_TEST(View(id).attempts.size() == 2u);
}

BOOST_AUTO_TEST_CASE(TaskCancelledInTheMomentOfItsBeginningIsNotSent) {
  const auto lane = AddRegister("one");
  const std::string id = Post(lane, "order-1");
  store.before_cloud = [&](const store::CloudBatch& batch) {
    if (batch.begins.empty()) return;
    BOOST_TEST(store.CancelTask(id, "ivan", "", clock.Now()).ok());
  };
  Run();
  BOOST_TEST(sender.count() == 0u);
  BOOST_TEST((StateOf(id) == State::kCancelled));
  BOOST_TEST(engine->counters().lost_leases == 1);
  BOOST_TEST(engine->in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(TaskWhoseTimeIsOverIsNotBegunAndDoesNotSpin) {
  const auto lane = AddRegister("one");
  task::NewTask post = NewPost(lane, "late");
  post.deadline_at = clock.Now();
  testing::Accept(store, post);
  Post(lane, "order-2");
  Run();
  BOOST_TEST(sender.count() == 0u);
  BOOST_TEST(store.ExpireTasks(clock.Now(), 10)->size() == 1u);
  Pass(seconds(1));
  BOOST_TEST(LastUrl() == "https://one/post/order-2");
}

BOOST_AUTO_TEST_CASE(NudgeMakesAWaitingConversationDue) {
  const auto lane = AddRegister("one");
  const auto seq = Put(lane, "order-1").seq;
  Run();
  Answer(Answered(201));
  engine->mailbox().Put(TalkNudge{lane, seq});
  Run();
  BOOST_TEST(LastUrl() == "https://one/doc/order-1");
  BOOST_TEST(engine->counters().nudges == 1);
}

BOOST_AUTO_TEST_CASE(NudgeDuringARequestIsFollowedByAnother) {
  const auto lane = AddRegister("one");
  const auto seq = Put(lane, "order-1").seq;
  Run();
  engine->mailbox().Put(TalkNudge{lane, seq});
  engine->mailbox().Put(TalkNudge{lane, seq});
  Run();
  BOOST_TEST(sender.count() == 1u);
  Answer(Answered(201));
  BOOST_TEST(sender.count() == 2u);
  BOOST_TEST(LastUrl() == "https://one/doc/order-1");
  Answer(Answered(202));
  BOOST_TEST(sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE(NudgeOfWhatDoesNotWaitIsHarmless) {
  const auto lane = AddRegister("one");
  const auto seq = Put(lane, "order-1").seq;
  engine->mailbox().Put(TalkNudge{lane, seq + 7});
  engine->mailbox().Put(TalkNudge{lane + 7, seq});
  Run();
  Answer(Answered(422));
  engine->mailbox().Put(TalkNudge{lane, seq});
  Run();
  BOOST_TEST(sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE(RegisterOfADriverIsLeftAlone) {
  const auto lane = AddRegister("driver", "bit");
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(store.queues_read == 0);
  BOOST_TEST(View(id).task.wait_reason == "");
  BOOST_TEST(engine->health().empty());
}

BOOST_AUTO_TEST_CASE(LateAnswersAreCounted) {
  const auto lane = AddRegister("one");
  const auto seq = Put(lane, "order-1").seq;
  Run();
  engine->mailbox().Put(TalkAnswer{lane, TalkAnswer::To::kTask, seq, 77, Answered(200)});
  engine->mailbox().Put(TalkAnswer{lane, TalkAnswer::To::kTask, seq + 1, 1, Answered(200)});
  engine->mailbox().Put(TalkAnswer{lane, TalkAnswer::To::kLogIn, 0, 1, Answered(200)});
  engine->mailbox().Put(TalkAnswer{lane, TalkAnswer::To::kHealth, 0, 1, Answered(200)});
  Run();
  BOOST_TEST(engine->counters().late == 4);
  BOOST_TEST(engine->in_flight() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
