// The part of the running gateway that serves agents: their polls, what they say of themselves, and
// the three endpoints. Made before the dispatcher, which carries requests through it; opened when
// the store is there.
#pragma once

#include <functional>
#include <memory>

#include "fcgi/agent_door.h"
#include "fcgi/directory_cache.h"
#include "fcgi/janitor.h"
#include "fcgi/router.h"
#include "lib/agents/roster.h"
#include "lib/agents/switchboard.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/store/store.h"

namespace fiscalgate {

class AgentService {
 public:
  // `dispatcher` is asked only while requests are served.
  AgentService(const base::Clock& clock, std::function<dispatch::Dispatcher&()> dispatcher);

  // `on_poll`: an agent polls for work of this register.
  void Open(store::Store& store, DirectoryCache& directory,
            std::function<void(task::RegisterKey)> on_poll);
  void AddRoutes(Router* router);
  void GiveChores(Janitor* janitor);
  // Polls of a key that was replaced, or of a register switched off, get no more work.
  void OnDirectoryChange();
  // No more work is given out; answers are still taken.
  void Stop() { switchboard_.Stop(); }

  agents::Switchboard& switchboard() { return switchboard_; }
  const agents::Roster& roster() const { return roster_; }

 private:
  agents::Switchboard::Listener Listener() const;
  void StoreStatuses();

  const base::Clock& clock_;
  const std::function<dispatch::Dispatcher&()> dispatcher_;
  agents::Roster roster_;
  agents::Switchboard switchboard_;
  store::Store* store_ = nullptr;
  DirectoryCache* directory_ = nullptr;
  std::function<void(task::RegisterKey)> on_poll_;
  std::unique_ptr<AgentDoor> door_;
};

}  // namespace fiscalgate
