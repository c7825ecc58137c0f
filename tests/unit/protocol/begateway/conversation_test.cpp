#include "tests/unit/protocol/begateway/talker.h"

namespace fiscalgate::protocol::begateway::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using task::CommandState;
using task::State;

constexpr char kPayments[] = "POST https://gateway.bepaid.by/transactions/payments";
constexpr char kByTracking[] =
    "GET https://gateway.bepaid.by/v2/transactions/tracking_id/01jd3q4c5e6f7g8h9jkmnpqrst";
constexpr char kByUid[] = "GET https://gateway.bepaid.by/transactions/p-1";

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

bool IsPaidWithoutReceipt(const task::Outcome& outcome) {
  return task::PaidWithoutReceipt(outcome.commands);
}

BOOST_AUTO_TEST_SUITE(begateway_conversation)

BOOST_AUTO_TEST_CASE(APaymentByTokenIsMadeOnceAskedAboutAndDone) {
  Talker talk(ByToken());
  talk.Next();
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID").size() == 36u);
  BOOST_TEST(talk.ask().options.fresh_connection);
  BOOST_TEST((talk.ask().state == State::kSending));
  const std::string& body = talk.ask().request.body;
  for (const char* part :
       {R"("amount":"1800")", R"("tracking_id":"01jd3q4c5e6f7g8h9jkmnpqrst")",
        R"("credit_card":{"token":")", R"("customer":{"email":"john.doe@example.com"})",
        R"("notification_url":"https://kassa.example/api/callback/bepaid/7")",
        R"("description":"Заказ order-7")", R"("language":"ru")", R"("operator":"MAIN")",
        R"("duplicate_check":false)", R"("test":false)"}) {
    BOOST_TEST(Contains(body, part), part);
  }
  talk.Hear(200, Said{.fiscal = "incomplete"}.One());
  BOOST_TEST((talk.later().state == State::kWaiting));
  BOOST_TEST(talk.later().reason == "");
  talk.Next();
  BOOST_TEST(talk.Asked() == kByUid);
  BOOST_TEST(talk.Header("Content-Type") == "");
  talk.Hear(200, Said{.fiscal = "incomplete"}.One());
  talk.Next();
  talk.Hear(200, Said{.fiscal = "successful", .fiscal_message = "Ok"}.One());
  const task::Outcome& outcome = talk.outcome();
  BOOST_TEST((outcome.state == State::kDone));
  BOOST_REQUIRE_EQUAL(outcome.commands.size(), 2u);
  const auto& [card, receipt] = std::tie(outcome.commands[0], outcome.commands[1]);
  BOOST_TEST((card.state == CommandState::kDone));
  const auto slip = base::ParseJson(card.raw);
  BOOST_REQUIRE(slip.ok());
  BOOST_TEST(slip->root().FindText("rrn") == "p-1");
  BOOST_TEST(slip->root().FindText("bank_rrn") == "999");
  BOOST_TEST(slip->root().FindText("auth_code") == "654321");
  BOOST_REQUIRE(receipt.mark.has_value());
  BOOST_TEST(receipt.mark->fd_1040 == 42);
  BOOST_TEST(receipt.mark->total_1020.kopecks == 1800);
  BOOST_TEST(Contains(receipt.raw, R"("ofd_qr_code":"https://ofd.example/q/1")"));
  BOOST_TEST(Contains(receipt.raw, R"("receipt_info":{"id":"f-1")"));
  BOOST_TEST(!Contains(card.raw + receipt.raw, "420000"));
}

BOOST_AUTO_TEST_CASE(PausesGrowWhileNothingChanges) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{}.One());
  base::Milliseconds last{0};
  for (int i = 0; i < 40; ++i) {
    talk.Next();
    talk.Hear(200, Said{}.One());
    BOOST_TEST((talk.later().pause >= last));
    last = talk.later().pause;
  }
  BOOST_TEST((last == minutes(5)));
}

BOOST_AUTO_TEST_CASE(ADeclinedPaymentFailsAndNothingIsPrinted) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(422, Said{.status = "failed", .fiscal = "none", .message = "Declined"}.One());
  BOOST_TEST((talk.outcome().state == State::kFailed));
  BOOST_TEST(talk.outcome().error == "операция отклонена: Declined");
  BOOST_TEST(talk.outcome().error_code == "bank_declined");
  BOOST_TEST((talk.outcome().commands[0].state == CommandState::kFailed));
  BOOST_TEST((talk.outcome().commands[1].state == CommandState::kNotRun));
  BOOST_TEST(!IsPaidWithoutReceipt(talk.outcome()));
}

BOOST_AUTO_TEST_CASE(ARetryOfADeclinedPaymentIsANewRequestAfterAQuestion) {
  Talker talk(ByToken());
  talk.Next();
  const std::string first(talk.Header("RequestID"));
  const Said declined{.status = "failed", .fiscal = "none"};
  talk.Hear(200, declined.One());
  talk.Retry();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({declined}));
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") != first);
  BOOST_TEST(Contains(talk.ask().request.body, std::string(kTaskId) + "-2\""));
  // Its answer lost, the old failure is not taken for it.
  const std::string second(talk.Header("RequestID"));
  talk.Lose();
  talk.Next();
  talk.Hear(200, List({declined}));
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") == second);
  talk.Hear(200, Said{.uid = "p-2"}.One());
  BOOST_TEST((talk.later().state == State::kWaiting));
}

