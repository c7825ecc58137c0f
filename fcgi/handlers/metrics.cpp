#include "fcgi/handlers/metrics.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

double SecondsSince(const std::optional<base::WallTime>& then, base::WallTime now) {
  if (!then) return 0;
  return std::max(0.0, std::chrono::duration<double>(now - *then).count());
}

}  // namespace

void MetricsText::Handle(ExchangePtr exchange) {
  CopyTotals();
  CopyGauges();
  http::Response response;
  response.status = 200;
  response.headers = {{"Content-Type", std::string(metrics::Metrics::kContentType)},
                      {"Cache-Control", "no-store"}};
  response.body = parts_.metrics.Render();
  exchange->Reply(std::move(response));
}

void MetricsText::RefreshGauges() {
  auto gauges = parts_.store.ReadGauges();
  if (!gauges) {
    log::Warn("gauges_not_read", {{"error", gauges.error().what}});
    return;
  }
  if (parts_.on_depths) parts_.on_depths(gauges->lanes);
  auto devices = parts_.store.DeviceStates();
  std::lock_guard lock(mutex_);
  gauges_ = std::move(gauges).value();
  if (devices) devices_ = std::move(devices).value();
}

void MetricsText::CopyTotals() {
  metrics::Totals totals;
  totals.accepted = parts_.intake.accepted;
  totals.duplicates = parts_.intake.duplicates;
  for (std::size_t code = 0; code < Intake::kCodes; ++code) {
    totals.refused.emplace_back(CodeName(static_cast<base::Code>(code)),
                                parts_.intake.refused[code].load());
  }
  const dispatch::Counters dispatched = parts_.dispatcher.counters();
  totals.attempts_not_sent = dispatched.attempts_not_sent;
  totals.attempts_no_answer = dispatched.attempts_no_answer;
  totals.attempts_answered = dispatched.attempts_answered;
  totals.done = dispatched.done;
  totals.failed = dispatched.failed;
  totals.unknown = dispatched.unknown;
  totals.lost_leases = dispatched.lost_leases;
  totals.repeated = dispatched.repeated;
  totals.moved = dispatched.moved;
  totals.evidence_applied = dispatched.evidence_applied;
  totals.evidence_repeated = dispatched.evidence_repeated;
  totals.evidence_kept = dispatched.evidence_kept;
  totals.contradictions = dispatched.contradictions;
  CopyConversations(&totals);
  const callback::Counters relayed = parts_.relay.counters();
  totals.callbacks_delivered = relayed.delivered;
  totals.callback_tries_failed = relayed.failed_tries;
  totals.callbacks_dead = relayed.dead;
  parts_.metrics.SetTotals(totals);
}

void MetricsText::CopyConversations(metrics::Totals* totals) const {
  const dispatch::TalkCounters talks = parts_.conversations.counters();
  totals->done += talks.done;
  totals->failed += talks.failed;
  totals->unknown += talks.unknown;
  totals->lost_leases += talks.lost_leases + talks.late;
  totals->asks_not_sent = talks.asks_not_sent;
  totals->asks_no_answer = talks.asks_no_answer;
  totals->asks_answered = talks.asks_answered;
  totals->log_ins = talks.log_ins;
  totals->log_ins_failed = talks.log_ins_failed;
}

void MetricsText::CopyGauges() {
  const task::DirectoryPtr directory = parts_.directory.Current();
  const base::WallTime now = parts_.clock.Now();
  metrics::Gauges gauges;
  {
    std::lock_guard lock(mutex_);
    for (const task::Register& known : directory->registers()) {
      gauges.lanes.emplace_back(known.name, 0);
      for (const store::LaneDepth& lane : gauges_.lanes) {
        if (lane.register_key == known.key) gauges.lanes.back().second = lane.live;
      }
    }
    gauges.queued = gauges_.queued;
    gauges.unknown = gauges_.unknown;
    gauges.oldest_queued_seconds = SecondsSince(gauges_.oldest_queued, now);
    gauges.oldest_unknown_seconds = SecondsSince(gauges_.oldest_unknown, now);
    gauges.callbacks_pending = gauges_.callbacks_pending;
    gauges.callbacks_dead = gauges_.callbacks_dead;
    gauges.paid_without_receipt = gauges_.paid_without_receipt;
    CopyDevices(*directory, &gauges);
    gauges.callback_lag_seconds = SecondsSince(gauges_.oldest_callback_due, now);
  }
  gauges.parked_requests = static_cast<std::int64_t>(parts_.parked_requests());
  const auto [nodes, lanes] = parts_.nodes();
  gauges.nodes = static_cast<std::int64_t>(nodes);
  gauges.lanes_held = static_cast<std::int64_t>(lanes);
  gauges.pending_writes = parts_.intake.pending_writes;
  gauges.breakers_open = parts_.relay.counters().breakers_open;
  gauges.transfers_in_flight = static_cast<std::int64_t>(parts_.client.in_flight());
  CopyAgents(*directory, &gauges);
  CopyClouds(*directory, &gauges);
  parts_.metrics.SetGauges(gauges);
}

// With the lock held.
void MetricsText::CopyDevices(const task::Directory& directory, metrics::Gauges* gauges) const {
  const base::WallTime now = parts_.clock.Now();
  for (const task::DeviceState& state : devices_) {
    const task::Register* known = directory.FindRegister(state.register_key);
    if (known == nullptr) continue;
    metrics::DeviceGauges& device = gauges->devices.emplace_back();
    device.register_name = known->name;
    if (state.shift_state == task::ShiftState::kOpen) {
      device.shift_seconds = SecondsSince(state.shift_opened_at, now);
    }
    device.unsent = state.unsent_1097.value_or(0);
    device.unsent_seconds = SecondsSince(state.first_unsent_1098, now);
    device.warnings =
        static_cast<std::int64_t>(task::WarningsOf(state, now, base::Language::kEnglish).size());
  }
}

void MetricsText::CopyClouds(const task::Directory& directory, metrics::Gauges* gauges) const {
  for (const dispatch::TalkHealth& health : parts_.conversations.health()) {
    const task::Register* known = directory.FindRegister(health.register_key);
    if (known != nullptr) gauges->clouds.emplace_back(known->name, health.is_well);
  }
}

void MetricsText::CopyAgents(const task::Directory& directory, metrics::Gauges* gauges) const {
  for (const agents::Switchboard::Presence& presence : parts_.switchboard.Presences()) {
    gauges->agents_connected += presence.connected ? 1 : 0;
  }
  const base::WallTime now = parts_.clock.Now();
  for (const store::AgentStatus& status : parts_.roster.All()) {
    const task::Register* known = directory.FindRegister(status.register_key);
    if (known == nullptr || known->via != task::Via::kAgent) continue;
    gauges->agents.push_back({known->name, SecondsSince(status.seen_at, now),
                              static_cast<double>(status.clock_skew_ms) / 1000,
                              status.driver == "ok"});
  }
}

}  // namespace fiscalgate
