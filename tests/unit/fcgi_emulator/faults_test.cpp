#include "fcgi/emulator/faults.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "lib/base/limits.h"

namespace fiscalgate::emulator {
namespace {

constexpr std::array kPaper = {Fault::kPaperOut};

std::string Run(std::uint64_t seed, int rate_millionths, int draws) {
  FaultBox box;
  FaultRule rule;
  rule.fault = Fault::kPaperOut;
  rule.left = FaultRule::kEndless;
  rule.rate_millionths = rate_millionths;
  rule.seed = seed;
  BOOST_REQUIRE(box.Add(rule).ok());
  std::string run;
  for (int i = 0; i < draws; ++i) run += box.Draw(kPaper) ? 'x' : '.';
  return run;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(NamesAreReadAsTheyAreWritten) {
  for (const FaultKind& kind : AllFaults()) {
    BOOST_TEST(FaultName(kind.fault) == kind.name);
    BOOST_TEST((FaultFromName(kind.name) == kind.fault));
  }
  BOOST_TEST(!FaultFromName("fire").has_value());
}

BOOST_AUTO_TEST_CASE(ACountedFaultStrikesThatOften) {
  FaultBox box;
  FaultRule rule;
  rule.fault = Fault::kPaperOut;
  rule.left = 2;
  BOOST_REQUIRE(box.Add(rule).ok());
  BOOST_TEST(!box.Draw(std::array{Fault::kRefuse}).has_value());
  BOOST_TEST(box.Draw(kPaper).has_value());
  BOOST_TEST(box.rules().at(0).left == 1);
  BOOST_TEST(box.Draw(kPaper).has_value());
  BOOST_TEST(!box.Draw(kPaper).has_value());
  BOOST_TEST(box.rules().empty());
}

BOOST_AUTO_TEST_CASE(TheSameSeedGivesTheSameRunEverywhere) {
  const std::string run = Run(42, 300'000, 40);
  BOOST_TEST(run == Run(42, 300'000, 40));
  BOOST_TEST(run != Run(43, 300'000, 40));
  // The generator's numbers are fixed by the C++ standard.
  BOOST_TEST(run == "x..x..........x.xx..x...x........xxx..x.");
}

BOOST_AUTO_TEST_CASE(ARateOfNoneNeverStrikesAndOfOneAlways) {
  BOOST_TEST(Run(1, 0, 20) == std::string(20, '.'));
  BOOST_TEST(Run(1, FaultRule::kAlways, 20) == std::string(20, 'x'));
}

BOOST_AUTO_TEST_CASE(TheOldestRuleStrikesFirst) {
  FaultBox box;
  FaultRule first, second;
  first.fault = second.fault = Fault::kSlow;
  first.delay_ms = 1;
  second.delay_ms = 2;
  BOOST_REQUIRE(box.Add(first).ok());
  BOOST_REQUIRE(box.Add(second).ok());
  BOOST_TEST(box.Draw(std::array{Fault::kSlow})->delay_ms == 1);
  BOOST_TEST(box.Draw(std::array{Fault::kSlow})->delay_ms == 2);
}

BOOST_AUTO_TEST_CASE(RulesAreLimited) {
  FaultBox box;
  for (std::size_t i = 0; i < base::kMaxFaultRules; ++i) BOOST_REQUIRE(box.Add({}).ok());
  BOOST_TEST(!box.Add({}).ok());
  box.Clear();
  BOOST_TEST(box.Add({}).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::emulator