BOOST_AUTO_TEST_CASE(ALateSuccessIsFoundByARetry) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{.uid = "p-0", .status = "failed", .fiscal = "none"}.One());
  talk.Retry();
  talk.Hear(200, List({{.uid = "p-0", .status = "failed"}, {.fiscal = "successful"}}));
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(TheBuyerIsSentToThreeDSecureAndComesBack) {
  Talker talk(ByToken());
  talk.Next();
  BOOST_TEST(talk.links().payment_url == "");
  const Said incomplete{.status = "incomplete",
                        .fiscal = "none",
                        .redirect_url = "https://gateway.bepaid.by/process/p-1"};
  talk.Hear(200, incomplete.One());
  BOOST_TEST((talk.later().state == State::kWaiting));
  BOOST_TEST(talk.links().payment_url == "https://gateway.bepaid.by/process/p-1");
  talk.Next();
  talk.Hear(200, incomplete.One());
  BOOST_TEST(talk.links().payment_url == "https://gateway.bepaid.by/process/p-1");
  talk.Next();
  talk.Hear(200, Said{.redirect_url = "https://gateway.bepaid.by/process/p-1"}.One());
  BOOST_TEST(talk.links().payment_url == "");
  talk.Next();
  talk.Hear(200, Said{.fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(ThreeDSecureThatNobodyFinishedExpires) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{.status = "incomplete", .fiscal = "none"}.One());
  talk.Next();
  talk.Hear(200, Said{.status = "expired", .fiscal = "none"}.One());
  BOOST_TEST((talk.outcome().state == State::kFailed));
  BOOST_TEST(talk.outcome().error_code == "payment_expired");
}

BOOST_AUTO_TEST_CASE(PaidAndNotPrintedIsExactlyThat) {
  for (const char* status : {"failed", "error", "expired", "deleted"}) {
    Talker talk(ByToken());
    talk.Next();
    talk.Hear(200, Said{.fiscal = status, .fiscal_message = "Смена превысила 24 часа"}.One());
    const task::Outcome& outcome = talk.outcome();
    BOOST_TEST((outcome.state == State::kFailed));
    BOOST_TEST((outcome.commands[0].state == CommandState::kDone));
    BOOST_TEST((outcome.commands[1].state == CommandState::kFailed));
    BOOST_TEST(IsPaidWithoutReceipt(outcome));
    BOOST_TEST(outcome.error_code == "shift_over_24h");
  }
}

BOOST_AUTO_TEST_CASE(ARetryOfPaidAndNotPrintedAsksAndNeverPaysAgain) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{.fiscal = "failed"}.One());
  for (int i = 0; i < 3; ++i) {
    talk.Retry();
    BOOST_TEST(talk.Asked() == kByUid);
    talk.Hear(200, Said{.fiscal = "failed"}.One());
    BOOST_TEST(IsPaidWithoutReceipt(talk.outcome()));
  }
  talk.Retry();
  talk.Hear(200, Said{.fiscal = "pending"}.One());
  talk.Next();
  talk.Hear(200, Said{.fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(AReceiptThatCannotBeUnderstoodIsWaitedForAndTold) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{.fiscal = "odd"}.One());
  BOOST_TEST(Contains(talk.later().reason, "odd"));
  BOOST_TEST((talk.later().state == State::kWaiting));
  BOOST_TEST(!talk.later().is_service_trouble);
}

BOOST_AUTO_TEST_CASE(APaymentWithoutAReceiptInItIsToldAtLast) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{.fiscal = "none"}.One());
  int questions = 0;
  while (std::holds_alternative<Later>(talk.move())) {
    BOOST_REQUIRE(++questions < 100);
    talk.Next();
    talk.Hear(200, Said{.fiscal = "none"}.One());
  }
  BOOST_TEST(questions > 10);
  BOOST_TEST(IsPaidWithoutReceipt(talk.outcome()));
}

BOOST_AUTO_TEST_CASE(WhatWasSuccessfulAndIsNotIsForAPerson) {
  Talker talk(ByToken());
  talk.Next();
  talk.Hear(200, Said{}.One());
  talk.Next();
  talk.Hear(200, Said{.status = "error"}.One());
  BOOST_TEST((talk.outcome().state == State::kUnknown));
  BOOST_REQUIRE_EQUAL(talk.outcome().commands.size(), 1u);
  BOOST_TEST((talk.outcome().commands[0].state == CommandState::kDone));
  talk.Retry();
  BOOST_TEST(talk.Asked() == kByUid);
}

