#include "tests/unit/fcgi_emulator/begateway_fixture.h"

namespace fiscalgate::testing {

using testing::wire::FiscalState;
using testing::wire::PaymentState;

namespace {

struct Fixture : testing::BegatewayFixture {
  static wire::CheckoutRequest Order() {
    wire::CheckoutRequest order;
    order.amount = {1100};
    order.description = "Чай <крепкий>";
    order.tracking_id = "task-8";
    order.success_url = "https://shop.example/ok?x=1";
    order.decline_url = "https://shop.example/no";
    order.cancel_url = "https://shop.example/back";
    order.customer = {{"email", "buyer@example.ru"}};
    order.fiscalization = Receipt(1100);
    return order;
  }
  wire::Checkout Make(const wire::CheckoutRequest& order) {
    const auto request = wire::CheckoutTokenRequest(account, order);
    BOOST_REQUIRE(request.ok());
    const auto answer = wire::ReadAnswer(Call(*request));
    BOOST_REQUIRE((answer.kind == wire::AnswerKind::kCheckout));
    return answer.checkout;
  }
  wire::Checkout Status(const std::string& token) {
    return wire::ReadAnswer(Call(wire::CheckoutStatusRequest(account, token))).checkout;
  }
};

std::string Location(const http::Response& response) {
  return std::string(http::FindHeader(response.headers, "Location"));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_begateway_pages, Fixture)

BOOST_AUTO_TEST_CASE(ABuyerPaysAndIsSentBackToTheShop) {
  const auto made = Make(Order());
  BOOST_TEST(made.redirect_url == "https://gateway.example/v2/checkout?token=" + made.token);
  BOOST_TEST(Status(made.token).status.empty());
  const auto page = Open("/v2/checkout", "token=" + made.token);
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body.find("Чай &lt;крепкий&gt;") != std::string::npos);
  BOOST_TEST(page.body.find("11.00") != std::string::npos);
  BOOST_TEST(page.body.find("<script") == std::string::npos);
  const auto sent = Press("/v2/checkout", "token=" + made.token, "pay");
  BOOST_TEST(sent.status == 303);
  const auto paid = Status(made.token);
  BOOST_TEST(paid.status == "successful");
  BOOST_TEST(Location(sent) == "https://shop.example/ok?x=1&token=" + made.token +
                                   "&status=successful&uid=" + paid.uid);
  Processed();
  BOOST_TEST((Ask(paid.uid).fiscal.state == FiscalState::kDone));
  BOOST_TEST(Ask(paid.uid).tracking_id == "task-8");
}

BOOST_AUTO_TEST_CASE(PressingTwiceOrAfterACrashPaysOnce) {
  const auto made = Make(Order());
  Press("/v2/checkout", "token=" + made.token, "pay");
  Press("/v2/checkout", "token=" + made.token, "pay");
  Restart();
  const std::string uid = Status(made.token).uid;
  Press("/v2/checkout", "token=" + made.token, "decline");
  BOOST_TEST(Status(made.token).status == "successful");
  BOOST_TEST(Status(made.token).uid == uid);
  Processed();
  BOOST_TEST(CountPrinted() == 1U);
}

BOOST_AUTO_TEST_CASE(ABuyerIsDeclinedOrLeaves) {
  const auto declined = Make(Order());
  const auto sent = Press("/v2/checkout", "token=" + declined.token, "decline");
  BOOST_TEST(Location(sent).starts_with("https://shop.example/no?token="));
  BOOST_TEST(Status(declined.token).status == "failed");
  const auto left = Make(Order());
  BOOST_TEST(Location(Press("/v2/checkout", "token=" + left.token, "cancel")) ==
             "https://shop.example/back");
  BOOST_TEST(Status(left.token).uid.empty());
  Processed();
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_CASE(APageEnds) {
  const auto made = Make(Order());
  clock.Advance(std::chrono::hours(24));
  BOOST_TEST(Status(made.token).status == "expired");
  Press("/v2/checkout", "token=" + made.token, "pay");
  BOOST_TEST(Status(made.token).uid.empty());
  BOOST_TEST(Open("/v2/checkout", "token=none").status == 404);
  BOOST_TEST(Press("/v2/checkout", "token=" + made.token, "burn").status == 400);
}

BOOST_AUTO_TEST_CASE(AnUnknownPageIsNotFound) {
  const auto response = Call(wire::CheckoutStatusRequest(account, "none"));
  BOOST_TEST(response.status == 404);
  BOOST_TEST(response.body == R"({"message":"Record not found"})");
}

BOOST_AUTO_TEST_CASE(ThreeDSecureWaitsForTheBuyer) {
  auto request = Payment("3ds");
  request.return_url = "https://shop.example/return";
  const auto asked = Paid(request);
  Processed();
  BOOST_TEST((Ask(asked.uid).fiscal.state == FiscalState::kPending));
  BOOST_TEST(CountPrinted() == 0U);
  BOOST_TEST(Open("/process/" + asked.uid).body.find("confirm") != std::string::npos);
  const auto sent = Press("/process/" + asked.uid, "", "confirm");
  BOOST_TEST(Location(sent) == "https://shop.example/return?status=successful&uid=" + asked.uid);
  Processed();
  BOOST_TEST((Ask(asked.uid).fiscal.state == FiscalState::kDone));
  Press("/process/" + asked.uid, "", "decline");
  BOOST_TEST((Ask(asked.uid).payment == PaymentState::kSuccessful));
}

BOOST_AUTO_TEST_CASE(ThreeDSecureIsDeclinedOrForgotten) {
  const auto refused = Paid(Payment("3ds"));
  Press("/process/" + refused.uid, "", "decline");
  BOOST_TEST((Ask(refused.uid).payment == PaymentState::kFailed));
  const auto declined = Paid(Payment("3ds-decline"));
  Press("/process/" + declined.uid, "", "confirm");
  BOOST_TEST((Ask(declined.uid).payment == PaymentState::kFailed));
  const auto forgotten = Paid(Payment("3ds"));
  clock.Advance(std::chrono::hours(24));
  BOOST_TEST((Ask(forgotten.uid).payment == PaymentState::kExpired));
  Processed();
  BOOST_TEST(CountPrinted() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
