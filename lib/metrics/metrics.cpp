#include "lib/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>
#include <sstream>

namespace fiscalgate::metrics {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Labels;
using prometheus::Registry;

// From an idle flash disk to a disk in trouble.
const Histogram::BucketBoundaries kSecondsBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                     0.05,   0.1,   0.25,   0.5,   1,    2.5};
const Histogram::BucketBoundaries kGroupBuckets = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

Family<Counter>& CounterFamily(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
Family<Gauge>& GaugeFamily(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
Histogram& OneHistogram(Registry& registry, const char* name, const char* help,
                        const Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

// The registry wants increments, other rooms keep totals.
void Raise(Counter& counter, std::int64_t total) {
  counter.Increment(static_cast<double>(total) - counter.Value());
}
void Put(Gauge& gauge, std::int64_t value) { gauge.Set(static_cast<double>(value)); }

}  // namespace

struct Metrics::Impl {
  Registry registry;
  // Orders the setters among themselves; the metrics have locks of their own.
  std::mutex mutex;
  using ByRegister = std::map<std::string, Gauge*>;
  ByRegister lanes, agents_unseen, agents_skew, agents_driver;
  ByRegister shifts, unsents, unsent_ages, warnings, clouds_well;

  Counter& Count(const char* name, const char* help, const Labels& labels = {}) {
    return CounterFamily(registry, name, help).Add(labels);
  }
  Gauge& Level(const char* name, const char* help, const Labels& labels = {}) {
    return GaugeFamily(registry, name, help).Add(labels);
  }
  Counter& Attempt(const char* result) {
    return Count("fiscalgate_attempts_total", "Attempts at registers by how they ended",
                 {{"result", result}});
  }
  Counter& Outcome(const char* state) {
    return Count("fiscalgate_outcomes_total", "Tasks that reached this state", {{"state", state}});
  }

  Counter& accepted = Count("fiscalgate_accepted_total", "Tasks accepted and committed");
  Counter& duplicates =
      Count("fiscalgate_duplicates_total", "Posts that repeated an accepted order unchanged");
  Family<Counter>& refused =
      CounterFamily(registry, "fiscalgate_refused_total", "Posts refused, by code");
  Counter& not_sent = Attempt("not_sent");
  Counter& no_answer = Attempt("no_answer");
  Counter& answered = Attempt("answered");
  Counter& done = Outcome("done");
  Counter& failed = Outcome("failed");
  Counter& unknown = Outcome("unknown");
  Counter& lost_leases = Count("fiscalgate_lost_leases_total",
                               "Results dropped because the task had moved on meanwhile");
  Counter& Evidence(const char* result) {
    return Count("fiscalgate_evidence_total",
                 "What agents said when nobody waited for it any more, by what became of it",
                 {{"result", result}});
  }
  Counter& evidence_applied = Evidence("applied");
  Counter& evidence_repeated = Evidence("repeated");
  Counter& evidence_kept = Evidence("kept");
  Counter& contradictions =
      Count("fiscalgate_contradictions_total",
            "Evidence against what an operator said or what was done since: someone must look");
  Counter& delivered =
      Count("fiscalgate_callbacks_delivered_total", "Callbacks that a shop has confirmed");
  Counter& tries_failed =
      Count("fiscalgate_callback_tries_failed_total", "Tries of callbacks that failed");
  Counter& dead_lettered = Count("fiscalgate_callbacks_dead_lettered_total",
                                 "Callbacks given up after the last try of their schedule");

  Family<Gauge>& lane_depth =
      GaugeFamily(registry, "fiscalgate_lane_tasks",
                  "Tasks queued, being sent, waiting or unknown, by register");
  Gauge& queued = Level("fiscalgate_queued_tasks", "Tasks queued");
  Gauge& oldest_queued =
      Level("fiscalgate_oldest_queued_age_seconds", "Age of the oldest queued task");
  Gauge& unknown_now =
      Level("fiscalgate_unknown_tasks", "Tasks whose outcome is unknown: someone must look");
  Gauge& oldest_unknown =
      Level("fiscalgate_oldest_unknown_age_seconds", "Age of the oldest unknown task");
  Gauge& callbacks_pending = Level("fiscalgate_callbacks_pending", "Callbacks not yet delivered");
  Gauge& callbacks_dead = Level("fiscalgate_callbacks_dead", "Callbacks given up and not replayed");
  Gauge& callback_lag =
      Level("fiscalgate_callback_lag_seconds", "How long the longest due callback has been due");
  Gauge& parked = Level("fiscalgate_parked_requests", "Long polls that wait for news");
  Gauge& nodes =
      Level("fiscalgate_nodes", "Gateways that share the store; 0: this one has its own");
  Gauge& lanes_held = Level("fiscalgate_node_lanes", "Registers this node works for");
  Gauge& pending_writes =
      Level("fiscalgate_pending_writes", "Posts that wait for their group commit");
  Gauge& breakers =
      Level("fiscalgate_breakers_open", "Callback addresses that are only probed for now");
  Gauge& transfers = Level("fiscalgate_transfers_in_flight", "Outgoing HTTP requests");

  Gauge& agents_connected = Level("fiscalgate_agents_connected", "Agents that poll for work");
  Family<Gauge>& agent_unseen = GaugeFamily(registry, "fiscalgate_agent_last_seen_age_seconds",
                                            "Since the last call of the agent, by register");
  Family<Gauge>& agent_skew =
      GaugeFamily(registry, "fiscalgate_agent_clock_skew_seconds",
                  "The clock of the agent minus that of the gateway, by register");
  Family<Gauge>& agent_driver =
      GaugeFamily(registry, "fiscalgate_agent_driver_reachable",
                  "1 if the agent last reached the driver of its register");

  Histogram& group_operations = OneHistogram(registry, "fiscalgate_commit_group_operations",
                                             "Operations in one group commit", kGroupBuckets);
  Histogram& group_seconds =
      OneHistogram(registry, "fiscalgate_commit_group_duration_seconds",
                   "Time of one group commit from begin to committed", kSecondsBuckets);
  Histogram& create_seconds =
      OneHistogram(registry, "fiscalgate_create_receipt_duration_seconds",
                   "Time of one create-receipt from request read to reply", kSecondsBuckets);

  using Values = std::vector<std::pair<std::string, double>>;
  static void SetByRegister(const Values& values, Family<Gauge>* family, ByRegister* gauges);
  void SetLanes(const std::vector<std::pair<std::string, std::int64_t>>& depths);
  void SetAgents(const std::vector<AgentGauges>& agents);

  Counter& repeated = Count("fiscalgate_repeated_total",
                            "Receipts sent once more after the shift they failed in was closed");
  Counter& moved =
      Count("fiscalgate_moved_total", "Tasks moved to another register of their group");
  Family<Gauge>& device_shift = GaugeFamily(registry, "fiscalgate_register_shift_age_seconds",
                                            "Age of the open shift, by register");
  Family<Gauge>& device_unsent = GaugeFamily(registry, "fiscalgate_register_unsent_documents",
                                             "Documents the OFD has not got, by register");
  Family<Gauge>& device_unsent_age =
      GaugeFamily(registry, "fiscalgate_register_oldest_unsent_age_seconds",
                  "Age of the oldest of them; at 30 days the register stops");
  Family<Gauge>& device_warnings =
      GaugeFamily(registry, "fiscalgate_register_warnings",
                  "What somebody should see to (register show), by register");
  Gauge& paid_only = Level("fiscalgate_paid_without_receipt_tasks",
                           "Failed tasks whose card payment was done: retry prints the receipt");
  void SetDevices(const std::vector<DeviceGauges>& devices);

  Counter& Asks(const char* result) {
    return Count("fiscalgate_provider_requests_total",
                 "Requests to providers' services by how they ended", {{"result", result}});
  }
  Counter& LogIns(const char* result) {
    return Count("fiscalgate_provider_log_ins_total", "Log-ins at providers' services",
                 {{"result", result}});
  }
  Counter& asks_not_sent = Asks("not_sent");
  Counter& asks_no_answer = Asks("no_answer");
  Counter& asks_answered = Asks("answered");
  Counter& log_ins_done = LogIns("done");
  Counter& log_ins_failed = LogIns("failed");
  Family<Gauge>& cloud_well =
      GaugeFamily(registry, "fiscalgate_cloud_register_well",
                  "1 if the provider's service is well, by register; 0: the log says why");
  void SetClouds(const std::vector<std::pair<std::string, bool>>& clouds);
};

// A register that is no longer named disappears.
void Metrics::Impl::SetByRegister(const Values& values, Family<Gauge>* family, ByRegister* gauges) {
  std::set<std::string> named;
  for (const auto& [name, value] : values) {
    Gauge*& gauge = (*gauges)[name];
    if (gauge == nullptr) gauge = &family->Add({{"register", name}});
    gauge->Set(value);
    named.insert(name);
  }
  for (auto place = gauges->begin(); place != gauges->end();) {
    if (named.count(place->first) > 0) {
      ++place;
      continue;
    }
    family->Remove(place->second);
    place = gauges->erase(place);
  }
}

void Metrics::Impl::SetLanes(const std::vector<std::pair<std::string, std::int64_t>>& depths) {
  Values values;
  for (const auto& [name, depth] : depths) values.emplace_back(name, static_cast<double>(depth));
  SetByRegister(values, &lane_depth, &lanes);
}

void Metrics::Impl::SetAgents(const std::vector<AgentGauges>& agents) {
  Values unseen, skew, driver;
  for (const AgentGauges& one : agents) {
    unseen.emplace_back(one.register_name, one.unseen_seconds);
    skew.emplace_back(one.register_name, one.clock_skew_seconds);
    driver.emplace_back(one.register_name, one.driver_ok ? 1 : 0);
  }
  SetByRegister(unseen, &agent_unseen, &agents_unseen);
  SetByRegister(skew, &agent_skew, &agents_skew);
  SetByRegister(driver, &agent_driver, &agents_driver);
}

void Metrics::Impl::SetDevices(const std::vector<DeviceGauges>& devices) {
  Values shift, unsent, age, warned;
  for (const DeviceGauges& one : devices) {
    shift.emplace_back(one.register_name, one.shift_seconds);
    unsent.emplace_back(one.register_name, static_cast<double>(one.unsent));
    age.emplace_back(one.register_name, one.unsent_seconds);
    warned.emplace_back(one.register_name, static_cast<double>(one.warnings));
  }
  SetByRegister(shift, &device_shift, &shifts);
  SetByRegister(unsent, &device_unsent, &unsents);
  SetByRegister(age, &device_unsent_age, &unsent_ages);
  SetByRegister(warned, &device_warnings, &warnings);
}

void Metrics::Impl::SetClouds(const std::vector<std::pair<std::string, bool>>& clouds) {
  Values values;
  for (const auto& [name, is_well] : clouds) values.emplace_back(name, is_well ? 1 : 0);
  SetByRegister(values, &cloud_well, &clouds_well);
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::ObserveGroup(std::size_t operations, double seconds) {
  impl_->group_operations.Observe(static_cast<double>(operations));
  impl_->group_seconds.Observe(seconds);
}

void Metrics::ObserveCreateReceipt(double seconds) { impl_->create_seconds.Observe(seconds); }

void Metrics::SetTotals(const Totals& totals) {
  std::lock_guard lock(impl_->mutex);
  Raise(impl_->accepted, totals.accepted);
  Raise(impl_->duplicates, totals.duplicates);
  for (const auto& [code, total] : totals.refused) {
    Raise(impl_->refused.Add({{"code", std::string(code)}}), total);
  }
  Raise(impl_->not_sent, totals.attempts_not_sent);
  Raise(impl_->no_answer, totals.attempts_no_answer);
  Raise(impl_->answered, totals.attempts_answered);
  Raise(impl_->done, totals.done);
  Raise(impl_->failed, totals.failed);
  Raise(impl_->unknown, totals.unknown);
  Raise(impl_->lost_leases, totals.lost_leases);
  Raise(impl_->repeated, totals.repeated);
  Raise(impl_->moved, totals.moved);
  Raise(impl_->evidence_applied, totals.evidence_applied);
  Raise(impl_->evidence_repeated, totals.evidence_repeated);
  Raise(impl_->evidence_kept, totals.evidence_kept);
  Raise(impl_->contradictions, totals.contradictions);
  Raise(impl_->delivered, totals.callbacks_delivered);
  Raise(impl_->tries_failed, totals.callback_tries_failed);
  Raise(impl_->dead_lettered, totals.callbacks_dead);
  Raise(impl_->asks_not_sent, totals.asks_not_sent);
  Raise(impl_->asks_no_answer, totals.asks_no_answer);
  Raise(impl_->asks_answered, totals.asks_answered);
  Raise(impl_->log_ins_done, totals.log_ins - totals.log_ins_failed);
  Raise(impl_->log_ins_failed, totals.log_ins_failed);
}

void Metrics::SetGauges(const Gauges& gauges) {
  std::lock_guard lock(impl_->mutex);
  impl_->SetLanes(gauges.lanes);
  impl_->SetDevices(gauges.devices);
  impl_->SetClouds(gauges.clouds);
  Put(impl_->paid_only, gauges.paid_without_receipt);
  Put(impl_->queued, gauges.queued);
  Put(impl_->unknown_now, gauges.unknown);
  impl_->oldest_queued.Set(gauges.oldest_queued_seconds);
  impl_->oldest_unknown.Set(gauges.oldest_unknown_seconds);
  Put(impl_->callbacks_pending, gauges.callbacks_pending);
  Put(impl_->callbacks_dead, gauges.callbacks_dead);
  impl_->callback_lag.Set(gauges.callback_lag_seconds);
  Put(impl_->parked, gauges.parked_requests);
  Put(impl_->nodes, gauges.nodes);
  Put(impl_->lanes_held, gauges.lanes_held);
  Put(impl_->pending_writes, gauges.pending_writes);
  Put(impl_->breakers, gauges.breakers_open);
  Put(impl_->transfers, gauges.transfers_in_flight);
  Put(impl_->agents_connected, gauges.agents_connected);
  impl_->SetAgents(gauges.agents);
}

std::string Metrics::Render() const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, impl_->registry.Collect());
  return std::move(text).str();
}

}  // namespace fiscalgate::metrics
