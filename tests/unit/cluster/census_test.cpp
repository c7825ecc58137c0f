#include "lib/cluster/census.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "lib/base/limits.h"

namespace fiscalgate::cluster {
namespace {

using base::MonoTime;
using std::chrono::milliseconds;
using Nodes = std::vector<store::Node>;

MonoTime At(std::int64_t ms) { return MonoTime(milliseconds(ms)); }
store::Node NodeOf(const std::string& token, std::int64_t renewals) {
  return {token, "host", "1", renewals};
}

// Looks every kNodeLookPause at nodes that stay as they are, up to the time; gives that time.
MonoTime LookUntil(Census* census, const Nodes& nodes, MonoTime from, milliseconds for_so_long) {
  MonoTime now = from;
  for (; now - from < for_so_long; now += base::kNodeLookPause) census->See(nodes, now);
  census->See(nodes, now);
  return now;
}

BOOST_AUTO_TEST_SUITE(cluster_census)

BOOST_AUTO_TEST_CASE(WhoCountsUpIsNotSilent) {
  Census census;
  MonoTime now = At(0);
  for (int i = 0; i < 100; ++i, now += base::kNodeLookPause) {
    census.See({NodeOf("a", i / 3), NodeOf("b", i / 3)}, now);
    BOOST_TEST(census.Silent("a", now).empty());
  }
}

BOOST_AUTO_TEST_CASE(WhoStandsStillIsSilentAfterItsTimeAndNotBefore) {
  Census census;
  const Nodes nodes = {NodeOf("a", 5), NodeOf("b", 7)};
  MonoTime now = LookUntil(&census, nodes, At(0), base::kNodeSilence - base::kNodeLookPause);
  BOOST_TEST(census.Silent("a", now).empty());
  now = LookUntil(&census, nodes, now, base::kNodeLookPause);
  const Nodes silent = census.Silent("a", now);
  BOOST_REQUIRE(silent.size() == 1U);
  BOOST_TEST(silent[0].token == "b");
  BOOST_TEST(silent[0].renewals == 7);
}

BOOST_AUTO_TEST_CASE(WhoWasPausedHasSeenNobodysSilence) {
  Census census;
  const Nodes nodes = {NodeOf("a", 5), NodeOf("b", 7)};
  census.See(nodes, At(0));
  const MonoTime woken = At(60'000);
  census.See(nodes, woken);
  BOOST_TEST(census.Silent("a", woken).empty());
  BOOST_TEST(census.Silent("a", LookUntil(&census, nodes, woken, base::kNodeSilence)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(WhileTheStoreIsAwayNobodyGrowsSilent) {
  Census census;
  const Nodes nodes = {NodeOf("a", 5), NodeOf("b", 7)};
  const MonoTime now = LookUntil(&census, nodes, At(0), base::kNodeSilence / 2);
  census.SeeNothing();
  const MonoTime later = LookUntil(&census, nodes, now, base::kNodeSilence / 2);
  BOOST_TEST(census.Silent("a", later).empty());
}

BOOST_AUTO_TEST_CASE(AllAgreeOnOwnersAndANewNodeTakesOnlyItsShare) {
  Census two, three;
  two.See({NodeOf("aa", 0), NodeOf("bb", 0)}, At(0));
  three.See({NodeOf("aa", 0), NodeOf("bb", 0), NodeOf("cc", 0)}, At(0));
  std::map<std::string, int> share;
  for (std::int64_t lane = 1; lane <= 3000; ++lane) {
    const std::string owner = three.OwnerOf(lane);
    ++share[owner];
    if (owner != "cc") BOOST_TEST(two.OwnerOf(lane) == owner);
  }
  for (const auto& [token, lanes] : share) BOOST_TEST_CONTEXT(token) {
      BOOST_TEST(lanes > 800);
      BOOST_TEST(lanes < 1200);
    }
  BOOST_TEST(Census().OwnerOf(1).empty());
}

BOOST_AUTO_TEST_CASE(ItSaysWhetherThereAreOthersThanBefore) {
  Census census;
  BOOST_TEST(census.See({NodeOf("a", 0)}, At(0)));
  BOOST_TEST(!census.See({NodeOf("a", 1)}, At(500)));
  BOOST_TEST(census.See({NodeOf("b", 1)}, At(1000)));
  BOOST_TEST(census.See({NodeOf("a", 0), NodeOf("b", 1)}, At(1500)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::cluster
