// One session for all conversations of a register: fetched once, renewed ahead, never in a storm.
#include "tests/unit/dispatch/talk_world.h"

namespace fiscalgate::dispatch {
namespace {

struct SessionWorld : TalkWorld {
  SessionWorld() {
    script->needs_session = true;
    lane = AddRegister("one");
  }
  std::size_t LogIns() { return sender.CountTo("https://one/login"); }
  std::size_t Renewals() { return sender.CountTo("https://one/refresh"); }
  std::string LastToken() { return sender.at(sender.count() - 1).request.headers.at(0).second; }
  // Every log-in gives the next token; the service takes the newest only.
  void ServeAll() {
    serve = [this](const http::Request& request) -> std::optional<http::Answer> {
      if (!request.url.ends_with("/login") && !request.url.ends_with("/refresh")) {
        return service.Serve(request);
      }
      if (!answers_log_ins) return std::nullopt;
      service.token = "token-" + std::to_string(++tokens);
      return Answered(200, service.token);
    };
  }
  task::RegisterKey lane = 0;
  FakeService service;
  int tokens = 0;
  bool answers_log_ins = true;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(talk_session, SessionWorld)

BOOST_AUTO_TEST_CASE(NothingIsSentBeforeTheLogIn) {
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(sender.count() == 1u);
  BOOST_TEST(LastUrl() == "https://one/login");
  BOOST_TEST((StateOf(id) == State::kQueued));
  Answer(Answered(200, "token-1"));
  BOOST_TEST(LastUrl() == "https://one/post/order-1");
  BOOST_TEST(LastToken() == "token-1");
}

BOOST_AUTO_TEST_CASE(ExpiredSessionOfAThousandConversationsIsRenewedOnce) {
  ServeAll();
  service.polls_until_done = 1'000'000;
  PutMany(lane, 1'000);
  Run();
  BOOST_TEST(engine->counters().begun == 1'000);
  BOOST_TEST(LogIns() == 1u);
  service.token = "none that was given";
  answers_log_ins = false;
  Pass(seconds(2));
  BOOST_TEST(Renewals() == 1u);
  PassSlowly(seconds(5));
  BOOST_TEST(Renewals() == 1u);
  BOOST_TEST(LogIns() == 1u);
  answers_log_ins = true;
  service.token = "token-2";
  const int before = service.requests;
  Answer(Answered(200, "token-2"));
  BOOST_TEST(service.requests >= before + 1'000);
  BOOST_TEST(Renewals() == 1u);
  BOOST_TEST(LogIns() == 1u);
  BOOST_TEST(engine->counters().breakers_opened == 0);
  BOOST_TEST(most_in_memory <= base::kMaxConversationsInFlight);
}

BOOST_AUTO_TEST_CASE(SessionIsRenewedAheadWhileItServes) {
  ServeAll();
  Run();
  serve = {};
  Pass(script->session_life - script->renew_before);
  BOOST_TEST(LastUrl() == "https://one/refresh");
  Post(lane, "order-1");
  Run();
  BOOST_TEST(LastUrl() == "https://one/post/order-1");
  BOOST_TEST(LastToken() == "token-1");
  sender.Answer(1, Answered(200, "token-2"));
  Post(lane, "order-2");
  Run();
  BOOST_TEST(LastToken() == "token-2");
  BOOST_TEST(Renewals() == 1u);
}

BOOST_AUTO_TEST_CASE(RefusalUnderAnOlderSessionOnlyRepeats) {
  const std::string id = Post(lane, "order-1");
  Post(lane, "order-2");
  Run();
  Answer(Answered(200, "token-1"));
  BOOST_TEST(sender.count() == 3u);
  sender.Answer(1, Answered(401));
  Run();
  BOOST_TEST(Renewals() == 1u);
  Answer(Answered(200, "token-2"));
  BOOST_TEST(LastToken() == "token-2");
  sender.Answer(2, Answered(401));
  Run();
  BOOST_TEST(Renewals() == 1u);
  BOOST_TEST(LogIns() == 1u);
  BOOST_TEST(sender.count() == 6u);
  BOOST_TEST(LastUrl() == "https://one/post/order-2");
  BOOST_TEST(LastToken() == "token-2");
}

BOOST_AUTO_TEST_CASE(RefusedRenewalIsTriedOnceFromScratch) {
  ServeAll();
  Run();
  serve = {};
  Pass(script->session_life);
  BOOST_TEST(LastUrl() == "https://one/refresh");
  Answer(Answered(400));
  BOOST_TEST(LastUrl() == "https://one/login");
  BOOST_TEST(LogIns() == 2u);
  Answer(Answered(400));
  BOOST_TEST(HealthOf(lane).breaker_open);
  BOOST_TEST(sender.count() == 3u);
  BOOST_TEST(engine->counters().log_ins_failed == 1);
}

BOOST_AUTO_TEST_CASE(FailedLogInPausesAndSaysWhy) {
  serve = [](const http::Request&) { return Answered(403); };
  const std::string id = Post(lane, "order-1");
  Run();
  BOOST_TEST(LogIns() == 1u);
  BOOST_TEST(View(id).task.wait_reason.find("wrong token") != std::string::npos);
  PassSlowly(seconds(600));
  BOOST_TEST(LogIns() > 5u);
  BOOST_TEST(LogIns() < 20u);
  ServeAll();
  PassSlowly(seconds(75));
  BOOST_TEST((StateOf(id) == State::kDone));
}

BOOST_AUTO_TEST_CASE(TokensThatAreAllRefusedAreTroubleNotAStorm) {
  service.token = "no token is taken";
  serve = [this](const http::Request& request) -> std::optional<http::Answer> {
    if (request.url.ends_with("/post/" + request.body)) return Answered(401);
    return Answered(200, "token");
  };
  PutMany(lane, 200);
  engine->mailbox().Ring(lane);
  Run();
  BOOST_TEST(HealthOf(lane).breaker_open);
  BOOST_TEST(LogIns() + Renewals() <= 3u);
  PassSlowly(seconds(120));
  BOOST_TEST(LogIns() + Renewals() <= 20u);
  BOOST_TEST(sender.count() < 150u);
}

BOOST_AUTO_TEST_CASE(OtherSettingsBeginAnotherSession) {
  ServeAll();
  Run();
  ChangeRegister(lane, [](task::Register& r) { r.timeout_ms = 5'000; });
  Run();
  BOOST_TEST(LogIns() == 2u);
  BOOST_TEST(Renewals() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::dispatch
