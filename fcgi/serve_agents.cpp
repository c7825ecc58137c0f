#include "fcgi/serve_agents.h"

#include <chrono>
#include <utility>

#include "fcgi/handlers/agent_answer.h"
#include "fcgi/handlers/agent_lease.h"
#include "fcgi/handlers/agent_renew.h"
#include "lib/base/log.h"

namespace fiscalgate {

AgentService::AgentService(const base::Clock& clock,
                           std::function<dispatch::Dispatcher&()> dispatcher)
    : clock_(clock),
      dispatcher_(std::move(dispatcher)),
      roster_(clock),
      switchboard_(clock, Listener()) {}

void AgentService::Open(store::Store& store, DirectoryCache& directory,
                        std::function<void(task::RegisterKey)> on_poll) {
  on_poll_ = std::move(on_poll);
  store_ = &store;
  directory_ = &directory;
  door_ = std::make_unique<AgentDoor>(AgentDoor::Parts{store, clock_, directory, roster_});
}

void AgentService::AddRoutes(Router* router) {
  router->Add("POST", "/api/agent/lease",
              std::make_shared<AgentLease>(*door_, switchboard_, on_poll_));
  router->Add("POST", "/api/agent/renew", std::make_shared<AgentRenew>(*door_, switchboard_));
  router->Add("POST", "/api/agent/answer",
              std::make_shared<AgentAnswered>(*door_, [this](dispatch::AgentAnswer answer) {
                dispatcher_().Take(std::move(answer));
              }));
}

void AgentService::GiveChores(Janitor* janitor) {
  janitor->Every(std::chrono::milliseconds(250), [this] { switchboard_.Tick(); });
  janitor->Every(std::chrono::seconds(1), [this] { StoreStatuses(); });
}

agents::Switchboard::Listener AgentService::Listener() const {
  agents::Switchboard::Listener listener;
  listener.never_received = [this](task::RegisterKey key, const std::string& lease) {
    dispatcher_().Take(dispatch::NeverReceived{key, lease});
  };
  listener.synced = [this](task::RegisterKey key, const std::string& instance,
                           const std::vector<std::string>& held) {
    dispatcher_().Take(dispatch::AgentSynced{key, instance, held});
  };
  listener.is_back = [this](task::RegisterKey key) {
    dispatcher_().Take(dispatch::AgentIsBack{key});
  };
  return listener;
}

void AgentService::StoreStatuses() {
  const auto due = roster_.TakeDue();
  if (due.empty()) return;
  if (const base::Status stored = store_->RecordAgents(due); !stored) {
    log::Warn("agents_not_stored", {{"error", stored.error().what}});
    roster_.GiveBack(due);
  }
}

void AgentService::OnDirectoryChange() {
  const task::DirectoryPtr directory = directory_->Current();
  switchboard_.DropPolls([&](task::RegisterKey key, const std::string& key_print) {
    const task::Register* known = directory->FindRegister(key);
    return known != nullptr && known->enabled && known->via == task::Via::kAgent &&
           AgentDoor::PrintOf(known->agent_key) == key_print;
  });
}

}  // namespace fiscalgate
