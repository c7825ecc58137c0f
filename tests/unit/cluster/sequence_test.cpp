#include "lib/cluster/sequence.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::cluster {
namespace {

BOOST_AUTO_TEST_SUITE(cluster_sequence)

BOOST_AUTO_TEST_CASE(NumbersInOrderAreSeenOnceAndNothingIsMissing) {
  Sequence seen(10);
  BOOST_TEST(seen.Take(11, 100));
  BOOST_TEST(seen.Take(12, 100));
  BOOST_TEST(!seen.Take(12, 100));
  BOOST_TEST(!seen.Take(9, 100));
  BOOST_TEST(seen.unseen().above == 12);
  BOOST_TEST(seen.unseen().missing.empty());
  BOOST_TEST(seen.complete() == 12);
}

BOOST_AUTO_TEST_CASE(WhatAppearsLateIsLookedForAndSeen) {
  Sequence seen(10);
  BOOST_TEST(seen.Take(13, 100));
  BOOST_TEST(seen.unseen().missing == (std::vector<std::int64_t>{11, 12}),
             boost::test_tools::per_element());
  BOOST_TEST(seen.complete() == 10);
  BOOST_TEST(seen.Take(12, 101));
  BOOST_TEST(!seen.Take(12, 101));
  BOOST_TEST(seen.complete() == 10);
  BOOST_TEST(seen.Take(11, 101));
  BOOST_TEST(seen.complete() == 13);
}

BOOST_AUTO_TEST_CASE(AMissingNumberIsWaitedForAsLongAsItsTransactionMayRun) {
  Sequence seen(10);
  BOOST_TEST(seen.Take(12, 100));
  seen.Settle(99);
  BOOST_TEST(seen.complete() == 10);
  seen.Settle(100);
  BOOST_TEST(seen.complete() == 12);
  BOOST_TEST(!seen.Take(11, 100));
}

BOOST_AUTO_TEST_CASE(AJumpOfTheCounterIsSaidOnceAndNotCountedOut) {
  Sequence seen(10);
  BOOST_TEST(seen.Take(std::int64_t{1} << 50, 100));
  BOOST_TEST(seen.TakeJump());
  BOOST_TEST(!seen.TakeJump());
  BOOST_TEST(seen.unseen().missing.empty());
  BOOST_TEST(seen.Take((std::int64_t{1} << 50) + 2, 100));
  BOOST_TEST(seen.unseen().missing.size() == 1U);
}

BOOST_AUTO_TEST_CASE(WhatIsMissingHasALimit) {
  Sequence seen;
  const auto most = static_cast<std::int64_t>(base::kMaxMissingNumbers);
  for (std::int64_t n = 2; n <= 2 * most + 10; n += 2) BOOST_TEST(seen.Take(n, 100));
  BOOST_TEST(seen.unseen().missing.size() <= base::kMaxMissingNumbers);
  BOOST_TEST(seen.TakeJump());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::cluster
