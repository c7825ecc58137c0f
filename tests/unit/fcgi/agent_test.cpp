// The endpoints of agents, on plain values: what is admitted, what is said back.
#include <boost/test/unit_test.hpp>

#include "fcgi/handlers/agent_answer.h"
#include "fcgi/handlers/agent_lease.h"
#include "fcgi/handlers/agent_renew.h"
#include "lib/base/log.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {
namespace {

using dispatch::Recorded;
using std::chrono::seconds;

constexpr char kKey[] = "agent-key";
constexpr char kInstance[] = "abcdefghijklmnopqrstuvwx27";
constexpr char kOther[] = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr char kLease[] = "00112233445566778899aabbccddeeff";

struct AgentFixture : testing::GatewayFixture {
  AgentFixture() {
    log::SetLevel(log::Level::kError);
    ChangeRegister([](task::Register& r) {
      r.via = task::Via::kAgent;
      r.agent_key = base::Secret(kKey);
    });
  }

  http::Request Request(const std::string& path, http::Headers more = {}) const {
    http::Request request;
    request.method = "POST";
    request.url = "/api/agent/" + path;
    request.headers = {{"authorization", std::string("Bearer ") + kKey},
                       {"fiscalgate-agent", kInstance},
                       {"fiscalgate-version", "1.0.0 linux-x86_64"},
                       {"fiscalgate-clock", std::to_string(base::ToMillis(clock.Now()) + 7000)},
                       {"fiscalgate-driver", "ok"}};
    for (auto& header : more) request.headers.insert(request.headers.begin(), std::move(header));
    return request;
  }
  static std::string Turn(const http::Response& response) {
    return std::string(http::FindHeader(response.headers, "fiscalgate-turn"));
  }
  // A poll that is parked.
  std::shared_ptr<testing::FakeAnswer> Park() {
    const http::Response first = Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}}));
    auto exchange = std::make_unique<testing::FakeExchange>(
        Request("lease", {{"fiscalgate-wait", "25"}, {"fiscalgate-turn", Turn(first)}}));
    auto answer = exchange->answer();
    lease.Handle(std::move(exchange));
    return answer;
  }
  std::string CodeOf(const http::Response& response) const {
    return std::string(base::ParseJson(response.body)->root().FindText("code"));
  }

  agents::Roster roster{clock};
  agents::Switchboard board{
      clock,
      {[](task::RegisterKey, const std::string&) {},
       [](task::RegisterKey, const std::string&, const std::vector<std::string>&) {},
       [](task::RegisterKey) {}}};
  AgentDoor door{{store, clock, directory, roster}};
  AgentLease lease{door, board};
  AgentRenew renew{door, board};
  std::vector<dispatch::AgentAnswer> taken;
  Recorded recorded = Recorded::kApplied;
  AgentAnswered answered{door, [this](dispatch::AgentAnswer answer) {
                           answer.recorded(recorded);
                           taken.push_back(std::move(answer));
                         }};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fcgi_agent, AgentFixture)

BOOST_AUTO_TEST_CASE(FirstPollBindsTheKeyAndGetsATurn) {
  const http::Response response = Ask(lease, Request("lease", {{"fiscalgate-wait", "25"}}));
  BOOST_TEST(response.status == 204);
  BOOST_TEST(!Turn(response).empty());
  BOOST_TEST(directory.Current()->FindRegister(lane)->agent_instance == kInstance);
}

BOOST_AUTO_TEST_CASE(ParkedPollGetsTheRequestWithItsTimes) {
  const auto answer = Park();
  BOOST_TEST(!answer->came());
  clock.Advance(seconds(2));
  board.Carry(lane, {kLease, kInstance, "POST / HTTP/1.1\r\n\r\n[]", seconds(60)},
              [](agents::Silence) {});
  const http::Response response = answer->Wait();
  BOOST_TEST(response.status == 200);
  BOOST_TEST(http::FindHeader(response.headers, "fiscalgate-lease") == kLease);
  BOOST_TEST(http::FindHeader(response.headers, "fiscalgate-begin-within") == "32");
  BOOST_TEST(http::FindHeader(response.headers, "fiscalgate-timeout") == "60000");
  BOOST_TEST(!Turn(response).empty());
  BOOST_TEST(response.body == "POST / HTTP/1.1\r\n\r\n[]");
  BOOST_TEST(Ask(renew, Request("renew", {{"fiscalgate-lease", kLease}})).status == 200);
  BOOST_TEST(Ask(renew, Request("renew", {{"fiscalgate-lease", "abc"}})).status == 410);
  BOOST_TEST(Ask(renew, Request("renew")).status == 400);
}

