// The provider's own payment page: a token, the buyer, and only then a transaction.
#include "tests/unit/protocol/begateway/talker.h"

namespace fiscalgate::protocol::begateway::testing {
namespace {

using std::chrono::hours;
using task::State;

constexpr char kCheckouts[] = "POST https://checkout.bepaid.by/ctp/api/checkouts";
constexpr char kPage[] = "GET https://checkout.bepaid.by/ctp/api/checkouts/t-1";
constexpr char kByTracking[] =
    "GET https://gateway.bepaid.by/v2/transactions/tracking_id/01jd3q4c5e6f7g8h9jkmnpqrst";
constexpr char kMade[] =
    R"({"checkout":{"token":"t-1","redirect_url":"https://checkout.bepaid.by/v2/checkout?token=t-1"}})";

std::string Page(const std::string& more) {
  return R"({"checkout":{"token":"t-1")" + (more.empty() ? "" : "," + more) + "}}";
}

struct Fixture {
  Fixture() { talk.Next(); }
  void MakePage() {
    talk.Hear(200, kMade);
    talk.Next();
  }
  Talker talk{Payment("")};
};

BOOST_FIXTURE_TEST_SUITE(begateway_page, Fixture)

BOOST_AUTO_TEST_CASE(TheBuyerPaysThereAndTheTransactionIsFoundByThePage) {
  BOOST_TEST(talk.Asked() == kCheckouts);
  const std::string body = talk.ask().request.body;
  BOOST_TEST(body.find(R"("fiscalization":{"external_id":")") != std::string::npos);
  BOOST_TEST(body.find(R"("tracking_id":"01jd3q4c5e6f7g8h9jkmnpqrst")") != std::string::npos);
  talk.Hear(201, kMade);
  BOOST_TEST((talk.later().state == State::kWaiting));
  const std::string address = "https://checkout.bepaid.by/v2/checkout?token=t-1";
  BOOST_TEST(talk.links().payment_url == address);
  talk.Next();
  BOOST_TEST(talk.Asked() == kPage);
  talk.Hear(200, Page(R"("status":"incomplete","finished":false,"expired":false)"));
  BOOST_TEST(talk.links().payment_url == address);
  talk.Next();
  talk.Hear(
      200,
      Page(
          R"("status":"successful","finished":true,"gateway_response":{"payment":{"uid":"p-1"}})"));
  BOOST_TEST(talk.Asked() == "GET https://gateway.bepaid.by/transactions/p-1");
  talk.Hear(200, Said{}.One());
  BOOST_TEST(talk.links().payment_url == "");
  talk.Next();
  talk.Hear(200, Said{.fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(WhatIsNoCardIsFoundAtTheOtherHost) {
  MakePage();
  talk.Hear(200, Page(R"("gateway_response":{"payment":{"uid":"p-1"}})"));
  talk.Hear(404, R"({"response":{"message":"Record not found"}})");
  BOOST_TEST(talk.Asked() == "GET https://api.bepaid.by/beyag/transactions/p-1");
  talk.Hear(200, Said{}.One());
  talk.Next();
  BOOST_TEST(talk.Asked() == "GET https://api.bepaid.by/beyag/transactions/p-1");
}

BOOST_AUTO_TEST_CASE(NobodyPaidIsToldAfterALastLook) {
  for (const char* end : {R"("expired":true)", R"("status":"expired")", R"("status":"error")"}) {
    Talker other{Payment("")};
    other.Next();
    other.Hear(200, kMade);
    other.Next();
    other.Hear(200, Page(end));
    BOOST_TEST(other.Asked() == kByTracking);
    other.Lose();
    other.Next();
    BOOST_TEST(other.Asked() == kByTracking);
    other.Hear(200, List({}));
    BOOST_TEST((other.outcome().state == State::kFailed));
    BOOST_TEST(other.outcome().error_code == "payment_expired");
    BOOST_TEST((other.outcome().commands[1].state == task::CommandState::kNotRun));
    BOOST_TEST(other.links().payment_url == "");
  }
}

BOOST_AUTO_TEST_CASE(APaymentInTheLastSecondIsSeen) {
  MakePage();
  talk.Hear(200, Page(R"("expired":true)"));
  talk.Hear(200, List({{}}));
  BOOST_TEST((talk.later().state == State::kWaiting));
  talk.Next();
  talk.Hear(200, Said{.fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(APageThatIsNotKnownIsNotOverBeforeItsTime) {
  MakePage();
  const std::string unknown = R"({"response":{"message":"Record not found"}})";
  talk.Hear(404, unknown);
  BOOST_TEST((talk.later().state == State::kWaiting));
  talk.now += hours(26);
  talk.Next();
  talk.Hear(404, unknown);
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST((talk.outcome().state == State::kFailed));
}

BOOST_AUTO_TEST_CASE(APageThatIsFinishedWithoutATransactionIsLookedInto) {
  MakePage();
  talk.Hear(200, Page(R"("finished":true,"status":"successful")"));
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST((talk.later().state == State::kWaiting));
  talk.Next();
  BOOST_TEST(talk.Asked() == kPage);
}

BOOST_AUTO_TEST_CASE(ADeclinedPaymentThereEndsTheTask) {
  MakePage();
  talk.Hear(
      200,
      Page(R"("status":"failed","finished":true,"gateway_response":{"payment":{"uid":"p-1"}})"));
  talk.Hear(200, Said{.status = "failed", .fiscal = "none"}.One());
  BOOST_TEST((talk.outcome().state == State::kFailed));
  BOOST_TEST(talk.outcome().error_code == "bank_declined");
}

BOOST_AUTO_TEST_CASE(ABuyerWhoWasDeclinedMayPayWhileThePageIsOpen) {
  const std::string declined =
      Page(R"("status":"failed","finished":false,"gateway_response":{"payment":{"uid":"p-1"}})");
  MakePage();
  talk.Hear(200, declined);
  talk.Hear(200, Said{.status = "failed", .fiscal = "none"}.One());
  BOOST_TEST((talk.later().state == State::kWaiting));
  BOOST_TEST(!talk.links().payment_url.empty());
  talk.Next();
  BOOST_TEST(talk.Asked() == kPage);
  talk.Hear(200, declined);
  BOOST_TEST((talk.later().state == State::kWaiting));
  Talker over = talk;
  over.Next();
  over.Hear(200, Page(R"("finished":true,"gateway_response":{"payment":{"uid":"p-1"}})"));
  BOOST_TEST(over.Asked() == kByTracking);
  over.Hear(200, List({{.status = "failed", .fiscal = "none"}}));
  BOOST_TEST((over.outcome().state == State::kFailed));
  talk.Next();
  talk.Hear(200, Page(R"("finished":true,"gateway_response":{"payment":{"uid":"p-2"}})"));
  BOOST_TEST(talk.Asked() == "GET https://gateway.bepaid.by/transactions/p-2");
  talk.Hear(200, Said{.uid = "p-2", .fiscal = "successful"}.One());
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(ATokenThatWasLostIsMadeAgainUnlessSomebodyPaid) {
  talk.Lose();
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == kCheckouts);
  talk.Lose();
  talk.Next();
  talk.Hear(200, List({{.fiscal = "successful"}}));
  BOOST_TEST((talk.outcome().state == State::kDone));
}

BOOST_AUTO_TEST_CASE(APageWithoutAnAddressIsNone) {
  talk.Hear(200, Page(""));
  BOOST_TEST((talk.later().state == State::kSending));
  talk.Next();
  BOOST_TEST(talk.Asked() == kByTracking);
}

BOOST_AUTO_TEST_CASE(ARetryOfAnExpiredPageIsANewPage) {
  MakePage();
  talk.Hear(200, Page(R"("expired":true)"));
  talk.Hear(200, List({}));
  talk.Retry();
  BOOST_TEST(talk.Asked() == kByTracking);
  talk.Hear(200, List({}));
  BOOST_TEST(talk.Asked() == kCheckouts);
}

BOOST_AUTO_TEST_CASE(AnotherPageOrAnAnswerWithoutOneIsNotUnderstood) {
  MakePage();
  talk.Hear(200, R"({"checkout":{"token":"t-2","expired":true}})");
  BOOST_TEST(!talk.later().reason.empty());
  talk.Next();
  BOOST_TEST(talk.Asked() == kPage);
  talk.Hear(200, Said{.uid = "p-9"}.One());
  BOOST_TEST(!talk.later().reason.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::begateway::testing
