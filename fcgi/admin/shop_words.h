// A shop as typed and as shown. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcgi/admin/table.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/task/directory.h"

namespace fiscalgate::admin {

// What was given on the command line; the rest stays as it is.
struct ShopOptions {
  std::optional<std::string> name, vat_policy, inn_policy, deadline, bitrix24_webhook;
  std::optional<int> rate;
  std::optional<bool> accept_encoded_signature, allow_prog_url, lenient_receipts, demand_successful;
};

// Errors: kInvalid; then `shop` is not to be used.
base::Status ApplyShopOptions(const ShopOptions& options, task::Shop* shop);

// Makes what was not given: account id and code.
task::Shop NewShop(const std::string& account_id, const std::string& code);
// The old code is accepted until `until`.
void RotateCode(const std::string& code, base::WallTime until, task::Shop* shop);

// With a directory its routes are shown too.
void WriteShop(const task::Shop& shop, bool reveal, base::JsonWriter* writer,
               const task::Directory* directory = nullptr);
std::string ShopSheet(const task::Shop& shop, bool reveal,
                      const task::Directory* directory = nullptr);
std::string ShopTable(const std::vector<task::Shop>& shops);
// What the shop's owner has to enter on the site.
std::string ShopToPaste(const task::Shop& shop);

}  // namespace fiscalgate::admin