BOOST_AUTO_TEST_CASE(StrangersAreRefusedEachInItsOwnWords) {
  const auto ask = [&](http::Headers more) {
    return Ask(lease, Request("lease", std::move(more)));
  };
  BOOST_TEST(CodeOf(ask({{"authorization", "Bearer wrong"}})) == "agent_key_unknown");
  BOOST_TEST(ask({{"authorization", "Bearer wrong"}}).status == 401);
  BOOST_TEST(ask({{"authorization", "Basic YTpi"}}).status == 401);
  BOOST_TEST(ask({{"authorization", "Bearer "}}).status == 401);
  BOOST_TEST(ask({{"fiscalgate-version", "0.9.0 x"}}).status == 426);
  BOOST_TEST(ask({{"fiscalgate-version", "2.0.0 x"}}).status == 426);
  BOOST_TEST(ask({{"fiscalgate-version", "\x01"}}).status == 400);
  BOOST_TEST(ask({{"fiscalgate-agent", "ABC"}}).status == 400);
  BOOST_TEST(ask({{"fiscalgate-agent", "abcdefghijklmnopqrstuvwx01"}}).status == 400);
  BOOST_TEST(ask({{"fiscalgate-wait", "-1"}}).status == 400);
  BOOST_TEST(ask({{"fiscalgate-wait", "1s"}}).status == 400);
  std::string many = kLease;
  for (std::size_t i = 0; i < base::kMaxHeldLeases; ++i) many += std::string(",") + kLease;
  BOOST_TEST(ask({{"fiscalgate-wait", "1"}, {"fiscalgate-held", many}}).status == 400);
  BOOST_TEST(directory.Current()->FindRegister(lane)->agent_instance == kInstance);
}

BOOST_AUTO_TEST_CASE(KeyOfAnotherInstanceIsAConflict) {
  Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}}));
  for (Handler* handler : {static_cast<Handler*>(&lease), static_cast<Handler*>(&renew),
                           static_cast<Handler*>(&answered)}) {
    const http::Response response =
        Ask(*handler, Request("x", {{"fiscalgate-agent", kOther}, {"fiscalgate-lease", kLease}}));
    BOOST_TEST(response.status == 409);
    BOOST_TEST(CodeOf(response) == "agent_bound_elsewhere");
  }
  BOOST_TEST(taken.empty());
}

BOOST_AUTO_TEST_CASE(RegisterThatIsOffGetsNoWorkButIsHeard) {
  for (const bool enabled : {false, true}) {
    ChangeRegister([&](task::Register& r) {
      r.enabled = enabled;
      r.via = enabled ? task::Via::kPush : task::Via::kAgent;
    });
    BOOST_TEST(Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}})).status == 403);
    const http::Response response = Ask(
        answered,
        Request("answer", {{"fiscalgate-lease", kLease}, {"fiscalgate-delivery", "no_answer"}}));
    BOOST_TEST(response.status == 200);
  }
  BOOST_TEST(taken.size() == 2u);
}

BOOST_AUTO_TEST_CASE(WrongKeysInNumbersAreSlowedDown) {
  int refused = 0, slowed = 0;
  for (int i = 0; i < 100; ++i) {
    const http::Response response =
        Ask(lease, Request("lease", {{"authorization", "Bearer wrong"}}));
    ++(response.status == 401 ? refused : slowed);
    if (response.status != 401) BOOST_TEST(response.status == 429);
  }
  BOOST_TEST(refused == base::kWrongAgentKeysPerSecond);
  BOOST_TEST(Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}})).status == 204);
}

BOOST_AUTO_TEST_CASE(DriversAnswerIsHandedOnAsItIs) {
  http::Request request =
      Request("answer", {{"fiscalgate-lease", kLease}, {"fiscalgate-delivery", "answered"}});
  request.body = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n{}";
  const http::Response response = Ask(answered, request);
  BOOST_TEST(response.status == 200);
  BOOST_TEST(http::FindHeader(response.headers, "fiscalgate-recorded") == "applied");
  BOOST_REQUIRE(taken.size() == 1u);
  BOOST_TEST(taken[0].register_key == lane);
  BOOST_TEST(taken[0].lease == kLease);
  BOOST_TEST((taken[0].answer.delivery == http::Delivery::kAnswered));
  BOOST_TEST(taken[0].answer.response.body == "{}");
  BOOST_TEST(taken[0].told.http_status == 200);
  BOOST_TEST(taken[0].told.body == request.body);
}

