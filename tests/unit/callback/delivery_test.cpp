#include "lib/callback/delivery.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/callback/signature.h"
#include "tests/unit/support/fake_sender.h"

namespace fiscalgate::callback {
namespace {

using http::Delivery;
using std::chrono::seconds;
using store::CallbackState;
using testing::Answered;
using testing::NotAnswered;

constexpr double kMiddle = 0.5;  // no jitter
const base::WallTime kNow = base::FromMillis(1'795'255'200'000);

struct Fixture {
  Fixture() {
    callback.key = 3;
    callback.webhook_id = "01jd7m9q4v8x2c6y0t5r3w1z9k";
    callback.url = "https://shop.example/ok";
    callback.body = "json=%7B%7D";
    shop.code = base::Secret("code");
  }
  std::string Header(std::string_view name) {
    return std::string(http::FindHeader(RequestFor(callback, shop, kNow).headers, name));
  }
  bool Fits(const char* code) {
    return Verify(WebhookKey(base::Secret(code)), callback.webhook_id, base::ToMillis(kNow) / 1000,
                  callback.body, Header("webhook-signature"), base::ToMillis(kNow) / 1000);
  }
  store::Delivered Record(const http::Answer& answer, bool demand = false) {
    return RecordOf(callback, answer, demand, kNow, kMiddle);
  }
  std::int64_t PauseS(const http::Answer& answer) {
    return (Record(answer).due_at - kNow).count() / 1000;
  }
  store::Callback callback;
  task::Shop shop;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(delivery, Fixture)

BOOST_AUTO_TEST_CASE(RequestIsTheSignedForm) {
  const http::Request request = RequestFor(callback, shop, kNow);
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.url == callback.url);
  BOOST_TEST(request.body == callback.body);
  BOOST_TEST(Header("Content-Type") == "application/x-www-form-urlencoded");
  BOOST_TEST(Header("User-Agent") == "Fiscalgate");
  BOOST_TEST(Header("webhook-id") == callback.webhook_id);
  BOOST_TEST(Header("webhook-timestamp") == "1795255200");
  BOOST_TEST(Fits("code"));
  BOOST_TEST(!Fits("other"));
}

BOOST_AUTO_TEST_CASE(BothCodesSignWhileARotationLasts) {
  shop.previous_code = base::Secret("old");
  shop.previous_until = kNow + seconds(1);
  BOOST_TEST(Fits("code"));
  BOOST_TEST(Fits("old"));
  shop.previous_until = kNow;
  BOOST_TEST(Fits("code"));
  BOOST_TEST(!Fits("old"));
}

BOOST_AUTO_TEST_CASE(Only2xxIsDelivery) {
  for (const int status : {200, 201, 204, 299}) {
    BOOST_TEST((Record(Answered(status)).state == CallbackState::kDelivered));
  }
  for (const int status : {100, 301, 302, 304, 400, 404, 410, 429, 500, 503}) {
    BOOST_TEST_CONTEXT(status) {
      const store::Delivered record = Record(Answered(status));
      BOOST_TEST((record.state == CallbackState::kPending));
      BOOST_TEST(record.status == status);
      BOOST_TEST(record.counted);
    }
  }
}

BOOST_AUTO_TEST_CASE(ShopMayDemandAWord) {
  BOOST_TEST((Record(Answered(200, " SUCCESSFUL\r\n"), true).state == CallbackState::kDelivered));
  BOOST_TEST((Record(Answered(200, "ok"), true).state == CallbackState::kPending));
  BOOST_TEST((Record(Answered(200, "NOT SUCCESSFUL"), true).state == CallbackState::kPending));
  BOOST_TEST((Record(Answered(500, "SUCCESSFUL"), true).state == CallbackState::kPending));
}

BOOST_AUTO_TEST_CASE(PausesFollowTheScheduleAndEndInTheDeadLetter) {
  for (const int pause_s : {10, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400}) {
    BOOST_TEST(PauseS(Answered(500)) == pause_s);
    ++callback.attempts;
  }
  const store::Delivered last = Record(Answered(500));
  BOOST_TEST((last.state == CallbackState::kDead));
  BOOST_TEST(last.attempts == 10);
}

BOOST_AUTO_TEST_CASE(RetryAfterIsHonouredWithinItsBounds) {
  const auto asks = [](int status, const std::string& value) {
    return Answered(status, "", {{"Retry-After", value}});
  };
  callback.attempts = 1;  // pause of one minute
  BOOST_TEST(PauseS(asks(503, "90")) == 90);
  BOOST_TEST(PauseS(asks(429, "1")) == 60);
  BOOST_TEST(PauseS(asks(429, "100000")) == 120);
  BOOST_TEST(PauseS(asks(503, "nonsense")) == 60);
  BOOST_TEST(PauseS(asks(500, "90")) == 60);
  BOOST_TEST(PauseS(asks(503, "Sat, 21 Nov 2026 10:01:30 GMT")) == 90);
}

BOOST_AUTO_TEST_CASE(FailureSaysWhatHappened) {
  BOOST_TEST(Record(NotAnswered(Delivery::kNotSent, "refused")).error == "refused");
  BOOST_TEST(Record(NotAnswered(Delivery::kNotSent, "refused")).status == 0);
  BOOST_TEST(Record(Answered(500, "  <h1>Fatal\nerror\x01</h1>\r\n")).error ==
             "<h1>Fatal error </h1>");
}

BOOST_AUTO_TEST_CASE(AnswerIsKeptShortAndReadable) {
  std::string cyrillic = "x";
  while (cyrillic.size() < 10'000) cyrillic += "я";
  const std::string kept = Record(Answered(500, cyrillic)).error;
  BOOST_TEST(kept.size() <= base::kKeptAnswerBytes);
  BOOST_TEST(kept.size() >= base::kKeptAnswerBytes - 1);
  BOOST_TEST(base::IsValidUtf8(kept));
  BOOST_TEST(Record(Answered(500, std::string("a\xff\0b", 4))).error == "a? b");
}

BOOST_AUTO_TEST_CASE(MoveIsNotCounted) {
  callback.attempts = 4;
  const store::Delivered move = MoveOf(callback, kNow + seconds(5), kNow);
  BOOST_TEST(!move.counted);
  BOOST_TEST(move.attempts == 4);
  BOOST_TEST((move.state == CallbackState::kPending));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
