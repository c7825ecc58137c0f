// Several gateways on one store: who they are, which lanes each may work on, and what the others
// have done. Only an engine that can be shared has it (Store::nodes()); with any other, one process
// has everything.
//
// A node is one run of a gateway, known by a random token. It lives as long as it counts up its
// renewals; what others make of a count that stands still is decided in lib/cluster, by their own
// monotonic clocks: no clocks of two machines are compared. A node that was expelled finds no row
// to renew and nothing to claim with.
//
// A lane belongs to the node its row names. Whoever claims a task of it holds that row until the
// commit, and whoever takes the lane away changes the row, so one of the two comes first.
//
// Any thread. Writes wait for their commit; reads see one snapshot each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

struct Node {
  std::string token;    // random, of this run
  std::string name;     // for people: the host's
  std::string version;  // of the program
  std::int64_t renewals = 0;
};

struct LaneHolder {
  task::RegisterKey lane = 0;
  std::string node;       // token; "" = nobody
  std::int64_t bell = 0;  // grows when somebody else has work for the holder
};

struct ClusterView {
  std::vector<Node> nodes;
  std::vector<LaneHolder> lanes;  // that ever had a holder
};

// A lane that is newly ours, and its tasks that were in mid-flight: they are unknown now.
struct TakenLanes {
  std::vector<task::RegisterKey> lanes;
  std::vector<task::TaskSeq> unknown;
};

// The part of a growing column that was not seen yet: all above `above`, and `missing` ones below.
struct Unseen {
  std::int64_t above = 0;
  std::vector<std::int64_t> missing;
};

struct AcceptedRow {
  task::TaskSeq seq = 0;
  task::RegisterKey lane = 0;
};
struct EventRow {
  std::int64_t seq = 0;
  task::TaskSeq task = 0;
  task::ShopKey shop = 0;
};

// One look. A number below the greatest seen may belong to a transaction that has not ended yet;
// it has, once `oldest_running` has reached what `next_transaction` was when it was missed.
struct News {
  std::vector<AcceptedRow> accepted;
  std::vector<EventRow> events;
  std::int64_t oldest_running = 0, next_transaction = 0;
};

class Nodes {
 public:
  virtual ~Nodes() = default;

  virtual base::Status Join(const Node& node) = 0;
  // False: it was expelled.
  virtual base::Result<bool> Renew(std::string_view token) = 0;
  // At a clean stop: its lanes are free at once.
  virtual base::Status Leave(std::string_view token) = 0;
  // Of a node that was seen to have stopped at that count; its lanes are free. False: it has
  // renewed since, or is gone.
  virtual base::Result<bool> Expel(std::string_view token, std::int64_t renewals) = 0;
  virtual base::Result<ClusterView> Look() = 0;

  // Those of `lanes` that are free. Errors: kConflict: the token was expelled.
  virtual base::Result<TakenLanes> Take(std::string_view token,
                                        const std::vector<task::RegisterKey>& lanes,
                                        base::WallTime now) = 0;
  // The same of one lane that a living node holds but where nothing is in flight. Empty: it has
  // something in flight.
  virtual base::Result<TakenLanes> Fetch(std::string_view token, task::RegisterKey lane,
                                         base::WallTime now) = 0;
  // Its own; those where something is in flight stay. The next to take one goes on with its
  // conversations.
  virtual base::Status GiveUp(std::string_view token,
                              const std::vector<task::RegisterKey>& lanes) = 0;
  // Tells the holder that there is something to do.
  virtual base::Status Ring(task::RegisterKey lane) = 0;

  // Where to begin: nothing is missing.
  virtual base::Result<std::pair<std::int64_t, std::int64_t>> LastNumbers() = 0;  // task, event
  // At most kMaxNewsPerLook of each; the rest comes with the next look.
  virtual base::Result<News> NewsOf(const Unseen& tasks, const Unseen& events) = 0;
  // Lanes of a node with something queued.
  virtual base::Result<std::vector<task::RegisterKey>> QueuedLanes(std::string_view token) = 0;
};

}  // namespace fiscalgate::store
