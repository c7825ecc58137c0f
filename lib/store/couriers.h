// Those who sell with a phone, and the goods of their shops. Reads never wait for the writer;
// writes are rare, wait for their commit, and leave a line in the audit trail. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/task/task.h"

namespace fiscalgate::store {

struct Courier {
  std::int64_t key = 0;
  std::string login;  // short, lower case; stands in order numbers
  std::string name;
  bool enabled = true;
  task::ShopKey shop = 0;
  task::RegisterKey register_key = 0;
  std::string password;   // as base::HashPassword gives it
  std::string prog_url;   // a driver of their own; "" = the register's address
  int taxation_1055 = 1;  // of what they sell
  int vat_1199 = 6;       // of goods that name no rate
};

// Who did it, for the audit trail.
struct By {
  std::string who, act;
  base::WallTime at;
};

class Couriers {
 public:
  virtual ~Couriers() = default;
  // Errors: kConflict: the login is taken.
  virtual base::Result<std::int64_t> Add(const Courier& courier, const By& by) = 0;
  virtual base::Status Update(const Courier& courier, const By& by) = 0;
  virtual base::Result<std::vector<Courier>> List() = 0;
  virtual base::Result<std::optional<Courier>> Find(std::string_view login) = 0;
  // A JSON list.
  virtual base::Status PutGoods(task::ShopKey shop, const std::string& goods, const By& by) = 0;
  // "[]" if there is none.
  virtual base::Result<std::string> Goods(task::ShopKey shop) = 0;
};

}  // namespace fiscalgate::store
