// What must not be archived, by order of somebody: a task, an order, or a month. Whatever it is, it
// keeps its whole month. For operators: each opens the store for itself, and waits for its commit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/store/connection.h"
#include "lib/store/month.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

struct LegalHold {
  enum class Kind { kTask, kOrder, kMonth };
  std::int64_t key = 0;
  Kind kind = Kind::kMonth;
  std::string subject;  // id, "account/order", or "2025-01"
  Month month = 0;
  std::string why, who;
  WallTime placed_at;
};

// What is to be held, or let go.
struct HoldOrder {
  LegalHold::Kind kind = LegalHold::Kind::kMonth;
  std::string task_id;
  std::string account_id, order_id;
  Month month = 0;
  std::string why, who;
  WallTime at;
};

// Both leave a line in the audit trail. Errors: kNotFound: there is no such task, shop, order or
// hold, or no task of a month that is over; kConflict: it is held already; kUnavailable: its month
// is being archived just now.
Result<LegalHold> AddHold(const std::string& url, const HoldOrder& order);
Status RemoveHold(const std::string& url, const HoldOrder& order);
// The oldest first.
Result<std::vector<LegalHold>> ListHolds(const std::string& url);

// On a connection.
Result<std::vector<LegalHold>> ReadHolds(Connection& connection);
Result<bool> IsHeld(Connection& connection, Month month);
// In the caller's transaction. From the first to the second nobody can place a hold on the month.
// Errors: kConflict: it is held.
Status BeginArchiving(Connection& connection, Month month);
Status EndArchiving(Connection& connection);
Result<Month> MonthBeingArchived(Connection& connection);  // 0: none

}  // namespace fiscalgate::store
