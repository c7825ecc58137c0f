// The dispatcher: one thread that keeps the lanes, takes the head of each, and lets its provider
// work.
//
// A lane is the line of tasks of one register: one at a time, in order. What it does in one turn is
// gathered into one store::DispatchBatch: an attempt is committed before its request is sent, an
// outcome before the next task of the lane is taken. Memory: one small record a lane, never one a
// queued task. Cloud registers are left alone: see conversations.h. A register that cannot be
// reached pauses its own lane only (task::LanePause). A lane stands still behind an unknown task
// unless its register passes them; where the provider can ask, it asks, with growing pauses; a task
// of the gateway's own is asked about by sending it again.
//
// Where several nodes share the store, only lanes that this one has are looked at: they come and go
// with Take(LanesMoved), and a request leaves only while its claim may still be acted upon
// (cluster/holdings.h).
//
// Groups: tasks that were never sent leave a lane whose register cannot be reached, or that stands
// still, for another lane of their group. Shifts: the gateway closes and opens them in time, and a
// receipt that failed because the shift was over is sent once more in the next (shift_guard.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "lib/agents/carrier.h"
#include "lib/base/clock.h"
#include "lib/cluster/holdings.h"
#include "lib/dispatch/agent_answer.h"
#include "lib/dispatch/outlook.h"
#include "lib/http/sender.h"
#include "lib/protocol/provider.h"
#include "lib/store/store.h"

namespace fiscalgate::dispatch {

struct Options {
  std::shared_ptr<const http::AddressGuard> posted_guard;  // for BIT_PROG_URL that came with a post
  std::size_t max_in_flight = 1024;
  // Stop waits this long for running attempts: a register prints a receipt in 5 to 10 s.
  std::chrono::milliseconds grace{15'000};
  std::shared_ptr<Outlook> outlook = {};  // told of the health of lanes; may be empty
  // For registers reached by an agent; null: there are none. Outlives the dispatcher.
  agents::Carrier* carrier = nullptr;
  // Which lanes are ours; null: all. Outlives the dispatcher.
  const cluster::Holdings* holdings = nullptr;
};

struct Counters {  // all atomically readable; for metrics
  std::int64_t attempts_not_sent = 0, attempts_no_answer = 0, attempts_answered = 0;
  std::int64_t done = 0, failed = 0, unknown = 0, lost_leases = 0;
  std::int64_t repeated = 0, moved = 0;
  // What agents said when nobody waited for it any more; contradictions are among the kept or the
  // applied.
  std::int64_t evidence_applied = 0, evidence_repeated = 0, evidence_kept = 0, contradictions = 0;
};

class Dispatcher {
 public:
  using Providers = std::map<std::string, std::shared_ptr<const protocol::Provider>, std::less<>>;
  // `directory` gives the current snapshot; `on_change` tells that a task reached another state
  // (for long polls and callbacks) at the end of an attempt, after the commit; called on the
  // dispatcher's thread (by Start on its caller's), must only hand on.
  Dispatcher(store::Store& store, http::Sender& sender, const base::Clock& clock,
             Providers providers, std::function<task::DirectoryPtr()> directory,
             std::function<void(const task::Task&)> on_change, Options options);
  ~Dispatcher();

  // Recovers, then begins. If the store refuses (disk full), recovering is tried again every second
  // and nothing is sent before.
  void Start();
  // Takes no new work, waits for running attempts up to their time-out, at most `grace`. What still
  // runs then stays "sending" in the store, and the next start makes it unknown.
  void Stop();
  // A task was accepted into this lane; of a cloud register: ignored. Any thread; never blocks,
  // cheap at any rate.
  void Notify(task::RegisterKey lane);
  // The same of a task that may stand before others that were seen before it: it was put back, or
  // another node was slow to commit it.
  void NotifyOlder(task::RegisterKey lane);
  // An operator changed something: look at every lane again. Any thread.
  void Rescan();
  Counters counters() const;

  // News of agents. Any thread; never block.
  void Take(AgentAnswer answer);
  void Take(AgentSynced news);
  void Take(AgentIsBack news);
  void Take(NeverReceived news);
  // News of the other nodes. Any thread; never block.
  void Take(cluster::LanesMoved news);
  void Take(TaskChanged news);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fiscalgate::dispatch
