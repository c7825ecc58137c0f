#include "lib/protocol/begateway/mapping_table.h"
#include "tests/unit/fcgi_emulator/begateway_fixture.h"

namespace fiscalgate::testing {

using testing::wire::FiscalState;
using testing::wire::PaymentState;

namespace {

std::string Body(std::string_view positions,
                 std::string_view customer = R"({"phone":"+79161234567"})",
                 std::string_view currency = "RUB") {
  return R"({"request":{"amount":1100,"currency":")" + std::string(currency) +
         R"(","description":"d","credit_card":{"token":"t"},"customer":)" + std::string(customer) +
         R"(,"fiscalization":{"operator":"MAIN","positions":)" + std::string(positions) + "}}}";
}

std::string Position(std::string_view more, std::string_view amount = "1100") {
  return R"([{"name":"Чай","type":"product","amount":)" + std::string(amount) + "," +
         std::string(more) + "}]";
}

constexpr std::string_view kFine = R"("quantity":1.0,"untaxed":true)";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_begateway_fiscal, testing::BegatewayFixture)

BOOST_AUTO_TEST_CASE(WhatTheDocumentsDemandIsDemanded) {
  const std::pair<std::string, std::string_view> kWrong[] = {
      {Body(Position(kFine, "1000")), "must be equal to the amount"},
      {Body(Position(kFine), "{}"), "email or phone can't be blank"},
      {Body(Position(kFine), R"({"phone":"1"})", "USD"), "must be RUB"},
      {Body("[]"), "\"positions\":[\"can't be blank\"]"},
      {Body(Position(R"("quantity":1.0,"untaxed":false)")), "\"taxes\":[\"can't be blank\"]"},
      {Body(Position(R"("quantity":1.0,"taxes":[{"percent":"18"}])")), "not included in the list"},
      {Body(Position(R"("untaxed":true)")), "\"quantity\":[\"can't be blank\"]"},
      {Body(Position(R"("quantity":0,"untaxed":true)")), "\"quantity\":[\"is invalid\"]"},
      {Body(Position(R"("quantity":1,"untaxed":true,"pay_type":"later")")), "pay_type"},
      {Body(Position(R"("quantity":1,"untaxed":true,"pay_method":"shells")")), "pay_method"},
  };
  for (const auto& [body, words] : kWrong) {
    const auto response = PostBody("/transactions/payments", body);
    BOOST_TEST(response.status == 422, body);
    BOOST_TEST(response.body.find(words) != std::string::npos, response.body);
  }
  BOOST_TEST(PostBody("/transactions/payments", Body(Position(kFine))).status == 200);
}

BOOST_AUTO_TEST_CASE(ItTellsWhatARegisterMustHaveConfirmed) {
  const auto mapping = protocol::Mapping::Make(protocol::begateway::Table(),
                                               Control("GET", "/emulator/mapping").body);
  BOOST_REQUIRE(mapping.ok());
  BOOST_TEST(mapping->IsConfirmed(1023, protocol::kCarried));
  BOOST_TEST(mapping->Find(1055, 2).is_left_out);
  BOOST_TEST(mapping->Find(1199, 11).value == "22");
  BOOST_TEST(mapping->Find(1212, 33).value == "product_marked");
}

BOOST_AUTO_TEST_CASE(WithoutTheInnNothingIsFiscalised) {
  BOOST_TEST(Control("POST", "/emulator/settings", R"({"tax_id":0})").status == 200);
  const auto response = Post(Payment());
  BOOST_TEST(response.status == 422);
  BOOST_TEST(response.body.find("tax_id") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AHoldHasNoReceipt) {
  auto hold = Payment();
  hold.operation = wire::Operation::kAuthorization;
  BOOST_TEST(Post(hold).status == 422);
}

BOOST_AUTO_TEST_CASE(ThePriceIsMadeOfAmountAndQuantity) {
  const auto paid =
      One(PostBody("/transactions/payments", Body(Position(R"("quantity":2.5,"untaxed":true)"))));
  Processed();
  const auto done = Ask(paid.uid);
  BOOST_REQUIRE((done.fiscal.state == FiscalState::kDone));
  BOOST_TEST(done.fiscal.receipt_info.find(R"("price":4.4,"quantity":2.5,)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(APriceThatDoesNotComeToTheAmountIsNotPrinted) {
  const auto paid =
      One(PostBody("/transactions/payments", Body(Position(R"("quantity":7,"untaxed":true)"))));
  BOOST_TEST((paid.payment == PaymentState::kSuccessful));
  Processed();
  const auto failed = Ask(paid.uid);
  BOOST_TEST((failed.payment == PaymentState::kSuccessful));
  BOOST_TEST((failed.fiscal.state == FiscalState::kFailed));
  BOOST_TEST(!failed.fiscal.message.empty());
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(AReceiptMayFailOrExpireThoughThePaymentIsDone) {
  SetFault(R"({"fault":"error","count":1,"text":"Закончилась бумага"})");
  const auto first = Paid(Payment());
  SetFault(R"({"fault":"expire-524","count":1})");
  const auto second = Paid(Payment());
  Processed();
  BOOST_TEST((Ask(first.uid).payment == PaymentState::kSuccessful));
  BOOST_TEST((Ask(first.uid).fiscal.state == FiscalState::kFailed));
  BOOST_TEST(Ask(first.uid).fiscal.message == "Закончилась бумага");
  BOOST_TEST((Ask(second.uid).fiscal.state == FiscalState::kError));
  BOOST_TEST(Ask(second.uid).fiscal.status == "expired");
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(AListInPlaceOfFiscalizationIsNone) {
  const auto paid = One(PostBody(
      "/transactions/payments",
      R"({"request":{"amount":"100","currency":"RUB","description":"d","credit_card":{"token":"t"},)"
      R"("additional_data":{"fiscalization":[]}}})"));
  BOOST_TEST((paid.fiscal.state == FiscalState::kNone));
}

BOOST_AUTO_TEST_CASE(CashAndNoCashMayStandInOneReceipt) {
  const std::string two =
      R"([{"name":"a","type":"service","amount":600,"quantity":1,"untaxed":true,"pay_method":"full_cash"},)"
      R"({"name":"b","type":"product","amount":500,"quantity":1,"taxes":[{"percent":"20"}]}])";
  const auto paid = One(PostBody("/transactions/payments", Body(two)));
  Processed();
  const auto done = Ask(paid.uid);
  BOOST_REQUIRE((done.fiscal.state == FiscalState::kDone));
  BOOST_TEST(done.fiscal.receipt_info.find(
                 R"("payments":[{"type":1,"amount":6.0},{"type":2,"amount":5.0}])") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
