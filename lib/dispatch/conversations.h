// The conversations engine: one thread that keeps the lanes of cloud registers and carries on their
// tasks' conversations (protocol/cloud.h).
//
// A cloud register takes many tasks at once, so its lane has no head that others stand behind:
// queued tasks are begun in order, each goes on by its own notes. The store holds those that wait;
// in memory is one only while its request is in flight or about to leave, at most
// kMaxConversationsInFlight of a register. What a turn changes is committed as one
// store::CloudBatch; notes are stored before the request that depends on them leaves. A restart
// loses nothing: what ran is due, and goes on from its notes. A conversation never becomes unknown
// because time has passed.
//
// A service in trouble pauses its own lane only (talk_breaker.h): one request at a time finds out
// whether it is back. A session is fetched once for all conversations of a register
// (talk_session.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/cluster/holdings.h"
#include "lib/dispatch/outlook.h"
#include "lib/http/sender.h"
#include "lib/protocol/cloud_accounts.h"
#include "lib/store/store.h"

namespace fiscalgate::dispatch {

struct TalkOptions {
  // Stop waits this long for requests in flight; what is not answered then is asked for again by
  // the next start.
  std::chrono::milliseconds grace{3'000};
  std::shared_ptr<Outlook> outlook = {};  // told of the health of lanes; may be empty
  // Which lanes are ours; null: all. Outlives the conversations.
  const cluster::Holdings* holdings = nullptr;
};

struct TalkCounters {  // for metrics
  std::int64_t begun = 0, done = 0, failed = 0, unknown = 0;
  std::int64_t asks_not_sent = 0, asks_no_answer = 0, asks_answered = 0;
  std::int64_t log_ins = 0, log_ins_failed = 0;
  std::int64_t breakers_opened = 0, nudges = 0;
  std::int64_t lost_leases = 0;  // what was to be stored of a task that somebody else has changed
  std::int64_t late = 0;         // answers that nobody waits for any more
};

// What a lane of a cloud register looks like to people.
struct TalkHealth {
  task::RegisterKey register_key = 0;
  bool is_well = true;
  std::string text;  // why not; or what the service says of itself
  bool breaker_open = false;
  std::size_t in_memory = 0;  // conversations whose request is in flight or about to leave
};

class Conversations {
 public:
  // `directory` gives the current snapshot; `on_change` tells that a conversation came to its end,
  // after the commit; called on the engine's thread, must only hand on. All references outlive it.
  Conversations(store::Store& store, http::Sender& sender, const base::Clock& clock,
                const protocol::CloudAccounts& accounts,
                std::function<task::DirectoryPtr()> directory,
                std::function<void(const task::Task&)> on_change, TalkOptions options);
  ~Conversations();

  // After Dispatcher::Start: that recovers the store for both.
  void Start();
  // Takes no new work, waits for requests in flight up to the grace.
  void Stop();
  // A task was accepted into this lane; not of a cloud register: ignored. Any thread; never blocks,
  // cheap at any rate.
  void Notify(task::RegisterKey lane);
  // The provider has told us of this task: it is due now, also if its request is in flight (then it
  // is asked again right after). Any thread; never blocks.
  void Nudge(task::RegisterKey lane, task::TaskSeq seq);
  // An operator changed something: look at every lane again. Any thread.
  void Rescan();
  // Lanes came from other nodes, or went to them. Any thread.
  void Take(cluster::LanesMoved news);
  TalkCounters counters() const;           // any thread
  std::vector<TalkHealth> health() const;  // any thread; in the order of their keys

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fiscalgate::dispatch
