#include "lib/register/virtual_terminal.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/temp_dir.h"

namespace fiscalgate::register_ {
namespace {

struct Fixture {
  Fixture() { Reopen(); }
  void Reopen() {
    terminal.reset();
    auto opened = VirtualTerminal::Open(dir.path(), clock);
    BOOST_REQUIRE(opened.ok());
    terminal = std::move(opened).value();
  }
  testing::TempDir dir;
  testing::FakeClock clock;
  std::unique_ptr<VirtualTerminal> terminal;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(virtual_terminal, Fixture)

BOOST_AUTO_TEST_CASE(APaymentGetsAnRrnAndASlip) {
  const auto slip = terminal->Pay({1234}, "1", "k");
  BOOST_REQUIRE(slip.ok());
  BOOST_TEST(slip->rrn == "632510000001");  // 2026, day 325, 10 o'clock, first
  BOOST_TEST(slip->text.find("=12.34") != std::string::npos);
  BOOST_TEST(slip->text.find(slip->rrn) != std::string::npos);
  const auto next = terminal->Pay({1234}, "2", "k");
  BOOST_REQUIRE(next.ok());
  BOOST_TEST(next->rrn != slip->rrn);
}

BOOST_AUTO_TEST_CASE(AReturnGivesBackNoMoreThanWasPaid) {
  const auto paid = terminal->Pay({1000}, "1", "k");
  BOOST_REQUIRE(paid.ok());
  BOOST_TEST(!terminal->Return({100}, "000000000000", "2", "k").ok());
  BOOST_TEST(!terminal->Return({1001}, paid->rrn, "3", "k").ok());
  BOOST_TEST(terminal->Return({600}, paid->rrn, "4", "k").ok());
  Reopen();
  BOOST_TEST(!terminal->Return({401}, paid->rrn, "5", "k").ok());
  BOOST_TEST(terminal->Return({400}, paid->rrn, "6", "k").ok());
}

BOOST_AUTO_TEST_CASE(NothingIsPaidForNothing) {
  BOOST_TEST(!terminal->Pay({0}, "1", "k").ok());
  BOOST_TEST(!terminal->Pay({-1}, "1", "k").ok());
  BOOST_TEST(terminal->journal().empty());
}

BOOST_AUTO_TEST_CASE(ReconciliationSetsTheTotalsToZero) {
  BOOST_REQUIRE(terminal->Pay({1000}, "1", "k").ok());
  BOOST_TEST(terminal->ShortReport().find("=10.00") != std::string::npos);
  const auto slip = terminal->Reconcile("2", "k");
  BOOST_REQUIRE(slip.ok());
  BOOST_TEST(slip->text.find("=10.00") != std::string::npos);
  Reopen();
  BOOST_TEST(terminal->ShortReport().find("=10.00") == std::string::npos);
  BOOST_TEST(terminal->FullReport().find("ОПЛАТА") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(TheLastOperationIsAPaymentOrAReturn) {
  BOOST_TEST(terminal->LastOperation() == nullptr);
  const auto paid = terminal->Pay({1000}, "1", "k");
  BOOST_REQUIRE(terminal->Reconcile("2", "k").ok());
  BOOST_REQUIRE(terminal->LastOperation() != nullptr);
  BOOST_TEST(terminal->LastOperation()->rrn == paid->rrn);
}

BOOST_AUTO_TEST_CASE(ASlipIsFoundByItsOrderAndCommand) {
  BOOST_REQUIRE(terminal->Pay({1000}, "1", "k").ok());
  Reopen();
  BOOST_REQUIRE(terminal->Find("1", "k") != nullptr);
  BOOST_TEST(terminal->Find("1", "k")->sum.kopecks == 1000);
  BOOST_TEST(terminal->Find("2", "k") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::register_
