// The small parts of the gateway: error table, rate, disk, directory, query, janitor, health,
// metrics.
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>

#include "fcgi/error_reply.h"
#include "fcgi/handlers/health.h"
#include "fcgi/janitor.h"
#include "fcgi/query.h"
#include "tests/unit/fcgi/gateway_fixture.h"

namespace fiscalgate {

BOOST_AUTO_TEST_SUITE(ErrorReplyTest)

BOOST_AUTO_TEST_CASE(EveryCodeHasAStatusANameAndTextInBothLanguages) {
  for (std::size_t i = 0; i < Intake::kCodes; ++i) {
    const auto code = static_cast<base::Code>(i);
    BOOST_TEST(HttpStatus(code) >= 400);
    BOOST_TEST(!CodeName(code).empty());
    BOOST_TEST(CodeText(code, base::Language::kRussian) !=
               CodeText(code, base::Language::kEnglish));
  }
}

BOOST_AUTO_TEST_CASE(RefusalHasTheDocumentedShape) {
  const http::Response response = ErrorResponse(base::Code::kInvalid, base::Language::kEnglish,
                                                {{"/0/data", "missing", "is \"missing\""}});
  BOOST_TEST(response.status == 422);
  BOOST_TEST(response.body ==
             R"({"result":false,"code":"invalid","error":"The receipt is not valid",)"
             R"("errors":[{"path":"/0/data","code":"missing","message":"is \"missing\""}]})");
  BOOST_TEST(http::FindHeader(response.headers, "Retry-After").empty());
}

BOOST_AUTO_TEST_CASE(WhoShallComeAgainIsToldWhen) {
  for (const auto code : {base::Code::kUnavailable, base::Code::kRateLimited}) {
    const auto response = ErrorResponse(code, base::Language::kRussian, {}, 7);
    BOOST_TEST(http::FindHeader(response.headers, "Retry-After") == "7");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(RateLimiterTest)

BOOST_AUTO_TEST_CASE(BurstIsOneSecondsWorthAndFillsEvenly) {
  testing::FakeClock clock;
  RateLimiter limiter(clock);
  for (int i = 0; i < 5; ++i) BOOST_TEST(limiter.Allow(1, 5));
  BOOST_TEST(!limiter.Allow(1, 5));
  BOOST_TEST(limiter.Allow(2, 5));
  clock.Advance(std::chrono::milliseconds(199));
  BOOST_TEST(!limiter.Allow(1, 5));
  clock.Advance(std::chrono::milliseconds(1));
  BOOST_TEST(limiter.Allow(1, 5));
  clock.Advance(std::chrono::hours(24));
  for (int i = 0; i < 5; ++i) BOOST_TEST(limiter.Allow(1, 5));
  BOOST_TEST(!limiter.Allow(1, 5));
}

BOOST_AUTO_TEST_CASE(RateOfZeroHasNoLimit) {
  testing::FakeClock clock;
  RateLimiter limiter(clock);
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(limiter.Allow(1, 0));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(DiskGuardTest)

BOOST_AUTO_TEST_CASE(ThereIsRoomDownToTheMinimum) {
  testing::TempDir dir;
  DiskGuard guard(dir.path(), 1);
  BOOST_TEST(guard.HasRoom());
  BOOST_TEST(guard.free_bytes() > 1u);
  guard.set_min_free_bytes(~std::uint64_t{0});
  guard.Check();
  BOOST_TEST(!guard.HasRoom());
  guard.set_min_free_bytes(0);
  guard.Check();
  BOOST_TEST(guard.HasRoom());
}

BOOST_AUTO_TEST_CASE(FolderThatIsGoneHasNoRoom) {
  DiskGuard guard("/nonexistent/folder", 1);
  BOOST_TEST(!guard.HasRoom());
}

BOOST_AUTO_TEST_CASE(FolderOfAStoreIsWhereItsFileStands) {
  BOOST_TEST(FolderOfStore("sqlite:/var/lib/x/y.db") == "/var/lib/x");
  BOOST_TEST(FolderOfStore("sqlite:/y.db") == "/");
  BOOST_TEST(FolderOfStore("sqlite:y.db") == ".");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(DirectoryCacheTest, testing::GatewayFixture)

BOOST_AUTO_TEST_CASE(PollTakesAChangeAndTellsOfIt) {
  directory.Poll();
  BOOST_TEST(directory_changes == 0);
  task::Shop late;
  late.account_id = "late";
  late.code = base::Secret("x");
  BOOST_REQUIRE(store.AddShop(late).ok());
  BOOST_TEST(directory.Current()->FindShop("late") == nullptr);
  directory.Poll();
  BOOST_TEST(directory.Current()->FindShop("late") != nullptr);
  BOOST_TEST(directory_changes == 1);
}

BOOST_AUTO_TEST_CASE(MissesLookAtOnceButNotMoreOftenThanTheyMay) {
  directory.Poll();
  for (int i = 0; i < DirectoryCache::kMaxLooksPerSecond; ++i) directory.LookAgain();
  task::Shop late;
  late.account_id = "late";
  late.code = base::Secret("x");
  BOOST_REQUIRE(store.AddShop(late).ok());
  BOOST_TEST(directory.LookAgain()->FindShop("late") == nullptr);
  clock.Advance(std::chrono::seconds(1));
  BOOST_TEST(directory.LookAgain()->FindShop("late") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(QueryTest)

BOOST_AUTO_TEST_CASE(FieldsAreDecodedAndNumbersChecked) {
  const Query query("a=1%202&n=42&big=99&bad=4x");
  BOOST_TEST(query.Text("a") == "1 2");
  BOOST_TEST(query.Text("none").empty());
  BOOST_TEST(query.Int("n", 7, 0, 50).value() == 42);
  BOOST_TEST(query.Int("none", 7, 0, 50).value() == 7);
  BOOST_TEST(!query.Int("big", 7, 0, 50).has_value());
  BOOST_TEST(!query.Int("bad", 7, 0, 50).has_value());
  BOOST_TEST(Query("a=%zz").Text("a").empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(JanitorTest)

BOOST_AUTO_TEST_CASE(ChoresRunAgainAndAgainUntilStopped) {
  std::mutex mutex;
  std::condition_variable ran;
  int often = 0, seldom = 0;
  Janitor janitor;
  janitor.Every(std::chrono::milliseconds(1), [&] {
    std::lock_guard lock(mutex);
    ++often;
    ran.notify_all();
  });
  janitor.Every(std::chrono::hours(1), [&] {
    std::lock_guard lock(mutex);
    ++seldom;
  });
  janitor.Start();
  {
    std::unique_lock lock(mutex);
    ran.wait(lock, [&] { return often >= 5; });
  }
  janitor.Stop();
  BOOST_TEST(seldom == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(HealthTest)

BOOST_AUTO_TEST_CASE(ReadinessNamesWhatIsInTheWay) {
  std::vector<std::string> reasons;
  Readiness readiness([&] { return reasons; });
  BOOST_TEST(testing::GatewayFixture::Ask(readiness, {}).status == 200);
  reasons = {"disk_full"};
  const http::Response response = testing::GatewayFixture::Ask(readiness, {});
  BOOST_TEST(response.status == 503);
  BOOST_TEST(response.body == R"({"ready":false,"reasons":["disk_full"]})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate
