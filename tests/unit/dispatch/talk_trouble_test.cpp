// A service in trouble: its own lane pauses, says why, and finds out carefully whether it is back.
#include "tests/unit/dispatch/talk_world.h"

namespace fiscalgate::dispatch {
namespace {

// Some are left in the queue.
constexpr int kTasks = static_cast<int>(base::kMaxConversationsInFlight) + 20;

struct TroubleWorld : TalkWorld {
  TroubleWorld() {
    lane = AddRegister("ill");
    serve = [this](const http::Request& request) -> std::optional<http::Answer> {
      if (request.url.starts_with("https://ill/")) return ill;
      return service.Serve(request);
    };
  }
  // Until its breaker is open.
  void Break() {
    PutMany(lane, kTasks);
    engine->mailbox().Ring(lane);
    Run();
    BOOST_REQUIRE(HealthOf(lane).breaker_open);
  }
  std::size_t Sent() { return sender.CountTo("https://ill/"); }

  task::RegisterKey lane = 0;
  std::optional<http::Answer> ill = Answered(503);
  FakeService service;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(talk_trouble, TroubleWorld)

BOOST_AUTO_TEST_CASE(BreakerOpensForThatRegisterAlone) {
  const auto well = AddRegister("well");
  Break();
  const std::size_t sent = Sent();
  const std::string id = Post(well, "well-1");
  const std::string waiting = Post(lane, "order-x");
  Run();
  BOOST_TEST(Sent() == sent);
  for (int i = 0; i < 5; ++i) {
    Pass(seconds(2));
  }
  BOOST_TEST((StateOf(id) == State::kDone));
  BOOST_TEST(HealthOf(well).is_well);
  BOOST_TEST(!HealthOf(lane).is_well);
  BOOST_TEST((StateOf(waiting) == State::kQueued));
}

BOOST_AUTO_TEST_CASE(OnlyOneProbeGoesAndPausesGrow) {
  Break();
  const auto begun = engine->counters().begun;
  std::size_t sent = Sent();
  for (const int pause : {1, 2, 5, 10, 30, 60, 60}) {
    Pass(seconds(pause) - milliseconds(1));
    BOOST_TEST(Sent() == sent);
    Pass(milliseconds(1));
    BOOST_TEST(Sent() == ++sent);
  }
  BOOST_TEST(engine->counters().begun <= begun + 7);
  BOOST_TEST(engine->counters().breakers_opened == 1);
}

BOOST_AUTO_TEST_CASE(ProbeWithoutAnAnswerKeepsOthersBack) {
  Break();
  const std::size_t sent = Sent();
  ill.reset();
  Pass(seconds(1));
  BOOST_TEST(Sent() == sent + 1);
  PassSlowly(seconds(30));
  BOOST_TEST(Sent() == sent + 1);
}

BOOST_AUTO_TEST_CASE(ProbeThatWorksClosesAndAllGoOn) {
  Break();
  ill = Answered(201);
  Pass(seconds(1));
  BOOST_TEST(!HealthOf(lane).breaker_open);
  BOOST_TEST(HealthOf(lane).is_well);
  PassSlowly(seconds(3));
  BOOST_TEST(engine->counters().begun == kTasks);
}

BOOST_AUTO_TEST_CASE(SilenceAndRefusedConnectionsAreTroubleToo) {
  for (const Delivery delivery : {Delivery::kNotSent, Delivery::kNoAnswer}) {
    TroubleWorld world;
    world.ill = NotAnswered(delivery, "no route");
    world.Break();
    BOOST_TEST(world.HealthOf(world.lane).text.find("no route") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(RefusedReceiptsOpenNothing) {
  ill = Answered(422);
  PutMany(lane, 50);
  Run();
  BOOST_TEST(engine->counters().failed == 50);
  BOOST_TEST(!HealthOf(lane).breaker_open);
}

BOOST_AUTO_TEST_CASE(FirstInTheQueueSaysWhyItWaits) {
  Break();
  const std::string first = store.QueuedOf(lane, 1).value().at(0).task.id;
  BOOST_TEST(View(first).task.wait_reason.find("busy") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(NextInTheQueueSaysSoWhenAProbeHasTakenTheFirst) {
  Break();
  for (int i = 0; i < 4; ++i) {
    PassSlowly(seconds(10));
    const task::Task first = store.QueuedOf(lane, 1).value().at(0).task;
    BOOST_TEST(first.wait_reason.find("busy") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(FirstThatComesLaterSaysSoToo) {
  script->needs_session = true;
  ill = Answered(403);
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 5'000; });
  Run();
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(View(id).task.wait_reason.find("wrong token") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(DisabledRegisterStandsAndSaysSo) {
  ill.reset();
  const std::string sent = Post(lane, "order-1");
  Run();
  ChangeRegister(lane, [](task::Register& r) { r.enabled = false; });
  const std::string id = Post(lane, "order-2");
  Run();
  BOOST_TEST(View(id).task.wait_reason == "касса отключена");
  BOOST_TEST(HealthOf(lane).text == "касса отключена");
  Answer(Answered(201));
  PassSlowly(seconds(30));
  BOOST_TEST((StateOf(sent) == State::kWaiting));
  BOOST_TEST(Sent() == 1u);
  ChangeRegister(lane, [](task::Register& r) { r.enabled = true; });
  Run();
  BOOST_TEST(Sent() == 3u);
  BOOST_TEST(View(id).task.wait_reason == "");
}

BOOST_AUTO_TEST_CASE(AccountThatCannotBeReadStandsUntilItsSettingsChange) {
  script->fault = "token is missing";
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 5'000; });
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(View(id).task.wait_reason == "token is missing");
  BOOST_TEST(Sent() == 0u);
  const int opened = script->opened;
  script->fault.clear();
  engine->mailbox().AskRescan();
  Run();
  BOOST_TEST(script->opened == opened);
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 6'000; });
  Run();
  BOOST_TEST(Sent() == 1u);
}

BOOST_AUTO_TEST_CASE(UnknownProviderIsNamed) {
  const auto other = AddRegister("other", "nobody");
  const std::string id = Post(other, "order-1");
  Run();
  BOOST_TEST(View(id).task.wait_reason == "нет провайдера «nobody»");
}

BOOST_AUTO_TEST_CASE(WallClockThatJumpsHoldsNoConversationUp) {
  for (const std::chrono::hours jump : {std::chrono::hours(-9000), std::chrono::hours(9000)}) {
    TalkWorld world;
    const auto till = world.AddRegister("one");
    world.Post(till, "order-1");
    world.Run();
    world.Answer(Answered(201));
    BOOST_REQUIRE(world.sender.count() == 1u);
    world.clock.JumpWall(jump);
    world.Pass(seconds(3));
    BOOST_REQUIRE(world.sender.count() == 2u);
    world.Answer(Answered(202));
    world.Pass(seconds(1));
    BOOST_TEST(world.sender.count() == 2u);
    world.Pass(seconds(10));
    BOOST_TEST(world.sender.count() == 3u);
    BOOST_TEST(world.LastUrl() == "https://one/doc/order-1");
  }
}

BOOST_AUTO_TEST_CASE(ConversationThatIsNeverAnsweredWaitsForEver) {
  ill = Answered(202);
  serve = [](const http::Request& request) {
    return Answered(request.method == "POST" ? 201 : 202);
  };
  const std::string id = Post(lane, "order-1");
  Run();
  for (int i = 0; i < 600; ++i) Pass(minutes(10));
  BOOST_TEST((StateOf(id) == State::kWaiting));
  BOOST_TEST(View(id).task.wait_reason == "printing");
}

BOOST_AUTO_TEST_CASE(ServiceAndItsDevicesAreLookedAtNowAndThen) {
  script->has_health = true;
  ill = Answered(200, "one device is full");
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 5'000; });
  Run();
  BOOST_TEST(sender.CountTo("https://ill/health") == 1u);
  BOOST_TEST(HealthOf(lane).text == "one device is full");
  const auto devices = store.DeviceStates().value();
  BOOST_REQUIRE(devices.size() == 1u);
  BOOST_TEST(devices[0].register_key == lane);
  BOOST_TEST(devices[0].fn_memory_1052);
  Pass(minutes(5));
  BOOST_TEST(sender.CountTo("https://ill/health") == 2u);
}

BOOST_AUTO_TEST_CASE(OpeningBreakerLooksAtTheServiceAtOnce) {
  script->has_health = true;
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 5'000; });
  Run();
  const std::size_t before = sender.CountTo("https://ill/health");
  Break();
  BOOST_TEST(sender.CountTo("https://ill/health") == before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
