// The accounts of all cloud registers, opened once for each state of a register's settings. Whoever
// accepts receipts and whoever sends them ask here, so that both go by the same settings. Any
// thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lib/protocol/cloud.h"

namespace fiscalgate::protocol {

class CloudAccounts {
 public:
  explicit CloudAccounts(std::vector<std::shared_ptr<const CloudProvider>> providers);

  struct Opened {
    std::shared_ptr<const CloudAccount> account;  // null: see `fault`
    std::string fault;                            // why not; no secrets
    std::size_t fingerprint = 0;                  // changes with the register's settings
  };
  // `register_` is a cloud register.
  Opened Of(const task::Register& register_) const;
  // Null: there is none of that name.
  const CloudProvider* Find(std::string_view provider) const;
  const std::vector<std::shared_ptr<const CloudProvider>>& providers() const { return providers_; }

 private:
  const std::vector<std::shared_ptr<const CloudProvider>> providers_;
  mutable std::mutex mutex_;  // guards opened_; held while an account is opened (rare)
  mutable std::map<task::RegisterKey, Opened> opened_;
};

}  // namespace fiscalgate::protocol
