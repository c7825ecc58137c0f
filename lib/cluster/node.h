// This gateway among the others on its store: one thread that renews its lease, looks after the
// others, takes and gives up lanes, and hears the news.
//
//   every kNewsPause      what other nodes accepted and ended (no NOTIFY: polled by number)
//   every kNodeLookPause  who is there, who has which lane; silent nodes are expelled
//   every kNodeRenewPause its own renewal
//
// Which lane is whose: Census::OwnerOf says it, the row in the store makes it true. A lane goes to
// its owner when it is free or its holder has nothing in flight in it; that of an agent goes to the
// node the agent polls. Everything the thread finds is handed on by the listener, which must not
// block.
//
// A node that cannot renew begins nothing and lets nothing leave after kNodeMaySend; one that finds
// itself expelled has no lanes any more and joins again under another token.
//
// Has, Token, Permit, Want, Ring, OwnsShop, IsFirst, CompleteEvents, size: any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/base/clock.h"
#include "lib/cluster/census.h"
#include "lib/cluster/holdings.h"
#include "lib/cluster/last_run.h"
#include "lib/cluster/sequence.h"
#include "lib/store/nodes.h"
#include "lib/task/directory.h"

namespace fiscalgate::cluster {

struct Listener {
  std::function<void(const LanesMoved&)> lanes;
  std::function<void(task::RegisterKey)> accepted;  // into a lane of ours, by whomever
  std::function<void(const store::EventRow&)> event;
  std::function<void()> shares;  // what OwnsShop says has changed
};

class Node final : public Holdings {
 public:
  struct Parts {
    store::Nodes& nodes;
    const base::Clock& clock;
    std::function<task::DirectoryPtr()> directory;
    Listener listener;
    std::string name;           // for people
    std::string version;        // of the program
    std::string last_run_file;  // "" = none
    // Whether an agent's poll for this lane waits here.
    std::function<bool(task::RegisterKey)> polls_here;
  };
  explicit Node(Parts parts);
  ~Node() override;

  void Start();
  // Nothing runs in the lanes any more: they are free at once.
  void Stop();
  // One round of what is due: the thread's work; tests turn it by hand.
  void Turn();

  bool Has(task::RegisterKey lane) const override;
  std::string Token() const override;
  std::function<bool()> Permit(const std::string& token) const override;

  // An agent polls here for work of this lane.
  void Want(task::RegisterKey lane);
  // There is something to do in this lane, whoever has it; for what the news do not tell.
  void Ring(task::RegisterKey lane);
  bool OwnsShop(task::ShopKey shop) const;
  // Whether this node does the chores that need only one.
  bool IsFirst() const;
  // Events up to this number are all there.
  std::int64_t CompleteEvents() const { return complete_events_; }
  // Nodes there are, and lanes of this one.
  std::pair<std::size_t, std::size_t> size() const;

 private:
  // Shared with permits, which may outlive the node.
  struct Lease {
    mutable std::mutex mutex;
    std::string token;
    base::MonoTime mono_until{};
    base::WallTime wall_until{};  // also while a machine is paused as a whole
    std::unordered_set<task::RegisterKey> lanes;
  };
  struct Wanted {
    std::int64_t polls = 0;  // that have asked for it
    base::MonoTime since{};
    std::optional<std::string> holder;  // as of a look after it was wanted
    base::MonoTime not_before{};
    bool rung = false;
  };

  void Run();
  void TakeTurn();
  void Trouble(std::string_view what, const base::Error& error);
  void Join();
  void Renew();
  void Expelled();
  void LookAround();
  void ExpelSilent();
  void Compare(const store::ClusterView& view);
  void TakeFree(const store::ClusterView& view);
  void GiveUpForeign();
  bool MayMoveAway(task::RegisterKey lane) const;
  bool AreOfAgents(const std::vector<task::RegisterKey>& lanes) const;
  void Lose(const std::vector<task::RegisterKey>& lanes);
  void Gain(const store::TakenLanes& taken);
  void FetchWanted();
  bool Fetch(task::RegisterKey lane, Wanted* want);
  void RingOthers();
  void Hear();
  void HearAccepted(const store::News& news);
  void HearEvents(const store::News& news);
  void Sweep();

  const Parts parts_;
  LastRun last_run_;
  const std::shared_ptr<Lease> lease_ = std::make_shared<Lease>();

  // Of the thread.
  std::string token_;  // "" = not joined
  std::unordered_map<task::RegisterKey, store::LaneHolder> holders_;
  std::unordered_set<task::RegisterKey> leaving_;  // ours in the store, given up by us
  Sequence tasks_, events_;
  std::vector<store::EventRow> held_events_;  // above what is complete
  bool knows_numbers_ = false;
  bool troubled_ = false, troubled_in_turn_ = false;
  base::MonoTime renew_at_{}, look_at_{}, looked_at_{}, sweep_at_{};

  mutable std::mutex mutex_;  // census, wanted, to_ring, stopping
  Census census_;
  std::map<task::RegisterKey, Wanted> wanted_;
  std::unordered_set<task::RegisterKey> to_ring_;
  std::condition_variable something_;
  bool stopping_ = false;
  bool hurry_ = false;
  std::atomic<std::int64_t> complete_events_{0};
  std::thread thread_;
};

}  // namespace fiscalgate::cluster
