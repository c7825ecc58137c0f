#include <boost/test/unit_test.hpp>
#include <set>

#include "lib/base/clock.h"
#include "lib/base/id.h"
#include "tests/unit/support/fake_clock.h"

namespace fiscalgate::base {
namespace {

BOOST_AUTO_TEST_SUITE(clock_id_test)

BOOST_AUTO_TEST_CASE(UtcIsWrittenWithMilliseconds) {
  BOOST_TEST(FormatUtc(FromMillis(0)) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(FormatUtc(FromMillis(951'827'696'789)) == "2000-02-29T12:34:56.789Z");
  BOOST_TEST(FormatUtc(FromMillis(-1)) == "1969-12-31T23:59:59.999Z");
  BOOST_TEST(FormatUtc(testing::FakeClock().Now()) == "2026-11-21T10:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(MillisAndBack) {
  BOOST_TEST(ToMillis(FromMillis(1'795'255'200'123)) == 1'795'255'200'123);
}

BOOST_AUTO_TEST_CASE(MonotonicTimeDoesNotGoBack) {
  const SystemClock clock;
  const MonoTime first = clock.Mono();
  BOOST_TEST((clock.Mono() >= first));
}

BOOST_AUTO_TEST_CASE(IdsSortByTimeAndDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(NewId(FromMillis(1'795'255'200'000)));
  BOOST_TEST(ids.size() == 1000u);
  BOOST_TEST(*ids.rbegin() < NewId(FromMillis(1'795'255'200'001)));
  for (const std::string& id : ids) BOOST_TEST(LooksLikeId(id));
}

BOOST_AUTO_TEST_CASE(OnlyIdsLookLikeIds) {
  const std::string id = "01arz3ndektsv4rrffq69g5fav";
  BOOST_TEST(LooksLikeId(id));
  for (const std::string_view text :
       {"", "01arz3ndektsv4rrffq69g5fa", "01arz3ndektsv4rrffq69g5favx",
        "81arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fau",
        "01arz3ndektsv4rrffq69g5fa\xD0"}) {
    BOOST_TEST(!LooksLikeId(text), text);
    BOOST_TEST(DecodeBase32(text).empty(), text);
  }
}

BOOST_AUTO_TEST_CASE(Base32IsABijection) {
  const std::string zero(16, '\0'), ones(16, '\xFF');
  BOOST_TEST(EncodeBase32(zero) == "00000000000000000000000000");
  BOOST_TEST(EncodeBase32(ones) == "7zzzzzzzzzzzzzzzzzzzzzzzzz");
  BOOST_TEST(DecodeBase32(EncodeBase32(zero)) == zero);
  BOOST_TEST(DecodeBase32(EncodeBase32(ones)) == ones);
  const std::string id = NewId(FromMillis(123'456'789));
  BOOST_TEST(EncodeBase32(DecodeBase32(id)) == id);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::base
