// Requests as they come: the body of a transaction and of a payment page, read strictly, everything
// that is wrong at once. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fcgi/emulator/begateway/complaints.h"
#include "fcgi/emulator/begateway/transaction.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator::begateway {

// What the merchant's back office says.
struct Shop {
  std::string id;
  base::Secret secret_key;
  std::string inn;  // "" = not filled in: no fiscalization
  std::string company = "company";
  int taxation_1055 = 1;  // of the register, where an order names none
};

struct Submitted {
  Transaction transaction;  // without uid, status and times
  bool duplicate_check = true;
};

struct Terms {
  const Shop& shop;
  base::WallTime now;
  bool alternative = false;
  const Transaction* parent = nullptr;  // the transaction that parent_uid names, if there is one
};
// The "parent_uid" of {"request": {...}}, or "".
std::string_view ParentUid(const base::JsonValue& root);
// `root` is {"request": {...}}.
Submitted ReadSubmitted(const base::JsonValue& root, Kind kind, const Terms& terms,
                        Complaints* complaints);

struct CheckoutOrder {
  Kind kind = Kind::kPayment;
  Transaction payment;  // what it will be: amount, description, fiscalization ...
  std::string success_url, decline_url, fail_url, cancel_url, return_url;
};
// `root` is {"checkout": {...}}.
CheckoutOrder ReadCheckoutOrder(const base::JsonValue& root, const Shop& shop,
                                Complaints* complaints);

}  // namespace fiscalgate::emulator::begateway