BOOST_AUTO_TEST_CASE(AHeldPaymentIsCaptured) {
  Talker talk(Payment(R"("authorization_uid":"a-1")"));
  talk.Next();
  BOOST_TEST(talk.Asked() == "POST https://gateway.bepaid.by/transactions/captures");
  BOOST_TEST(talk.ask().request.body.starts_with(
      R"({"request":{"parent_uid":"a-1","amount":1800,"tracking_id":")"));
  BOOST_TEST(Contains(talk.ask().request.body, R"("fiscalization":{)"));
  talk.Hear(200, Said{.uid = "c-1", .type = "capture", .fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
  BOOST_TEST(Contains(talk.outcome().commands[0].raw, R"("rrn":"c-1")"));
}

BOOST_AUTO_TEST_CASE(AReturnIsARefundWithAReason) {
  Talker talk(Return());
  talk.Next();
  BOOST_TEST(talk.Asked() == "POST https://gateway.bepaid.by/transactions/refunds");
  BOOST_TEST(talk.ask().request.body.starts_with(
      R"({"request":{"parent_uid":"p-1","amount":1800,"reason":"Возврат покупателю",)"));
  talk.Hear(200, Said{.uid = "r-1", .type = "refund"}.One());
  talk.Next();
  talk.Hear(200, Said{.uid = "r-1", .type = "refund", .fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
  BOOST_TEST(talk.outcome().commands[1].mark->receipt_type_1054 == 2);
  Talker other(Return(R"("rrn":"p-1","reason":"брак")"));
  other.Next();
  BOOST_TEST(Contains(other.ask().request.body, R"("reason":"брак")"));
}

BOOST_AUTO_TEST_CASE(ARefundIsNotMistakenForItsPayment) {
  Talker talk(Return());
  talk.Next();
  talk.Lose();
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({{.uid = "p-1", .type = "payment", .fiscal = "successful"}}));
  BOOST_TEST(talk.Asked() == "POST https://gateway.bepaid.by/transactions/refunds");
}

BOOST_AUTO_TEST_CASE(AlternativeMethodsHaveTheirOwnHostInEveryStep) {
  Talker talk(Payment(R"("method":{"type":"erip","account_number":"123"})"));
  talk.Next();
  BOOST_TEST(talk.Asked() == "POST https://api.bepaid.by/beyag/transactions/payments");
  talk.Lose();
  talk.Next();
  BOOST_TEST(talk.Asked() == std::string("GET https://api.bepaid.by/beyag/transactions/"
                                         "tracking_id/") +
                                 kTaskId);
  // Nothing says that a request id counts there: a repeat waits until the first is settled.
  talk.Hear(200, List({}));
  BOOST_TEST((talk.later().pause == seconds(30)));
  talk.now += seconds(31);
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == "POST https://api.bepaid.by/beyag/transactions/payments");
  talk.Hear(200, Said{.status = "pending", .fiscal = "none"}.One());
  talk.Next();
  BOOST_TEST(talk.Asked() == "GET https://api.bepaid.by/beyag/transactions/p-1");
  Talker back(Return(R"("rrn":"p-1","method":{"type":"erip"})"));
  back.Next();
  BOOST_TEST(back.Asked() == "POST https://api.bepaid.by/beyag/transactions/refunds");
}

BOOST_AUTO_TEST_CASE(BothGenerationsOfRefusalsFailTheTask) {
  const std::pair<int, const char*> kRefusals[] = {
      {400, R"({"response":{"message":"Token does not exist.",)"
            R"("errors":{"credit_card":{"token":["does not exist"]}}}})"},
      {422, R"({"code":"E.1025","message":"Token does not exist.","errors":{"token":["no"]}})"},
      {422, R"({"response":{"message":"Token does not exist.","errors":{"base":"bad"}}})"}};
  for (const auto& [status, body] : kRefusals) {
    Talker talk(ByToken());
    talk.Next();
    talk.Hear(status, body);
    BOOST_TEST((talk.outcome().state == State::kFailed));
    BOOST_TEST(talk.outcome().error.starts_with("сервис отказал: Token does not exist."));
    BOOST_TEST((talk.outcome().commands[1].state == CommandState::kNotRun));
  }
}

BOOST_AUTO_TEST_CASE(AServiceThatRefusesTheAccountOrIsBusyIsTrouble) {
  Talker talk(ByToken());
  talk.Next();
  const std::string first(talk.Header("RequestID"));
  for (const int status : {401, 403, 429, 503, 500, 502}) {
    talk.Hear(status, "{}");
    BOOST_TEST(talk.later().is_service_trouble);
    BOOST_TEST((talk.later().state == State::kSending));
    talk.Next();
    BOOST_TEST(talk.Asked() == kByTracking);
  }
  http::Answer busy;
  busy.delivery = http::Delivery::kAnswered;
  busy.response = {503, {{"Retry-After", "17"}}, ""};
  talk.Hear(busy);
  BOOST_TEST((talk.later().pause == seconds(17)));
  talk.Next();
  talk.Hear(425, "{}");
  BOOST_TEST(!talk.later().is_service_trouble);
  talk.Next();
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == kPayments);
  BOOST_TEST(talk.Header("RequestID") == first);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway::testing
