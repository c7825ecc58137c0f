#include "tests/unit/fcgi_emulator/begateway_fixture.h"

namespace fiscalgate::testing {

using testing::wire::AnswerKind;
using testing::wire::FiscalState;
using testing::wire::Operation;
using testing::wire::PaymentState;

BOOST_FIXTURE_TEST_SUITE(emulator_begateway_transactions, testing::BegatewayFixture)

BOOST_AUTO_TEST_CASE(APaymentIsTakenAndItsReceiptPrintedOnce) {
  const auto paid = Paid(Payment());
  BOOST_TEST((paid.payment == PaymentState::kSuccessful));
  BOOST_TEST((paid.fiscal.state == FiscalState::kPending));
  BOOST_TEST(CountPrinted() == 0U);
  Processed();
  const auto done = Ask(paid.uid);
  BOOST_REQUIRE((done.fiscal.state == FiscalState::kDone));
  BOOST_TEST(done.fiscal.mark->total_1020.kopecks == 1100);
  BOOST_TEST(Ask(paid.uid).fiscal.mark->fd_1040 == done.fiscal.mark->fd_1040);
  const auto documents = View("/emulator/documents");
  BOOST_REQUIRE(documents.root().items.size() == 1U);
  BOOST_TEST(documents.root().items[0].FindText("tracking_id") == "task-7");
  BOOST_TEST(documents.root().items[0].FindText("request_id") == "request-1");
  BOOST_TEST(documents.root().items[0].FindText("fpd") == done.fiscal.mark->fpd_1077);
}

BOOST_AUTO_TEST_CASE(ARequestIdStandsForItsTransactionForADay) {
  const auto first = One(Post(Payment(), "one"));
  Processed();
  const auto again = One(Post(Payment(), "one"));
  BOOST_TEST(again.uid == first.uid);
  BOOST_TEST((again.fiscal.state == FiscalState::kDone));
  clock.Advance(std::chrono::hours(24));
  BOOST_TEST(One(Post(Payment(), "one")).uid != first.uid);
}

BOOST_AUTO_TEST_CASE(ALostAnswerIsHadAgainByItsRequestIdOnly) {
  SetFault(R"({"fault":"lose-answer","count":1,"on":"register"})");
  BOOST_TEST(IsDropped(Post(Payment(), "one")));
  Post(Payment(), "one");
  Processed();
  BOOST_TEST(CountPrinted() == 1U);
  Post(Payment(), "two");
  Processed();
  BOOST_TEST(CountPrinted() == 2U);
}

BOOST_AUTO_TEST_CASE(ARefusedRequestDoesNotUseUpItsId) {
  auto wrong = Payment("unknown");
  BOOST_TEST(Post(wrong, "one").status == 400);
  BOOST_TEST(Post(Payment(), "one").status == 200);
}

BOOST_AUTO_TEST_CASE(EverythingIsStillThereAfterACrash) {
  const auto first = One(Post(Payment(), "one"));
  Processed();
  const auto done = Ask(first.uid);
  const auto asked = Paid(Payment("3ds"));
  Restart();
  BOOST_TEST(Ask(first.uid).fiscal.mark->fd_1040 == done.fiscal.mark->fd_1040);
  BOOST_TEST(One(Post(Payment(), "one")).uid == first.uid);
  BOOST_TEST(wire::ReadAnswer(Call(wire::ByTrackingId(account, wire::Api::kCards, "task-7")))
                 .transactions.size() == 2U);
  BOOST_TEST((Ask(asked.uid).payment == PaymentState::kIncomplete));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(ACrashBetweenPaymentAndReceiptPrintsItLater) {
  const auto paid = Paid(Payment());
  Restart();
  Processed();
  BOOST_TEST((Ask(paid.uid).fiscal.state == FiscalState::kDone));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(TokensSayWhatBecomesOfThem) {
  BOOST_TEST((Paid(Payment("decline-1")).payment == PaymentState::kFailed));
  const auto asked = Paid(Payment("3ds-1"));
  BOOST_TEST((asked.payment == PaymentState::kIncomplete));
  BOOST_TEST(asked.redirect_url == "https://gateway.example/process/" + asked.uid);
  const auto later = Paid(Payment("pending-1"));
  BOOST_TEST((later.payment == PaymentState::kPending));
  Processed();
  BOOST_TEST((Ask(later.uid).payment == PaymentState::kSuccessful));
  Processed();
  BOOST_TEST((Ask(later.uid).fiscal.state == FiscalState::kDone));
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(TrackingIdsAreNotUnique) {
  for (int i = 0; i < 12; ++i) Paid(Payment());
  const auto found =
      wire::ReadAnswer(Call(wire::ByTrackingId(account, wire::Api::kCards, "task-7")));
  BOOST_REQUIRE(found.transactions.size() == 10U);
  const auto none = wire::ReadAnswer(Call(wire::ByTrackingId(account, wire::Api::kCards, "other")));
  BOOST_TEST((none.kind == AnswerKind::kTransactions));
  BOOST_TEST(none.transactions.empty());
}

BOOST_AUTO_TEST_CASE(ARefundIsAReceiptOfItsOwn) {
  const auto paid = Paid(Payment());
  auto refund = Next(Operation::kRefund, paid.uid, 400);
  refund.fiscalization = Receipt(400);
  const auto back = Paid(refund);
  BOOST_TEST(back.type == "refund");
  BOOST_TEST(back.parent_uid == paid.uid);
  Processed();
  const auto done = Ask(back.uid);
  BOOST_REQUIRE((done.fiscal.state == FiscalState::kDone));
  BOOST_TEST(done.fiscal.mark->receipt_type_1054 == 2);
  BOOST_TEST(done.fiscal.type == "refund");
  const auto more = wire::ReadAnswer(Post(Next(Operation::kRefund, paid.uid, 701)));
  BOOST_TEST((more.kind == AnswerKind::kRefused));
  BOOST_TEST(more.message == "Amount can't be greater than 700.");
  BOOST_TEST((Paid(Next(Operation::kRefund, paid.uid, 700)).payment == PaymentState::kSuccessful));
}

BOOST_AUTO_TEST_CASE(HeldMoneyIsCapturedOrLetGo) {
  auto hold = Payment();
  hold.operation = Operation::kAuthorization;
  hold.fiscalization.reset();
  const auto held = Paid(hold);
  auto capture = Next(Operation::kCapture, held.uid, 600);
  capture.fiscalization = Receipt(600);
  const auto captured = Paid(capture);
  BOOST_TEST((captured.fiscal.state == FiscalState::kPending));
  BOOST_TEST(Post(Next(Operation::kVoid, held.uid, 501)).status == 422);
  BOOST_TEST(Post(Next(Operation::kVoid, held.uid, 500)).status == 200);
  BOOST_TEST(Post(Next(Operation::kRefund, held.uid, 100)).status == 422);
  BOOST_TEST(Post(Next(Operation::kRefund, captured.uid, 600)).status == 200);
}

BOOST_AUTO_TEST_CASE(AnUnknownParentIsRefusedAsRecorded) {
  const auto response = Post(Next(Operation::kCapture, "nobody", 100));
  BOOST_TEST(response.status == 400);
  BOOST_TEST(response.body ==
             R"({"response":{"message":"Parent uid Parent transaction is not found.",)"
             R"("errors":{"parent_uid":["Parent transaction is not found"]}}})");
}

BOOST_AUTO_TEST_CASE(AllThatIsWrongIsToldAtOnce) {
  const auto older = PostBody("/transactions/payments",
                              R"({"request":{"amount":100,"credit_card":{"token":"t"}}})");
  BOOST_TEST(older.status == 422);
  BOOST_TEST(older.body ==
             R"({"response":{"message":"Currency can't be blank. Description can't be blank.",)"
             R"("errors":{"currency":["can't be blank"],"description":["can't be blank"]}}})");
  const auto third =
      PostBody("/transactions/payments", R"({"request":{}})", {{"X-API-Version", "3"}});
  const auto read = wire::ReadAnswer(third);
  BOOST_TEST(third.status == 422);
  BOOST_TEST(read.code == "E.1025");
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"older_400":1})").status == 200);
  BOOST_TEST(PostBody("/transactions/payments", R"({"request":{}})").status == 400);
}

BOOST_AUTO_TEST_CASE(TheThirdVersionAnswersFlat) {
  const auto made = wire::SubmitRequest(account, Payment(), "r");
  http::Request request = *made;
  request.headers.emplace_back("X-API-Version", "3");
  const auto answer = One(Call(request));
  BOOST_TEST((answer.payment == PaymentState::kSuccessful));
  BOOST_TEST(answer.code == "S.0000");
}

BOOST_AUTO_TEST_CASE(AnExpiredCardIsRefused) {
  const auto response =
      PostBody("/transactions/payments",
               R"({"request":{"amount":100,"currency":"RUB","description":"d","credit_card":)"
               R"({"number":"4200000000000000","exp_month":"01","exp_year":"2010"}}})");
  BOOST_TEST(response.status == 422);
  BOOST_TEST(response.body.find("Date is expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AQuestionWithAContentTypeIsRefused) {
  const auto paid = Paid(Payment());
  http::Request question = wire::ByUid(account, wire::Api::kCards, paid.uid);
  question.headers.emplace_back("Content-Type", "application/json");
  const auto response = Call(question);
  BOOST_TEST(response.status == 400);
  BOOST_TEST(response.body ==
             R"({"response":{"message":"'Content-type' HEADER is not allowed for GET request."}})");
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"strict_get":0})").status == 200);
  BOOST_TEST(Call(question).status == 200);
}

BOOST_AUTO_TEST_CASE(AStrangerIsTurnedAway) {
  wire::Account stranger = account;
  stranger.secret_key = base::Secret("guess");
  const auto response = Call(wire::ByUid(stranger, wire::Api::kCards, "any"));
  BOOST_TEST(response.status == 401);
  SetFault(R"({"fault":"401-storm","count":1})");
  BOOST_TEST(Post(Payment(), "one").status == 401);
  BOOST_TEST(Post(Payment(), "one").status == 200);
}

BOOST_AUTO_TEST_CASE(WhatIsNotThereIsSaidInEachWay) {
  const auto card = wire::ReadAnswer(Call(wire::ByUid(account, wire::Api::kCards, "none")));
  BOOST_TEST((card.kind == AnswerKind::kNotFound));
  BOOST_TEST(card.message == "Record not found");
  const auto other = wire::ReadAnswer(Call(wire::ByUid(account, wire::Api::kAlternative, "none")));
  BOOST_TEST(other.message == "Couldn't find Transaction");
}

BOOST_AUTO_TEST_CASE(AlternativeMethodsPayLaterAndKnowNoRequestId) {
  auto request = Payment("");
  request.method = {{"type", "erip"}};
  const auto first = One(Post(request, "one"));
  BOOST_TEST((first.payment == PaymentState::kPending));
  BOOST_TEST(One(Post(request, "one")).uid != first.uid);
  BOOST_TEST(Call(wire::ByUid(account, wire::Api::kCards, first.uid)).status == 404);
  Processed();
  Processed();
  BOOST_TEST((Ask(first.uid, wire::Api::kAlternative).payment == PaymentState::kSuccessful));
  const auto found =
      wire::ReadAnswer(Call(wire::ByTrackingId(account, wire::Api::kAlternative, "task-7")));
  BOOST_TEST(found.transactions.size() == 2U);
}

BOOST_AUTO_TEST_CASE(ADuplicateIsRefusedIfThatIsSwitchedOn) {
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"duplicate_check":1})").status == 200);
  BOOST_TEST(Post(Payment()).status == 200);
  BOOST_TEST(Post(Payment()).status == 422);
  BOOST_TEST(Post(Payment("another-card")).status == 200);
  clock.Advance(std::chrono::seconds(31));
  BOOST_TEST(Post(Payment()).status == 200);
}

BOOST_AUTO_TEST_CASE(ADeclineIsAFaultToo) {
  SetFault(R"({"fault":"decline","count":1})");
  BOOST_TEST((Paid(Payment()).payment == PaymentState::kFailed));
  Processed();
  BOOST_TEST(CountPrinted() == 0U);
  BOOST_TEST((Paid(Payment()).payment == PaymentState::kSuccessful));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
