#include "lib/base/text.h"
#include "tests/unit/fcgi_emulator/begateway_fixture.h"

namespace fiscalgate::testing {

using testing::Answered;
using testing::wire::FiscalState;
using testing::wire::Genuineness;

namespace {

struct Fixture : testing::BegatewayFixture {
  wire::Transaction PayNotified() {
    auto request = Payment();
    request.notification_url = "http://shop.example/notify";
    return Paid(request);
  }
  void Pass(base::Milliseconds time) {
    clock.Advance(time);
    gateway->Turn();
  }
  Genuineness Judge(std::size_t index, bool by_key = true) {
    const auto key = base::RsaPublicKey::Load(public_key_text);
    BOOST_REQUIRE(key.ok());
    const http::Request request = sender->at(index).request;
    return wire::CheckNotification(request.headers, request.body, account,
                                   by_key ? &*key : nullptr);
  }
  wire::Transaction Told(std::size_t index) {
    const auto told = wire::ReadNotification(sender->at(index).request.body);
    BOOST_REQUIRE(told.has_value());
    return *told;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emulator_begateway_notifications, Fixture)

BOOST_AUTO_TEST_CASE(AShopIsToldOfThePaymentAndOfTheReceipt) {
  const auto paid = PayNotified();
  gateway->Turn();
  BOOST_REQUIRE(sender->count() == 1U);
  sender->AnswerLast(Answered(200));
  BOOST_TEST(sender->at(0).request.url == "http://shop.example/notify");
  BOOST_TEST(Told(0).uid == paid.uid);
  BOOST_TEST((Told(0).fiscal.state == FiscalState::kPending));
  BOOST_TEST((Judge(0) == Genuineness::kGenuine));
  BOOST_TEST((Judge(0, false) == Genuineness::kGenuine));
  // Nobody asks, and yet it is printed.
  Pass(base::Milliseconds(300));
  BOOST_REQUIRE(sender->count() == 2U);
  BOOST_TEST((Told(1).fiscal.state == FiscalState::kDone));
  Pass(std::chrono::hours(1));
  BOOST_TEST(sender->count() == 2U);
}

BOOST_AUTO_TEST_CASE(ItIsRepeatedWithGrowingPausesUntilTheShopTakesIt) {
  SetFault(R"({"fault":"no-notification","count":1})");
  const auto paid = PayNotified();
  Pass(base::Milliseconds(300));
  BOOST_REQUIRE(sender->count() == 1U);
  sender->AnswerLast(Answered(500));
  Pass(base::Milliseconds(999));
  BOOST_TEST(sender->count() == 1U);
  Pass(base::Milliseconds(1));
  BOOST_TEST(sender->count() == 2U);
  sender->AnswerLast(testing::NotAnswered(http::Delivery::kNotSent, "refused"));
  Pass(base::Milliseconds(2000));
  BOOST_TEST(sender->count() == 3U);
  sender->AnswerLast(Answered(204));
  Pass(std::chrono::hours(1));
  BOOST_TEST(sender->count() == 3U);
  BOOST_TEST(Told(2).uid == paid.uid);
  BOOST_TEST(View("/emulator/notifications").root().items.size() == 3U);
}

BOOST_AUTO_TEST_CASE(ItIsGivenUpInTheEnd) {
  PayNotified();
  gateway->Turn();
  for (int i = 0; i < 20; ++i) {
    while (sender->open() > 0) sender->AnswerAll("http", Answered(503));
    Pass(std::chrono::minutes(10));
  }
  BOOST_TEST(sender->count() == 2U * emulator::begateway::Notifier::kMaxAttempts);
}

BOOST_AUTO_TEST_CASE(FaultsMakeItComeTwiceOrWronglySigned) {
  SetFault(R"({"fault":"duplicate-notification","count":1})");
  PayNotified();
  gateway->Turn();
  BOOST_REQUIRE(sender->count() == 2U);
  BOOST_TEST(sender->at(0).request.body == sender->at(1).request.body);
  SetFault(R"({"fault":"wrong-signature","count":1})");
  PayNotified();
  gateway->Turn();
  BOOST_REQUIRE(sender->count() == 3U);
  BOOST_TEST((Judge(2) == Genuineness::kWrongSignature));
  BOOST_TEST((Judge(2, false) == Genuineness::kWrongPassword));
  sender->AnswerLast(Answered(401));
  Pass(base::Milliseconds(1000));
  BOOST_TEST((Judge(sender->count() - 1) == Genuineness::kGenuine));
}

BOOST_AUTO_TEST_CASE(AnOlderOneMayComeAfterANewerOne) {
  SetFault(R"({"fault":"reordered-notification","count":1})");
  PayNotified();
  Pass(base::Milliseconds(300));
  BOOST_REQUIRE(sender->count() == 1U);
  BOOST_TEST((Told(0).fiscal.state == FiscalState::kDone));
  Pass(base::Milliseconds(700));
  BOOST_REQUIRE(sender->count() == 2U);
  BOOST_TEST((Told(1).fiscal.state == FiscalState::kPending));
}

BOOST_AUTO_TEST_CASE(TheShopMayAskToBeToldAgain) {
  const auto paid = PayNotified();
  BOOST_TEST(PostBody("/transactions/" + paid.uid + "/renotify", R"({"request":{}})").status ==
             200);
  gateway->Turn();
  BOOST_TEST(sender->count() == 2U);
}

BOOST_AUTO_TEST_CASE(ThePublicKeyIsShown) {
  const auto shown = Control("GET", "/emulator/public-key");
  BOOST_TEST(shown.status == 200);
  const auto key = base::RsaPublicKey::Load(shown.body);
  BOOST_REQUIRE(key.ok());
  PayNotified();
  gateway->Turn();
  const auto& request = sender->at(0).request;
  const auto signature =
      base::Base64DecodeLenient(http::FindHeader(request.headers, "Content-Signature"));
  BOOST_REQUIRE(signature.has_value());
  BOOST_TEST(key->Verify(request.body, *signature));
}

BOOST_AUTO_TEST_CASE(AKeyIsMadeOnceAndKept) {
  std::filesystem::remove(dir.File("notification.key"));
  Restart();
  const std::string first = Control("GET", "/emulator/public-key").body;
  Restart();
  BOOST_TEST(Control("GET", "/emulator/public-key").body == first);
  const auto mode = std::filesystem::status(dir.File("notification.key")).permissions();
  BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::testing
