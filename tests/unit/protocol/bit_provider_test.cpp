#include "lib/protocol/bit/provider.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::protocol::bit {
namespace {

using task::CommandResult;
using task::CommandState;
using task::State;

constexpr const char* kTwo =
    R"([ {"name":"a","type":"bnkCardPayment","data":{"sum":1.00}} , {"name":"b","type":"kktXReport"}])";

struct Scene {
  store::LaneHead head;
  task::Register register_;
  task::AttemptKind kind = task::AttemptKind::kSend;

  Scene() {
    head.task.order_id = "1237";
    head.package.commands = kTwo;
    register_.kkt_token = base::Secret("kkt");
    register_.bank_token = base::Secret("bank");
    register_.url = "http://192.0.2.1:44735";
    register_.timeout_ms = 7000;
  }
  Work work() const { return {head, register_, kind}; }
  Step Start() const { return BitProvider().Start(work()); }
  Step Answered(int status, const std::string& body) const {
    http::Answer answer;
    answer.delivery = http::Delivery::kAnswered;
    answer.response = {status, {}, body};
    return BitProvider().OnAnswer(work(), answer);
  }
  Step Silence(http::Delivery delivery, const std::string& error) const {
    http::Answer answer;
    answer.delivery = delivery;
    answer.error = error;
    return BitProvider().OnAnswer(work(), answer);
  }
  void FirstIsDone() {
    CommandResult done;
    done.index = 0;
    done.name = "a";
    done.type = "bnkCardPayment";
    done.state = CommandState::kDone;
    done.text = "оплачено";
    head.results = {done};
  }
};

const task::Outcome& OutcomeOf(const Step& step) {
  BOOST_REQUIRE(std::holds_alternative<FinishStep>(step));
  return std::get<FinishStep>(step).outcome;
}
const SendStep& SendOf(const Step& step) {
  BOOST_REQUIRE(std::holds_alternative<SendStep>(step));
  return std::get<SendStep>(step);
}

BOOST_AUTO_TEST_SUITE(bit_provider_test)

BOOST_AUTO_TEST_CASE(SendsThePackageAsPosted) {
  const Step step = Scene().Start();
  const SendStep& send = SendOf(step);
  BOOST_TEST(send.request.url == "http://192.0.2.1:44735");
  BOOST_TEST(send.request.body == kTwo);
  BOOST_TEST(http::FindHeader(send.request.headers, "BIT_KKT_TOKEN") == "kkt");
  BOOST_TEST(http::FindHeader(send.request.headers, "BIT_BNK_TRM_TOKEN") == "bank");
  BOOST_TEST(http::FindHeader(send.request.headers, "BIT_ORDER_ID") == "1237");
  BOOST_TEST(send.registered_address);
}

BOOST_AUTO_TEST_CASE(NeverReusesAConnectionAndKeepsTheRegistersLimits) {
  Scene scene;
  scene.register_.pinned_public_key = "sha256//abc";
  const Step step = scene.Start();
  const auto& options = SendOf(step).options;
  BOOST_TEST(options.fresh_connection);
  BOOST_TEST(options.total_timeout.count() == 7000);
  BOOST_TEST(options.max_answer_bytes == base::kMaxAnswerBytes);
  BOOST_TEST(options.pinned_public_key == "sha256//abc");
}

BOOST_AUTO_TEST_CASE(SpeaksTheGenerationAndEncodingOfTheRegister) {
  Scene scene;
  scene.register_.body_encoding = "hex";
  BOOST_TEST(SendOf(scene.Start()).request.body.starts_with("5b20"));
  scene.register_.header_generation = "1.2";
  const Step step = scene.Start();
  BOOST_TEST(SendOf(step).request.body.starts_with("json="));
  BOOST_TEST(http::FindHeader(SendOf(step).request.headers, "kkt") == "1");
}

BOOST_AUTO_TEST_CASE(APostedAddressIsUsedAndIsNotTheOperatorsOwn) {
  Scene scene;
  scene.head.package.prog_url = "https://203.0.113.7:44735";
  const Step step = scene.Start();
  BOOST_TEST(SendOf(step).request.url == "https://203.0.113.7:44735");
  BOOST_TEST(!SendOf(step).registered_address);
  scene.head.package.prog_url = scene.register_.url;
  BOOST_TEST(SendOf(scene.Start()).registered_address);
}

BOOST_AUTO_TEST_CASE(WithoutAnAddressItWaits) {
  Scene scene;
  scene.register_.url.clear();
  BOOST_TEST(std::holds_alternative<PostponeStep>(scene.Start()));
}

BOOST_AUTO_TEST_CASE(AllSuccessesMakeItDone) {
  const Step step = Scene().Answered(200, R"({"0":{"success":"x"},"1":{"success":"y"}})");
  BOOST_TEST((OutcomeOf(step).state == State::kDone));
  BOOST_TEST(OutcomeOf(step).error.empty());
  BOOST_TEST(OutcomeOf(step).commands.size() == 2u);
}

BOOST_AUTO_TEST_CASE(TheFirstErrorMakesItFailedAndTheRestNotRun) {
  const Step step = Scene().Answered(200, R"({"0":{"error":"нет связи с банком"}})");
  BOOST_TEST((OutcomeOf(step).state == State::kFailed));
  BOOST_TEST(OutcomeOf(step).error == "нет связи с банком");
  BOOST_REQUIRE_EQUAL(OutcomeOf(step).commands.size(), 2u);
  BOOST_TEST((OutcomeOf(step).commands[1].state == CommandState::kNotRun));
}

BOOST_AUTO_TEST_CASE(ARefusedPacketIsFailedWithTheDriversWords) {
  const Step step = Scene().Answered(200, R"({"result":false,"error":"нет лицензии"})");
  BOOST_TEST((OutcomeOf(step).state == State::kFailed));
  BOOST_TEST(OutcomeOf(step).error == "нет лицензии");
}

BOOST_AUTO_TEST_CASE(WhatCannotBeUnderstoodIsUnknown) {
  for (const char* body : {"", "ok", "{}", R"({"0":{"success":"x"}})", "<html>"}) {
    BOOST_TEST((OutcomeOf(Scene().Answered(200, body)).state == State::kUnknown), body);
  }
  for (const int status : {100, 301, 302, 500, 502, 503, 504}) {
    const Step step = Scene().Answered(status, R"({"0":{"success":"x"},"1":{"success":"y"}})");
    BOOST_TEST((OutcomeOf(step).state == State::kUnknown), status);
    BOOST_TEST(OutcomeOf(step).error.find(std::to_string(status)) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(ALostAnswerIsUnknownAndClaimsNothingOfItsCommands) {
  const Step step = Scene().Silence(http::Delivery::kNoAnswer, "time-out");
  BOOST_TEST((OutcomeOf(step).state == State::kUnknown));
  BOOST_TEST(OutcomeOf(step).error.find("time-out") != std::string::npos);
  BOOST_TEST(OutcomeOf(step).commands.empty());
}

BOOST_AUTO_TEST_CASE(WhatWasNotSentStaysQueued) {
  for (const auto kind : {task::AttemptKind::kSend, task::AttemptKind::kAsk}) {
    Scene scene;
    scene.kind = kind;
    const Step step = scene.Silence(http::Delivery::kNotSent, "connection refused");
    BOOST_REQUIRE(std::holds_alternative<PostponeStep>(step));
    BOOST_TEST(std::get<PostponeStep>(step).reason.find("connection refused") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(ARequestTheDriverWouldNotTakeStaysQueued) {
  for (const int status : {400, 401, 403, 404, 413, 429}) {
    BOOST_TEST(std::holds_alternative<PostponeStep>(Scene().Answered(status, "")), status);
  }
}

BOOST_AUTO_TEST_CASE(ARefusalThatAProxyMayHaveSaidProvesNothing) {
  for (const int status : {408, 409}) {
    const Step step = Scene().Answered(status, "");
    BOOST_TEST_REQUIRE(std::holds_alternative<FinishStep>(step), status);
    BOOST_TEST((OutcomeOf(step).state == task::State::kUnknown), status);
  }
}

BOOST_AUTO_TEST_CASE(ErrorTextsAreCut) {
  const Step step = Scene().Silence(http::Delivery::kNoAnswer, std::string(5000, 'x'));
  BOOST_TEST(OutcomeOf(step).error.size() <= base::kMaxErrorBytes);
}

BOOST_AUTO_TEST_CASE(CommandsAlreadyDoneAreNotSentAgain) {
  Scene scene;
  scene.FirstIsDone();
  const Step step = scene.Start();
  BOOST_TEST(SendOf(step).request.body == R"([{"name":"b","type":"kktXReport"}])");
}

BOOST_AUTO_TEST_CASE(AnAnswerToTheRestKeepsItsPlaceInThePackage) {
  Scene scene;
  scene.FirstIsDone();
  const Step step = scene.Answered(200, R"({"0":{"success":"y"}})");
  const auto& outcome = OutcomeOf(step);
  BOOST_TEST((outcome.state == State::kDone));
  BOOST_REQUIRE_EQUAL(outcome.commands.size(), 2u);
  BOOST_TEST(outcome.commands[0].text == "оплачено");
  BOOST_TEST(outcome.commands[1].index == 1);
  BOOST_TEST(outcome.commands[1].text == "y");
}

BOOST_AUTO_TEST_CASE(EarlierResultsOutliveALostAnswer) {
  Scene scene;
  scene.FirstIsDone();
  const Step step = scene.Silence(http::Delivery::kNoAnswer, "reset");
  BOOST_REQUIRE_EQUAL(OutcomeOf(step).commands.size(), 1u);
  BOOST_TEST((OutcomeOf(step).commands[0].state == CommandState::kDone));
}

BOOST_AUTO_TEST_CASE(FailedAndUnrunCommandsAreSentAgain) {
  Scene scene;
  scene.FirstIsDone();
  scene.head.results[0].state = CommandState::kFailed;
  BOOST_TEST(SendOf(scene.Start()).request.body == kTwo);
}

BOOST_AUTO_TEST_CASE(NothingLeftToDoIsDone) {
  Scene scene;
  scene.FirstIsDone();
  CommandResult second = scene.head.results[0];
  second.index = 1;
  scene.head.results.push_back(second);
  const Step step = scene.Start();
  BOOST_TEST((OutcomeOf(step).state == State::kDone));
  BOOST_TEST(OutcomeOf(step).commands.size() == 2u);
}

BOOST_AUTO_TEST_CASE(OnlyAPackageOfWhichNothingElseFailedMayBeSentInANewShift) {
  Scene scene;
  scene.head.package.commands =
      R"([{"name":"a","type":"kktReceiptFiscalization"},{"name":"b","type":"kktReceiptFiscalization"}])";
  const auto is_over = [&](const char* body) {
    return BitProvider().IsShiftOver(OutcomeOf(scene.Answered(200, body)));
  };
  BOOST_TEST(is_over(R"({"0":{"error":"Смена превысила 24 часа"}})"));
  BOOST_TEST(is_over(R"({"0":{"success":"x"},"1":{"error":"Смена превысила 24 часа"}})"));
  BOOST_TEST(is_over(R"({"result":false,"error":"Смена превысила 24 часа"})"));
  BOOST_TEST(!is_over(R"({"0":{"error":"Нет бумаги. Смена 24, чек 15"}})"));
  BOOST_TEST(!is_over(R"({"0":{"error":"Ошибка 0x4E"}})"));
  BOOST_TEST(!is_over(R"({"0":{"error":"Смена превысила 24 часа"},"1":{"error":"нет бумаги"}})"));
  scene.head.package.commands = kTwo;
  BOOST_TEST(!is_over(R"({"0":{"error":"Смена превысила 24 часа"}})"));  // the terminal's words
}

BOOST_AUTO_TEST_CASE(OnlyADeduplicatingRegisterCanBeAsked) {
  task::Register register_;
  BOOST_TEST(!BitProvider().CanAsk(register_));
  register_.deduplicating = true;
  BOOST_TEST(BitProvider().CanAsk(register_));
}

BOOST_AUTO_TEST_CASE(AskingIsSendingTheSameAgain) {
  Scene scene;
  const Step sent = scene.Start();
  scene.kind = task::AttemptKind::kAsk;
  const Step asked = scene.Start();
  BOOST_TEST(SendOf(asked).request.body == SendOf(sent).request.body);
  BOOST_TEST((SendOf(asked).request.headers == SendOf(sent).request.headers));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bit
