#include "lib/metrics/metrics.h"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <thread>

namespace fiscalgate::metrics {

namespace {

bool Has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(NewMetricsShowZerosNotGaps) {
  const std::string text = Metrics().Render();
  BOOST_TEST(Has(text, "fiscalgate_accepted_total 0"));
  BOOST_TEST(Has(text, "fiscalgate_attempts_total{result=\"no_answer\"} 0"));
  BOOST_TEST(Has(text, "fiscalgate_outcomes_total{state=\"unknown\"} 0"));
  BOOST_TEST(Has(text, "fiscalgate_unknown_tasks 0"));
  BOOST_TEST(Has(text, "fiscalgate_create_receipt_duration_seconds_count 0"));
}

BOOST_AUTO_TEST_CASE(TotalsAreShownAsGivenHoweverOften) {
  Metrics metrics;
  Totals totals;
  totals.accepted = 3;
  totals.refused = {{"invalid", 2}, {"conflict", 1}};
  totals.attempts_answered = 5;
  totals.callbacks_dead = 4;
  metrics.SetTotals(totals);
  metrics.SetTotals(totals);
  totals.accepted = 7;
  metrics.SetTotals(totals);
  const std::string text = metrics.Render();
  BOOST_TEST(Has(text, "fiscalgate_accepted_total 7"));
  BOOST_TEST(Has(text, "fiscalgate_refused_total{code=\"invalid\"} 2"));
  BOOST_TEST(Has(text, "fiscalgate_refused_total{code=\"conflict\"} 1"));
  BOOST_TEST(Has(text, "fiscalgate_attempts_total{result=\"answered\"} 5"));
  BOOST_TEST(Has(text, "fiscalgate_callbacks_dead_lettered_total 4"));
}

BOOST_AUTO_TEST_CASE(CounterNeverFalls) {
  Metrics metrics;
  Totals totals;
  totals.done = 3;
  metrics.SetTotals(totals);
  totals.done = 2;
  metrics.SetTotals(totals);
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_outcomes_total{state=\"done\"} 3"));
}

BOOST_AUTO_TEST_CASE(LaneThatIsGoneIsNoLongerShown) {
  Metrics metrics;
  Gauges gauges;
  gauges.lanes = {{"till one", 4}, {"till \"two\"", 1}};
  metrics.SetGauges(gauges);
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_lane_tasks{register=\"till one\"} 4"));
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_lane_tasks{register=\"till \\\"two\\\"\"} 1"));
  gauges.lanes = {{"till one", 0}};
  metrics.SetGauges(gauges);
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_lane_tasks{register=\"till one\"} 0"));
  BOOST_TEST(metrics.Render().find("two") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(GaugesRiseAndFall) {
  Metrics metrics;
  Gauges gauges;
  gauges.unknown = 2;
  gauges.oldest_unknown_seconds = 61.5;
  gauges.parked_requests = 20'000;
  metrics.SetGauges(gauges);
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_oldest_unknown_age_seconds 61.5"));
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_parked_requests 20000"));
  metrics.SetGauges({});
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_unknown_tasks 0"));
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_oldest_unknown_age_seconds 0"));
}

BOOST_AUTO_TEST_CASE(GroupsFallIntoBuckets) {
  Metrics metrics;
  metrics.ObserveGroup(1, 0.0004);
  metrics.ObserveGroup(5, 0.02);
  metrics.ObserveGroup(4096, 3);
  const std::string text = metrics.Render();
  BOOST_TEST(Has(text, "fiscalgate_commit_group_operations_bucket{le=\"1\"} 1"));
  BOOST_TEST(Has(text, "fiscalgate_commit_group_operations_bucket{le=\"8\"} 2"));
  BOOST_TEST(Has(text, "fiscalgate_commit_group_operations_bucket{le=\"+Inf\"} 3"));
  BOOST_TEST(Has(text, "fiscalgate_commit_group_operations_sum 4102"));
  BOOST_TEST(Has(text, "fiscalgate_commit_group_duration_seconds_bucket{le=\"0.025\"} 2"));
}

BOOST_AUTO_TEST_CASE(EveryMetricIsOursAndExplained) {
  Metrics metrics;
  Totals totals;
  totals.refused = {{"invalid", 1}};
  metrics.SetTotals(totals);
  Gauges gauges;
  gauges.lanes = {{"till", 1}};
  metrics.SetGauges(gauges);
  std::string explained;
  int samples = 0;
  for (const std::string& line : Lines(metrics.Render())) {
    if (line.starts_with("# HELP ")) {
      explained = line.substr(7, line.find(' ', 7) - 7);
      BOOST_TEST(line.size() > 7 + explained.size() + 10);
    } else if (!line.starts_with("#")) {
      BOOST_TEST(line.starts_with("fiscalgate_"));
      BOOST_TEST(line.starts_with(explained));
      ++samples;
    }
  }
  BOOST_TEST(samples > 40);
}

BOOST_AUTO_TEST_CASE(ObservationsOfManyThreadsAreAllCounted) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) metrics.ObserveCreateReceipt(0.001);
      metrics.SetGauges({});
      metrics.Render();
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(Has(metrics.Render(), "fiscalgate_create_receipt_duration_seconds_count 4000"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::metrics
