// One transaction as the gateway keeps it, and the form it is kept in. Plain values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcgi/emulator/begateway/card.h"
#include "fcgi/emulator/begateway/fiscal_order.h"
#include "lib/base/clock.h"

namespace fiscalgate::emulator::begateway {

enum class Kind { kPayment, kAuthorization, kCapture, kVoid, kRefund };
std::string_view KindName(Kind kind);  // "payment"
std::optional<Kind> KindFromName(std::string_view name);
inline bool IsFirst(Kind kind) { return kind == Kind::kPayment || kind == Kind::kAuthorization; }

enum class Status { kIncomplete, kPending, kSuccessful, kFailed, kExpired };
std::string_view StatusName(Status status);
inline bool IsOpen(Status status) {
  return status == Status::kIncomplete || status == Status::kPending;
}

// What the shop wants to be printed. Whether it was, the register knows.
struct Fiscal {
  std::string id;  // UUID
  FiscalOrder order;
  std::string order_json;  // as it came
};

struct Transaction {
  std::string uid;  // UUID
  Kind kind = Kind::kPayment;
  Status status = Status::kSuccessful;
  Plan plan = Plan::kApprove;
  bool alternative = false;  // of the api's host
  bool test = false;
  base::Money amount;
  std::string currency = "RUB", description, tracking_id, language, message;
  std::string parent_uid, reason, notification_url, return_url, method_type;
  std::string request_id, checkout_token;
  std::optional<Card> card;
  std::string customer_json, billing_json;  // objects, or ""
  std::optional<Fiscal> fiscal;
  base::WallTime created_at, updated_at;
  std::optional<base::WallTime> paid_at;
  std::optional<base::WallTime> due;  // when a pending one is decided, or an incomplete one expires

  // 1 = sale, 2 = its return
  int receipt_type_1054() const { return kind == Kind::kRefund ? 2 : 1; }
};

// All of it but the fiscal order, which is kept beside it as it came.
std::string WriteNotes(const Transaction& transaction);
// Empty: not such a line.
std::optional<Transaction> ReadNotes(std::string_view notes, std::string_view order_json);

// UUID of random bytes.
std::string NewUid();

}  // namespace fiscalgate::emulator::begateway
