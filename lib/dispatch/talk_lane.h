// What is kept of the lane of one cloud register, and of one conversation while it is in memory.
// Plain; the engine's thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "lib/base/clock.h"
#include "lib/dispatch/talk_breaker.h"
#include "lib/dispatch/talk_session.h"
#include "lib/protocol/cloud.h"
#include "lib/store/store.h"

namespace fiscalgate::dispatch {

struct TalkLane {
  explicit TalkLane(task::RegisterKey its_key) : key(its_key) {}

  const task::RegisterKey key;
  bool in_line = false;  // to be looked at

  // As of the directory it was last looked at with.
  task::DirectoryPtr directory;
  std::size_t fingerprint = 0;
  std::shared_ptr<const protocol::CloudAccount> account;  // null: it stands, see `fault`
  std::string fault;

  TalkBreaker breaker;
  TalkSession session;
  // Conversations whose request was refused for its token, and the generation of that.
  std::unordered_map<task::TaskSeq, std::uint64_t> refused;
  std::string trouble;  // the service's last one, for people

  std::size_t in_memory = 0;               // conversations of this lane
  std::deque<store::LaneHead> due;         // read, about to be carried on
  bool may_have_queued = true;             // beyond those in memory
  bool may_have_due = true;                // beyond those in memory and in `due`
  bool queued_first = false;               // who gets the odd place
  std::optional<base::MonoTime> next_due;  // of those that wait
  base::MonoTime hold_until{};             // nothing is begun before
  std::string explained;                   // what its first queued task says of why it waits

  std::uint64_t health_ticket = 0;  // of the look at the service in flight; 0: none
  base::MonoTime health_at{};       // when to look next
  bool health_known = false;
  protocol::Health health;

  bool Permits(base::MonoTime now, base::WallTime wall) const;
  // Why it does not; empty: it does, or will at once.
  std::string Obstacle() const;
  bool HasWork() const { return may_have_queued || may_have_due || !due.empty(); }
  std::optional<base::MonoTime> WakeAt(base::MonoTime now, base::WallTime wall) const;
  // Another account: nothing of what was learned with the last one holds.
  void Begin(std::shared_ptr<const protocol::CloudAccount> with);
};

// One conversation in memory. It waits for its answer (ticket), or for the commit of what it has
// to store; then it sends what it has to ask, or leaves.
struct Conversation {
  task::RegisterKey lane = 0;
  store::LaneHead head;  // as stored, but for what waits for its commit
  std::shared_ptr<const protocol::CloudAccount> account;
  std::uint64_t ticket = 0;      // of the request in flight; 0: none
  std::uint64_t generation = 0;  // of the session it was sent with
  std::string node;              // that carries it on, where there are several
  bool is_new = false;           // it was not begun yet
  bool is_probe = false;
  bool nudged = false;  // while its request was in flight

  std::optional<protocol::Ask> ask;  // leaves after the commit
  std::optional<store::Progress> progress;
  std::optional<store::CloudEnd> end;
};

}  // namespace fiscalgate::dispatch
