// What the doors and the pages know of cloud registers: whether one can take a package, and what of
// its provider the shop and the buyer may open. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fcgi/door.h"
#include "lib/base/json.h"
#include "lib/protocol/cloud_accounts.h"
#include "lib/store/store.h"

namespace fiscalgate {

// What a task's provider has to show, as long as it is of use.
struct TaskLinks {
  std::string payment_url;  // the buyer has to go there to pay
  std::string receipt_url;  // the provider's page of the receipt
};

class CloudWindow {
 public:
  CloudWindow(std::shared_ptr<const protocol::CloudAccounts> accounts,
              std::function<task::DirectoryPtr()> directory)
      : accounts_(std::move(accounts)), directory_(std::move(directory)) {}

  protocol::CloudAccounts::Opened AccountOf(const task::Register& r) const {
    return accounts_->Of(r);
  }
  bool IsCloud(const task::Task& task) const;
  // Its shop or buyer may have it done again once it has failed. Not what was sent and left no
  // notes: a driver, whose register it was then, may have printed it.
  bool MayBeRetried(const task::Task& task) const;
  // Nothing of a register that is none in the cloud, or whose account cannot be opened.
  TaskLinks LinksOf(const store::TaskView& view) const;

 private:
  const std::shared_ptr<const protocol::CloudAccounts> accounts_;
  const std::function<task::DirectoryPtr()> directory_;
};
using CloudWindowPtr = std::shared_ptr<const CloudWindow>;

// The account of a cloud register; null of any other. A refusal (503) if it cannot be opened;
// without a window none can.
MaybeRefusal OpenAccount(const CloudWindow* cloud, const task::Register& r, base::Language language,
                         std::shared_ptr<const protocol::CloudAccount>* account);

// Of a window that may be null.
TaskLinks LinksOf(const CloudWindow* cloud, const store::TaskView& view);

// The address of the provider's page of the receipt as a QR code; empty if there is none.
std::optional<std::string> LinkQr(const CloudWindow* cloud, const store::TaskView& view);

// "payment_url" and "receipt_url", where the gateway's own page of the receipt stands if the
// provider has none; else the latter is "receipt_page_url", and the provider's is told as
// "provider_receipt_url" with the address of its QR code besides.
void WriteLinks(const TaskLinks& links, const std::string& receipt_page, base::JsonWriter* writer);

}  // namespace fiscalgate
