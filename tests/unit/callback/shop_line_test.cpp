#include "lib/callback/shop_line.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::callback {
namespace {

std::size_t Fill(Places& places, Standing standing) {
  std::size_t taken = 0;
  while (places.Has(standing)) {
    places.Take(standing);
    ++taken;
  }
  return taken;
}

const MonoTime kNow{std::chrono::minutes(10)};

}  // namespace

BOOST_AUTO_TEST_SUITE(shop_line)

BOOST_AUTO_TEST_CASE(SuspectsCannotTakeThePlacesOfOthers) {
  Places places;
  BOOST_TEST(Fill(places, Standing::kSuspect) == base::kMaxSuspectCallbacks);
  BOOST_TEST(Fill(places, Standing::kUnproven) ==
             base::kMaxUnprovenCallbacks - base::kMaxSuspectCallbacks);
  BOOST_TEST(Fill(places, Standing::kProven) ==
             base::kMaxCallbacksInFlight - base::kMaxUnprovenCallbacks);
}

BOOST_AUTO_TEST_CASE(ProvenMayTakeAllPlaces) {
  Places places;
  BOOST_TEST(Fill(places, Standing::kProven) == base::kMaxCallbacksInFlight);
  places.Give(Standing::kProven);
  BOOST_TEST(places.Has(Standing::kSuspect));
}

BOOST_AUTO_TEST_CASE(ShopGetsItsSecondPlaceByADelivery) {
  ShopLine line(1);
  line.Sent();
  BOOST_TEST(!line.HasPlace());
  line.Ended(true);
  line.Sent();
  BOOST_TEST(line.HasPlace());
  line.Sent();
  BOOST_TEST(!line.HasPlace());
  line.Ended(false);
  BOOST_TEST(!line.HasPlace());
  BOOST_TEST((line.standing() == Standing::kSuspect));
}

BOOST_AUTO_TEST_CASE(ReadyShopsComeOnceEachAndOnlyWithAPlace) {
  ShopLines lines;
  Places places;
  for (int key = 1; key <= 3; ++key) {
    lines.MakeReady(lines.At(key));
    lines.MakeReady(lines.At(key));
  }
  int count = 0;
  while (lines.Next(places) != nullptr) ++count;
  BOOST_TEST(count == 3);
  lines.MakeReady(lines.At(1));
  Fill(places, Standing::kUnproven);
  BOOST_TEST(!lines.HasReady(places));
  BOOST_TEST((lines.Next(places) == nullptr));
}

BOOST_AUTO_TEST_CASE(StandingsTakeTurns) {
  ShopLines lines;
  Places places;
  for (int key = 1; key <= 9; ++key) {
    ShopLine& line = lines.At(key);
    if (key > 3) {
      line.Sent();
      line.Ended(key > 6);
    }
    lines.MakeReady(line);
  }
  std::array<int, kStandings> seen{};
  for (int i = 0; i < 3; ++i) ++seen[static_cast<std::size_t>(lines.Next(places)->standing())];
  BOOST_TEST((seen == std::array<int, kStandings>{1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(ShopWithAllItsPlacesTakenIsNotReady) {
  ShopLines lines;
  ShopLine& line = lines.At(1);
  line.Sent();
  lines.MakeReady(line);
  BOOST_TEST(!lines.HasReady(Places()));
}

BOOST_AUTO_TEST_CASE(ShopWakesAtItsTime) {
  ShopLines lines;
  const Places places;
  lines.WakeAt(lines.At(1), kNow);
  lines.WakeDue(kNow - Milliseconds(1));
  BOOST_TEST(!lines.HasReady(places));
  lines.WakeDue(kNow);
  BOOST_TEST(lines.HasReady(places));
  BOOST_TEST(!lines.Earliest().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::callback
