// What the gateway tells Prometheus, in one place; the only place that knows prometheus-cpp.
//
// Three ways in:
//   * Observe...: the writer and the request threads, as things happen. A lock of its own and no
//     allocation; cheap enough for every request.
//   * SetTotals: counts that other rooms already keep (Intake, Dispatcher, Relay) are copied when
//     someone asks for the text. A total that went back is a bug of its keeper and is ignored: a
//     counter never falls.
//   * SetGauges: what is true now (store::Gauges and the like), copied at the same moment. A lane
//     that is no longer named disappears from the text.
//
//   metrics.SetTotals(...); metrics.SetGauges(...); reply(metrics.Render());
//
// Any thread. Nothing here fails; every name begins with fiscalgate_ and carries its unit. Labels
// hold the names of registers and the codes of refusals, never anything a shop or a buyer has
// written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fiscalgate::metrics {

// Counts since the start of the process.
struct Totals {
  std::int64_t accepted = 0, duplicates = 0;
  std::vector<std::pair<std::string_view, std::int64_t>> refused;  // by the code's stable name
  std::int64_t attempts_not_sent = 0, attempts_no_answer = 0, attempts_answered = 0;
  std::int64_t done = 0, failed = 0, unknown = 0;
  std::int64_t lost_leases = 0, repeated = 0, moved = 0;
  std::int64_t evidence_applied = 0, evidence_repeated = 0, evidence_kept = 0, contradictions = 0;
  std::int64_t callbacks_delivered = 0, callback_tries_failed = 0, callbacks_dead = 0;
  // Requests to providers' services, and log-ins at them; not among the attempts.
  std::int64_t asks_not_sent = 0, asks_no_answer = 0, asks_answered = 0;
  std::int64_t log_ins = 0, log_ins_failed = 0;
};

// The agent beside one register, as it last said.
struct AgentGauges {
  std::string register_name;
  double unseen_seconds = 0, clock_skew_seconds = 0;
  bool driver_ok = false;
};

// What a register has told of itself.
struct DeviceGauges {
  std::string register_name;
  double shift_seconds = 0;  // since its shift was opened; 0: none is open, or not known
  std::int64_t unsent = 0;   // documents the OFD has not got
  double unsent_seconds = 0;
  std::int64_t warnings = 0;
};

// What is true now. An age is 0 where there is nothing to have one.
struct Gauges {
  std::vector<std::pair<std::string, std::int64_t>> lanes;  // register's name, tasks in its lane
  std::int64_t queued = 0, unknown = 0;
  double oldest_queued_seconds = 0, oldest_unknown_seconds = 0;
  std::int64_t callbacks_pending = 0, callbacks_dead = 0;
  double callback_lag_seconds = 0;  // how long the callback that is due longest has been due
  std::int64_t parked_requests = 0, pending_writes = 0;
  std::int64_t nodes = 0, lanes_held = 0;  // where several share the store
  std::int64_t breakers_open = 0, transfers_in_flight = 0;
  std::int64_t agents_connected = 0;
  std::vector<AgentGauges> agents;
  std::vector<DeviceGauges> devices;
  std::int64_t paid_without_receipt = 0;
  // Cloud registers by name: whether their service is well.
  std::vector<std::pair<std::string, bool>> clouds;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // One group commit of so many operations, from begin to committed.
  void ObserveGroup(std::size_t operations, double seconds);
  // One create-receipt, from the whole request read to the reply handed over; refusals too.
  void ObserveCreateReceipt(double seconds);

  void SetTotals(const Totals& totals);
  void SetGauges(const Gauges& gauges);

  // The text format of Prometheus, version 0.0.4 (kContentType).
  std::string Render() const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fiscalgate::metrics
