// The transactions of one shop: what is taken, what becomes of it with time, and what the buyer
// decides. Kept in the cloud's ledger under their uid; receipts are printed by its press. Only with
// the cloud's mutex held.
//
// Nothing here calls out: what shops are to be notified of goes to `on_news`, which must only hand
// it on.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "fcgi/emulator/begateway/answer.h"
#include "fcgi/emulator/begateway/complaints.h"
#include "fcgi/emulator/begateway/wire.h"
#include "fcgi/emulator/cloud/service.h"

namespace fiscalgate::emulator::begateway {

inline constexpr std::string_view kExpireS = "expire_s";
inline constexpr std::string_view kDuplicateCheck = "duplicate_check";

class Book {
 public:
  using OnNews = std::function<void(const View&)>;
  // All must outlive it.
  Book(cloud::Cloud& cloud, const cloud::Service& service, OnNews on_news);
  // Reads the ledger. Errors: kMalformed.
  base::Status Load();

  // Takes it, or says what is wrong. Errors: kInvalid (see `complaints`), kTooLarge, kInternal;
  // nothing was taken then.
  base::Result<View> Submit(Submitted submitted, Complaints* complaints);
  // A request id of the last 24 hours stands for its transaction; nullptr for any other.
  const Transaction* FindRequest(const std::string& request_id) const;
  const Transaction* Find(const std::string& uid) const;
  // At most ten, the newest first.
  std::vector<const Transaction*> FindTracked(const std::string& tracking_id,
                                              bool alternative) const;
  // As it stands now; it is there. Errors: kInternal.
  base::Result<View> Look(const std::string& uid);
  // The buyer confirms an incomplete one, or does not; one that is no longer open stays as it is.
  base::Status Decide(const std::string& uid, bool approve);

  // Does what is due. When to come again; empty = never.
  base::Result<std::optional<base::WallTime>> Settle();
  const std::map<std::string, Transaction, std::less<>>& all() const { return transactions_; }

 private:
  void CheckParent(const Transaction& transaction, Complaints* complaints) const;
  bool IsDuplicate(const Submitted& submitted) const;
  base::Money Used(const Transaction& parent) const;
  void Begin(Transaction* transaction);
  base::Status Close(Transaction transaction, bool approve);
  base::Status Keep(Transaction transaction, bool pays);
  void Remember(Transaction transaction);
  base::Status SettleOne(const std::string& uid);
  base::Status Age(const Transaction& transaction);
  void Schedule(const Transaction& transaction);
  std::optional<base::WallTime> NextDue(const Transaction& transaction) const;
  View ViewOf(const Transaction& transaction, cloud::Stage stage) const;

  cloud::Cloud& cloud_;
  const cloud::Service& service_;
  const OnNews on_news_;
  std::map<std::string, Transaction, std::less<>> transactions_;
  std::unordered_map<std::string, std::string> by_request_;
  std::unordered_map<std::string, std::vector<std::string>> by_tracking_;
  std::unordered_map<std::string, std::vector<std::string>> children_;
  std::vector<std::string> order_;                           // uids as they came
  std::set<std::pair<base::WallTime, std::string>> agenda_;  // what time alone will change
  std::unordered_map<std::string, base::WallTime> due_of_;   // the same by uid
};

}  // namespace fiscalgate::emulator::begateway
