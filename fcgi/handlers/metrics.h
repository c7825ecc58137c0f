// GET /metrics: what the rooms count and what is true now, in Prometheus' text format.
//
// Counting rows is work for the store, so the janitor does it now and then (RefreshGauges) and
// everybody who asks gets that.
#pragma once

#include <functional>
#include <mutex>

#include "fcgi/directory_cache.h"
#include "fcgi/exchange.h"
#include "fcgi/intake.h"
#include "lib/agents/roster.h"
#include "lib/agents/switchboard.h"
#include "lib/base/clock.h"
#include "lib/callback/relay.h"
#include "lib/dispatch/conversations.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/http/client.h"
#include "lib/metrics/metrics.h"
#include "lib/store/store.h"

namespace fiscalgate {

class MetricsText final : public Handler {
 public:
  struct Parts {
    metrics::Metrics& metrics;
    store::Store& store;
    const base::Clock& clock;
    const DirectoryCache& directory;
    const Intake& intake;
    const dispatch::Dispatcher& dispatcher;
    const dispatch::Conversations& conversations;
    const callback::Relay& relay;
    const http::Client& client;
    std::function<std::size_t()> parked_requests;
    const agents::Switchboard& switchboard;
    const agents::Roster& roster;
    std::function<std::pair<std::size_t, std::size_t>()> nodes;  // nodes, lanes of this one
    // Told how long the lanes are, whenever they were counted.
    std::function<void(const std::vector<store::LaneDepth>&)> on_depths = {};
  };
  explicit MetricsText(Parts parts) : parts_(std::move(parts)) {}
  void Handle(ExchangePtr exchange) override;
  // One thread. A store that cannot be read leaves the last figures.
  void RefreshGauges();

 private:
  void CopyTotals();
  void CopyConversations(metrics::Totals* totals) const;
  void CopyGauges();
  void CopyDevices(const task::Directory& directory, metrics::Gauges* gauges) const;
  void CopyClouds(const task::Directory& directory, metrics::Gauges* gauges) const;
  void CopyAgents(const task::Directory& directory, metrics::Gauges* gauges) const;

  const Parts parts_;
  std::mutex mutex_;
  store::Gauges gauges_;
  std::vector<task::DeviceState> devices_;
};

}  // namespace fiscalgate
