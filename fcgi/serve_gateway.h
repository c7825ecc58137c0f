// The parts of the running gateway, in the order in which they need each other. Put together,
// started and stopped by `fiscalgate serve`; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fcgi/directory_cache.h"
#include "fcgi/disk_guard.h"
#include "fcgi/handlers/metrics.h"
#include "fcgi/intake.h"
#include "fcgi/janitor.h"
#include "fcgi/links.h"
#include "fcgi/rate_limiter.h"
#include "fcgi/serve_agents.h"
#include "fcgi/serve_clouds.h"
#include "fcgi/serve_nodes.h"
#include "fcgi/server.h"
#include "fcgi/settings.h"
#include "fcgi/waiters.h"
#include "lib/callback/relay.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/http/client.h"
#include "lib/metrics/metrics.h"
#include "lib/store/store.h"

namespace fiscalgate {

class Gateway {
 public:
  Gateway(Settings settings, base::KeyRing keys)
      : settings_(std::move(settings)),
        keys_(std::move(keys)),
        links_(settings_.public_url, keys_),
        clouds_(clock_, settings_.public_url),
        disk_(FolderOfStore(settings_.store_url), MinFreeBytes(settings_)) {}

  base::Status Open();
  void Start();
  void Stop();
  void Reload(const std::string& config_path);

 private:
  static std::uint64_t MinFreeBytes(const Settings& settings) {
    return static_cast<std::uint64_t>(settings.min_free_disk_mb) << 20;
  }
  base::Status OpenStore();
  base::Status OpenServer();
  void OpenNodes();
  void MakeDispatcher();
  void MakeRelay();
  void MakeHandlers();
  void ApplyLiveSettings();
  void GiveChores();
  void Notify(task::RegisterKey lane);
  void OnTaskChange(const task::Task& task);
  void OnDirectoryChange();
  void EndOverdueTasks();
  std::vector<std::string> WhatIsInTheWay() const;

  Settings settings_;
  const base::SystemClock clock_;
  const base::KeyRing keys_;
  const Links links_;
  CloudService clouds_;
  metrics::Metrics metrics_;
  Intake intake_;
  DiskGuard disk_;
  RateLimiter rate_limiter_{clock_};
  Waiters waiters_;
  AgentService agents_{clock_, [this]() -> dispatch::Dispatcher& { return *dispatcher_; }};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<DirectoryCache> directory_;
  std::unique_ptr<http::Client> client_;
  NodeService nodes_{clock_};
  std::unique_ptr<callback::Relay> relay_;
  std::unique_ptr<dispatch::Dispatcher> dispatcher_;
  std::shared_ptr<MetricsText> metrics_text_;
  const std::shared_ptr<dispatch::Outlook> outlook_ = std::make_shared<dispatch::Outlook>();
  Router router_;
  Janitor janitor_;
  std::unique_ptr<Server> server_;
};

}  // namespace fiscalgate
