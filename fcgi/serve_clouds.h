// The part of the running gateway that speaks with cloud registers: their accounts, their
// conversations, the notifications of their providers, and what people see of them. Opened when the
// store is there; started after the dispatcher, which recovers the store for both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fcgi/cloud_window.h"
#include "fcgi/directory_cache.h"
#include "fcgi/router.h"
#include "lib/dispatch/conversations.h"
#include "lib/http/sender.h"
#include "lib/protocol/cloud_accounts.h"
#include "lib/store/store.h"

namespace fiscalgate {

class CloudService {
 public:
  CloudService(const base::Clock& clock, const std::string& public_url);

  // `on_change` is told of conversations that came to an end.
  void Open(store::Store& store, http::Sender& sender, DirectoryCache& directory,
            std::function<void(const task::Task&)> on_change,
            std::shared_ptr<dispatch::Outlook> outlook, const cluster::Holdings* holdings);
  void AddRoutes(Router* router);
  void Start() { conversations_->Start(); }
  void Stop() { conversations_->Stop(); }

  CloudWindowPtr window() const { return window_; }
  dispatch::Conversations& conversations() { return *conversations_; }

 private:
  const base::Clock& clock_;
  const std::shared_ptr<const protocol::CloudAccounts> accounts_;
  store::Store* store_ = nullptr;
  DirectoryCache* directory_ = nullptr;
  CloudWindowPtr window_;
  std::unique_ptr<dispatch::Conversations> conversations_;
};

}  // namespace fiscalgate