BOOST_AUTO_TEST_CASE(WhatHappenedComesInTwoLanguages) {
  Ask(answered, Request("answer", {{"fiscalgate-lease", kLease},
                                   {"fiscalgate-delivery", "not_sent"},
                                   {"fiscalgate-error", base::PercentEncode("отказ")}}));
  Ask(answered, Request("answer", {{"fiscalgate-lease", kLease},
                                   {"fiscalgate-delivery", "no_answer"},
                                   {"fiscalgate-error", "%ff%"}}));
  BOOST_REQUIRE(taken.size() == 2u);
  BOOST_TEST((taken[0].answer.delivery == http::Delivery::kNotSent));
  BOOST_TEST(taken[0].answer.error == "отказ");
  BOOST_TEST((taken[1].answer.delivery == http::Delivery::kNoAnswer));
  BOOST_TEST(taken[1].answer.error == "агент не назвал причину");
}

BOOST_AUTO_TEST_CASE(AnswerThatCannotBeReadIsKeptAndProvesNothing) {
  http::Request request =
      Request("answer", {{"fiscalgate-lease", kLease}, {"fiscalgate-delivery", "answered"}});
  request.body = "<html>";
  BOOST_TEST(Ask(answered, request).status == 400);
  request.body = "HTTP/1.1 200 OK\r\n\r\n" + std::string(base::kMaxAnswerBytes + 1, 'x');
  BOOST_TEST(Ask(answered, request).status == 413);
  BOOST_REQUIRE(taken.size() == 2u);
  for (const dispatch::AgentAnswer& answer : taken) {
    BOOST_TEST((answer.answer.delivery == http::Delivery::kNoAnswer));
    BOOST_TEST(answer.told.delivery == "answered");
    BOOST_TEST(answer.told.body.size() <= base::kKeptEvidenceBytes);
  }
}

BOOST_AUTO_TEST_CASE(EachWayOfRecordingHasItsAnswer) {
  const auto ask = [&](Recorded how) {
    recorded = how;
    return Ask(answered, Request("answer", {{"fiscalgate-lease", kLease},
                                            {"fiscalgate-delivery", "not_sent"}}));
  };
  const auto word = [](const http::Response& response) {
    return std::string(http::FindHeader(response.headers, "fiscalgate-recorded"));
  };
  BOOST_TEST(word(ask(Recorded::kRepeated)) == "repeated");
  BOOST_TEST(word(ask(Recorded::kEvidence)) == "evidence");
  BOOST_TEST(ask(Recorded::kUnknownLease).status == 404);
  BOOST_TEST(ask(Recorded::kNotNow).status == 503);
}

BOOST_AUTO_TEST_CASE(AnswerWithoutItsHeadersIsMalformed) {
  BOOST_TEST(Ask(answered, Request("answer", {{"fiscalgate-delivery", "not_sent"}})).status == 400);
  BOOST_TEST(Ask(answered, Request("answer", {{"fiscalgate-lease", kLease}})).status == 400);
  BOOST_TEST(Ask(answered, Request("answer", {{"fiscalgate-lease", "../x"},
                                              {"fiscalgate-delivery", "not_sent"}}))
                 .status == 400);
  BOOST_TEST(taken.empty());
}

BOOST_AUTO_TEST_CASE(StoppingGatewaySendsAgentsAway) {
  const auto parked = Park();
  board.Stop();
  BOOST_TEST(parked->Wait().status == 204);
  const http::Response response = Ask(lease, Request("lease", {{"fiscalgate-wait", "5"}}));
  BOOST_TEST(response.status == 503);
  BOOST_TEST(!http::FindHeader(response.headers, "retry-after").empty());
}

BOOST_AUTO_TEST_CASE(WhatAgentsSayOfThemselvesIsStoredRarely) {
  Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}}));
  auto due = roster.TakeDue();
  BOOST_REQUIRE(due.size() == 1u);
  BOOST_TEST(due[0].version == "1.0.0 linux-x86_64");
  BOOST_TEST(due[0].driver == "ok");
  BOOST_TEST(due[0].clock_skew_ms == 7000);
  clock.Advance(seconds(20));
  Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}}));
  Ask(renew, Request("renew", {{"fiscalgate-lease", kLease}, {"fiscalgate-driver", ""}}));
  BOOST_TEST(roster.TakeDue().empty());
  BOOST_TEST(roster.All().at(0).driver == "ok");
  Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}, {"fiscalgate-driver", "unreachable"}}));
  due = roster.TakeDue();
  BOOST_TEST(due.size() == 1u);
  roster.GiveBack(due);
  BOOST_TEST(roster.TakeDue().size() == 1u);
  clock.Advance(seconds(59));
  Ask(lease, Request("lease", {{"fiscalgate-wait", "0"}, {"fiscalgate-driver", "unreachable"}}));
  BOOST_TEST(roster.TakeDue().empty());
  clock.Advance(seconds(1));
  BOOST_TEST(roster.TakeDue().size() == 1u);
  clock.Advance(seconds(600));  // away: nothing new is known
  BOOST_TEST(roster.TakeDue().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
