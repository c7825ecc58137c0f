#include "lib/protocol/cloud_moves.h"

#include "lib/base/limits.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol {
namespace {

http::Answer Answered(int status, std::string body = {}) {
  http::Answer answer;
  answer.delivery = http::Delivery::kAnswered;
  answer.response = {status, {}, std::move(body)};
  return answer;
}

BOOST_AUTO_TEST_SUITE(cloud_moves)

BOOST_AUTO_TEST_CASE(OnlyTroubleThatOthersWouldMeetIsTheServices) {
  for (const int status : {401, 403, 429, 500, 502, 503}) {
    BOOST_TEST(TroubleOf("x", Answered(status), "").is_services, status);
  }
  for (const int status : {200, 400, 404, 409, 422}) {
    BOOST_TEST(!TroubleOf("x", Answered(status), "").is_services, status);
  }
  BOOST_TEST(TroubleOf("x", Answered(400, "<html>"), "").is_services);
  http::Answer lost;
  lost.delivery = http::Delivery::kNoAnswer;
  lost.error = "time-out";
  BOOST_TEST(TroubleOf("x", lost, "").is_services);
  BOOST_TEST(TroubleOf("x", lost, "").reason == "x не ответил: time-out");
  BOOST_TEST(TroubleOf("x", Answered(200), "").reason == "x ответил HTTP 200: ответ непонятен");
  const std::string longest(10'000, 'e');
  BOOST_TEST(TroubleOf("x", Answered(500), longest).reason.size() == base::kMaxErrorBytes);
}

BOOST_AUTO_TEST_CASE(WaitingNeverBecomesSendingAgain) {
  store::LaneHead head;
  head.task.state = task::State::kWaiting;
  const Talk talk{head, nullptr, {}, 0};
  BOOST_TEST((StateOf(talk, false) == task::State::kWaiting));
  head.task.state = task::State::kSending;
  BOOST_TEST((StateOf(talk, false) == task::State::kSending));
  BOOST_TEST((StateOf(talk, true) == task::State::kWaiting));
}

BOOST_AUTO_TEST_CASE(ADoneReceiptIsDoneEvenIfItsPackageIsLost) {
  store::LaneHead head;
  head.package.commands = "[{";
  ffd::FiscalMark mark;
  mark.fd_1040 = 17;
  const Over over = Done({head, nullptr, {}, 0}, {}, mark, "{}", "n");
  BOOST_TEST((over.outcome.state == task::State::kDone));
  BOOST_REQUIRE_EQUAL(over.outcome.commands.size(), 1u);
  BOOST_TEST(over.outcome.commands[0].type == "kktReceiptFiscalization");
  BOOST_TEST(over.outcome.commands[0].mark->fd_1040 == 17);
  BOOST_TEST(over.notes == "n");
}

BOOST_AUTO_TEST_CASE(OnlyAnObjectThatCanBeReadWithinAResultIsKept) {
  BOOST_TEST(KeptRaw(" {\"a\":1} ") == "{\"a\":1}");
  for (const std::string& body : {std::string(), std::string("[]"), std::string("5"),
                                  std::string("{"), std::string("{},{}"), std::string("{}],[{}")}) {
    BOOST_TEST(KeptRaw(body) == "", body);
  }
  const auto deep = [](int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  BOOST_TEST(KeptRaw(deep(5)) == deep(5));
  BOOST_TEST(base::ParseJson(deep(base::kMaxJsonDepth - 1)).ok());
  BOOST_TEST(KeptRaw(deep(base::kMaxJsonDepth - 1)) == "");
  BOOST_TEST(KeptRaw("{\"a\":\"" + std::string(base::kKeptEvidenceBytes, 'a') + "\"}") == "");
}

BOOST_AUTO_TEST_CASE(SecretsAreHiddenWholeOrCutOff) {
  const std::vector<std::string_view> secrets = {"P5cKbUUD9u", "", "ab"};
  BOOST_TEST(WithoutSecrets("P5cKbUUD9u and P5cKbUUD9u.", secrets) == "*** and ***.");
  BOOST_TEST(WithoutSecrets("cut P5cKbUU", secrets) == "cut ***");
  BOOST_TEST(WithoutSecrets("absent P5cKb", secrets) == "absent P5cKb");
  BOOST_TEST(WithoutSecrets("expired: eyJhbGci.e30.s-_g!", {}) == "expired: ***!");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol
