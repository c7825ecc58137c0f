// POST /api/callback/{provider}/{register key}: a provider says that something has happened to one
// of its transactions. It only hastens the question that the task's conversation would ask anyway:
// nothing in it is taken for true but the task's id. Nothing of it is logged or kept.
//
// 200 once it is understood; 401 not genuine; 400 not understood; 404 no such register at that
// provider; 413 too long; 503 the register's settings or the store cannot be read: it may come
// again. Of a task that is unknown, over, or another register's: 200 too. The merchant may have
// transactions of its own at the provider, which would else be told for ever, and a stranger learns
// nothing, because only a genuine one is answered so.
#pragma once

#include <functional>
#include <optional>

#include "fcgi/exchange.h"
#include "lib/protocol/cloud_accounts.h"
#include "lib/store/store.h"

namespace fiscalgate {

class ProviderCallback final : public Handler {
 public:
  struct Parts {
    const protocol::CloudAccounts& accounts;
    std::function<task::DirectoryPtr()> directory;
    // Store::FindTask
    std::function<base::Result<std::optional<store::TaskView>>(std::string_view id)> find_task;
    // The task's conversation is due now.
    std::function<void(task::RegisterKey lane, task::TaskSeq seq)> nudge;
  };
  explicit ProviderCallback(Parts parts) : parts_(std::move(parts)) {}

  // Any request thread.
  void Handle(ExchangePtr exchange) override;

 private:
  http::Response Answer(const http::Request& request) const;
  http::Response Hasten(const std::string& task_id, const task::Register& register_,
                        base::Language language) const;

  const Parts parts_;
};

}  // namespace fiscalgate
