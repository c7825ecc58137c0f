// The part of the running gateway that shares its store with other nodes. With a store of its own
// it does nothing, and everything is this process's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "fcgi/serve_agents.h"
#include "fcgi/serve_clouds.h"
#include "fcgi/waiters.h"
#include "lib/callback/relay.h"
#include "lib/cluster/node.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/store/store.h"

namespace fiscalgate {

class NodeService {
 public:
  // All are used only after Start.
  struct Parts {
    std::function<task::DirectoryPtr()> directory;
    std::function<dispatch::Dispatcher&()> dispatcher;
    CloudService& clouds;
    std::function<callback::Relay&()> relay;
    AgentService& agents;
    Waiters& waiters;
  };
  explicit NodeService(const base::Clock& clock) : clock_(clock) {}

  // `socket`: where this gateway listens; beside it is remembered who the last run was.
  void Open(store::Store& store, const std::string& socket, Parts parts);
  void Start();
  // After the dispatcher and the conversations: what they had is free for others.
  void Stop();

  // Null: there are no others.
  const cluster::Holdings* holdings() const { return node_.get(); }
  bool OwnsShop(task::ShopKey shop) const { return node_ == nullptr || node_->OwnsShop(shop); }
  bool IsFirst() const { return node_ == nullptr || node_->IsFirst(); }
  // For Events; empty if there are no others.
  std::function<std::int64_t()> CompleteEvents() const;
  // An agent polls for work of this lane.
  void Want(task::RegisterKey lane);
  // A task that was there before is queued again: whoever has the lane is to look.
  void Ring(task::RegisterKey lane);
  // Nodes, and lanes of this one; zeros if there are no others.
  std::pair<std::size_t, std::size_t> size() const;

 private:
  cluster::Listener Listener(Parts parts) const;

  const base::Clock& clock_;
  std::unique_ptr<cluster::Node> node_;
};

}  // namespace fiscalgate
