#include "lib/dispatch/engine.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/dispatch/world.h"

namespace fiscalgate::dispatch {

using testing::AllStores;

BOOST_AUTO_TEST_SUITE(dispatch_engine)

BOOST_AUTO_TEST_CASE_TEMPLATE(AcceptedTaskIsSentInTheSameTurn, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.engine->Turn();
  BOOST_REQUIRE(world.sender.count() == 1u);
  BOOST_TEST(world.LastOrderSent() == "order-1");
  BOOST_TEST((world.StateOf(id) == State::kSending));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ClaimIsCommittedBeforeTheRequestIsSent, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  std::size_t sent_at_claim = 99;
  world.store.before_apply = [&](const store::DispatchBatch& batch) {
    if (!batch.claims.empty()) sent_at_claim = world.sender.count();
  };
  world.Post(lane, "order-1");
  world.Run();
  BOOST_TEST(sent_at_claim == 0u);
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AnswerEndsTheTaskAndTellsOfIt, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.AnswerDone();
  const store::TaskView view = world.View(id);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].result == "answered");
  BOOST_TEST(view.attempts[0].http_status == 200);
  BOOST_TEST(view.attempts[0].sent_to == "http://kkt");
  BOOST_REQUIRE(world.changes.size() == 1u);
  BOOST_TEST(world.changes[0].id == id);
  BOOST_TEST((world.changes[0].state == State::kDone));
  BOOST_TEST(world.changes[0].attempts == view.task.attempts);
  BOOST_TEST(world.engine->counters().done == 1);
  BOOST_TEST(!world.next.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LaneGoesOneAtATimeInOrder, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  for (int i = 1; i <= 5; ++i) world.Post(lane, "order-" + std::to_string(i));
  for (std::size_t i = 1; i <= 5; ++i) {
    world.Run();
    BOOST_REQUIRE(world.sender.count() == i);
    BOOST_TEST(world.LastOrderSent() == "order-" + std::to_string(i));
    world.sender.AnswerLast(Answered(200, i == 3 ? "failed" : "done"));
  }
  world.Run();
  BOOST_TEST(world.engine->counters().done == 4);
  BOOST_TEST(world.engine->counters().failed == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ALongLineIsReadBeyondWhatIsDone, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  for (int i = 1; i <= 4; ++i) world.Post(lane, "order-" + std::to_string(i));
  for (int i = 1; i <= 3; ++i) {
    world.Run();
    world.AnswerDone();
  }
  BOOST_TEST(world.LastOrderSent() == "order-4");
  BOOST_TEST(world.store.last_hint.nothing_ahead);
  BOOST_TEST(world.store.last_hint.after.at(2) > 0);
}

// It is an older task than those the lane has gone on to.
BOOST_AUTO_TEST_CASE_TEMPLATE(ATaskThatIsPutBackIsTheNextOne, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string failed = world.Post(lane, "order-1");
  for (int i = 2; i <= 6; ++i) world.Post(lane, "order-" + std::to_string(i));
  world.Run();
  world.sender.AnswerLast(Answered(200, "failed"));
  for (int i = 2; i <= 4; ++i) {
    world.Run();
    world.AnswerDone();
  }
  BOOST_TEST(world.LastOrderSent() == "order-5");
  BOOST_REQUIRE(world.store.RetryTask(failed, "ann", "paper is in", world.clock.Now()).ok());
  world.engine->mailbox().Put(OlderCame{lane});
  world.Run();
  world.AnswerDone();
  BOOST_TEST(world.LastOrderSent() == "order-1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(LanesDoNotWaitForEachOther, Stores, AllStores) {
  World<Stores> world;
  const auto slow = world.AddRegister("slow"), fast = world.AddRegister("fast");
  world.Post(slow, "s");
  world.Run();
  for (int i = 0; i < 3; ++i) {
    world.Post(fast, "f" + std::to_string(i));
    world.Run();
    world.AnswerDone();
  }
  BOOST_TEST(world.engine->counters().done == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RegisterThatIsOffKeepsTheTaskQueuedWithoutLimit, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  for (std::size_t i = 1; i <= 50; ++i) {
    BOOST_REQUIRE(world.sender.count() == i);
    world.Answer(NotAnswered(Delivery::kNotSent, "connection refused"));
    const task::Task task = world.View(id).task;
    BOOST_TEST((task.state == State::kQueued));
    BOOST_TEST(task.wait_reason == "register is off");
    BOOST_TEST(task.attempts == 0);
    world.Pass(minutes(2));
  }
  world.AnswerDone();
  const store::TaskView view = world.View(id);
  BOOST_TEST((view.task.state == State::kDone));
  BOOST_TEST(view.task.wait_reason == "");
  BOOST_REQUIRE(view.attempts.size() == 1u);
  BOOST_TEST(view.attempts[0].tries == 51);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PausesGrowWhileTheRegisterIsOff, Stores, AllStores) {
  World<Stores> world;
  world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  for (const int pause_s : {1, 2, 5, 10, 30, 60, 60}) {
    const std::size_t before = world.sender.count();
    world.Answer(NotAnswered(Delivery::kNotSent, "refused"));
    BOOST_TEST((*world.next - world.clock.Mono()).count() == pause_s * 1000);
    world.Pass(seconds(pause_s) - milliseconds(1));
    BOOST_TEST(world.sender.count() == before);
    world.Pass(milliseconds(1));
    BOOST_TEST(world.sender.count() == before + 1);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PostponedAnswerKeepsTheTaskQueued, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.Answer(Answered(404));
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(world.View(id).task.wait_reason == "refused");
  BOOST_TEST(world.sender.count() == 1u);
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ProviderThatCannotStartIsAskedLaterAndSaysWhy, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Put(world.AddRegister("kkt"), "order-1");
  world.provider->start = [](auto&) { return protocol::PostponeStep{"no address"}; };
  world.engine->mailbox().Ring(1);
  world.Run();
  BOOST_TEST(world.sender.count() == 0u);
  BOOST_TEST(world.View(id).task.wait_reason == "no address");
  BOOST_TEST(world.View(id).attempts.empty());
  world.provider->start = ScriptedProvider::Ask;
  world.Pass(seconds(1));
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ProviderMayEndATaskWithoutARequest, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.provider->start = [](auto&) { return ScriptedProvider::End(State::kFailed, "unreadable"); };
  world.Run();
  BOOST_TEST((world.StateOf(id) == State::kFailed));
  BOOST_TEST(world.sender.count() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ConversationOfSeveralRequestsIsOneAttempt, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.Answer(Answered(200, "again"));
  world.Answer(Answered(200, "again"));
  BOOST_TEST(world.sender.count() == 3u);
  world.AnswerDone();
  BOOST_TEST((world.StateOf(id) == State::kDone));
  BOOST_TEST(world.View(id).task.attempts == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TaskCancelledBeforeItsClaimGivesWayToTheNext, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  const std::string first = world.Post(lane, "order-1");
  world.Post(lane, "order-2");
  bool cancelled = false;
  world.store.before_apply = [&](const store::DispatchBatch&) {
    if (std::exchange(cancelled, true)) return;
    BOOST_TEST(world.stores.store->CancelTask(first, "op", "", world.clock.Now()).ok());
  };
  world.Run();
  BOOST_TEST((world.StateOf(first) == State::kCancelled));
  BOOST_REQUIRE(world.sender.count() == 1u);
  BOOST_TEST(world.LastOrderSent() == "order-2");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(AddressesAreGuardedUnlessTheOperatorRegisteredThem, Stores,
                              AllStores) {
  World<Stores> world;
  auto posted = std::make_shared<const http::AddressGuard>();
  world.options.posted_guard = posted;
  world.Restart();
  const auto lane = world.AddRegister("kkt");
  world.Post(lane, "order-1");
  world.Run();
  BOOST_TEST(world.sender.at(0).options.guard->AllowsText("127.0.0.1"));
  BOOST_TEST(world.sender.at(0).options.fresh_connection);
  world.AnswerDone();
  world.provider->start = [](const protocol::Work& work) {
    auto step = std::get<protocol::SendStep>(ScriptedProvider::Ask(work));
    step.registered_address = false;
    return protocol::Step(step);
  };
  world.Post(lane, "order-2");
  world.Run();
  BOOST_TEST((world.sender.at(1).options.guard == posted));
  BOOST_TEST(!world.sender.at(1).options.guard->AllowsText("127.0.0.1"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RetriedTaskIsFoundByARescan, Stores, AllStores) {
  World<Stores> world;
  const std::string id = world.Post(world.AddRegister("kkt"), "order-1");
  world.Run();
  world.Answer(Answered(200, "failed"));
  BOOST_TEST(world.store.RetryTask(id, "op", "", world.clock.Now()).ok());
  world.Run();
  BOOST_TEST(world.sender.count() == 1u);
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.sender.count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RunningAttemptsStayUnderTheirLimit, Stores, AllStores) {
  World<Stores> world;
  world.options.max_in_flight = 4;
  world.Restart();
  for (int i = 0; i < 10; ++i) {
    world.Post(world.AddRegister("kkt" + std::to_string(i)), "o" + std::to_string(i));
  }
  world.Run();
  BOOST_TEST(world.sender.count() == 4u);
  while (world.sender.open() > 0) {
    BOOST_TEST(world.sender.open() <= 4u);
    world.sender.AnswerAll("http://", Answered(200, "done"));
    world.Run();
  }
  BOOST_TEST(world.engine->counters().done == 10);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dispatch_unusable_register)

BOOST_AUTO_TEST_CASE_TEMPLATE(DisabledRegisterMakesItsLaneWaitAndSayWhy, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  world.ChangeRegister(lane, [](task::Register& r) { r.enabled = false; });
  const std::string id = world.Post(lane, "order-1");
  world.Run();
  BOOST_TEST(world.sender.count() == 0u);
  BOOST_TEST(world.View(id).task.wait_reason == "касса отключена");
  BOOST_TEST((world.StateOf(id) == State::kQueued));
  BOOST_TEST(!world.next.has_value());
  world.ChangeRegister(lane, [](task::Register& r) { r.enabled = true; });
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(TheSameReasonIsWrittenOnce, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  world.ChangeRegister(lane, [](task::Register& r) { r.enabled = false; });
  world.Post(lane, "order-1");
  world.Run();
  const int applies = world.store.applies;
  for (int i = 0; i < 5; ++i) {
    world.engine->mailbox().AskRescan();
    world.Run();
  }
  BOOST_TEST(world.store.applies == applies);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(CloudRegistersAreLeftAlone, Stores, AllStores) {
  World<Stores> world;
  const auto lane = world.AddRegister("kkt");
  world.ChangeRegister(lane, [](task::Register& r) { r.provider = "cloud"; });
  const std::string id = world.Post(lane, "order-1");
  world.engine->Recover();
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.store.heads_read == 0);
  BOOST_TEST(world.sender.count() == 0u);
  BOOST_TEST(world.View(id).task.wait_reason == "");
  BOOST_TEST((world.StateOf(id) == State::kQueued));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(UnknownProviderMakesItsLaneWaitAndSayWhich, Stores, AllStores) {
  World<Stores> world;
  world.Restart(Dispatcher::Providers{});
  const auto lane = world.AddRegister("kkt");
  const std::string id = world.Post(lane, "order-1");
  world.Run();
  BOOST_TEST(world.View(id).task.wait_reason == "нет провайдера «bit»");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RegisterMissingInTheDirectoryIsWaitedFor, Stores, AllStores) {
  World<Stores> world;
  const auto before = world.directory;
  const auto lane = world.AddRegister("kkt");
  const auto after = world.directory;
  world.directory = before;
  const std::string id = world.Post(lane, "order-1");
  world.Run();
  BOOST_TEST(world.View(id).task.wait_reason == "касса не зарегистрирована");
  world.directory = after;
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.sender.count() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(RescanEndsThePauseOnlyOfARegisterThatWasChanged, Stores, AllStores) {
  World<Stores> world;
  const auto mended = world.AddRegister("mended"), dead = world.AddRegister("dead");
  world.Post(mended, "m");
  world.Post(dead, "d");
  world.Run();
  for (int i = 0; i < 6; ++i) {
    world.sender.AnswerAll("http://", NotAnswered(Delivery::kNotSent, "refused"));
    world.Pass(i < 5 ? minutes(1) : minutes(0));
  }
  const std::size_t before = world.sender.count();
  world.ChangeRegister(mended, [](task::Register& r) { r.url = "http://new/"; });
  world.engine->mailbox().AskRescan();
  world.Run();
  BOOST_TEST(world.sender.count() == before + 1);
  BOOST_TEST(world.sender.CountTo("http://new/") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
