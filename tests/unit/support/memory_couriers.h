// Couriers in memory, for tests. Not for more than one thread at a time.
#pragma once

#include <map>

#include "lib/store/couriers.h"

namespace fiscalgate::testing {

class MemoryCouriers final : public store::Couriers {
 public:
  base::Result<std::int64_t> Add(const store::Courier& courier, const store::By&) override {
    if (by_login_.contains(courier.login)) return base::Error{base::Code::kConflict, "taken"};
    store::Courier& kept = by_login_[courier.login] = courier;
    kept.key = static_cast<std::int64_t>(by_login_.size());
    return kept.key;
  }
  base::Status Update(const store::Courier& courier, const store::By&) override {
    by_login_[courier.login] = courier;
    return base::Ok();
  }
  base::Result<std::vector<store::Courier>> List() override {
    std::vector<store::Courier> all;
    for (const auto& [login, courier] : by_login_) all.push_back(courier);
    return all;
  }
  base::Result<std::optional<store::Courier>> Find(std::string_view login) override {
    const auto found = by_login_.find(std::string(login));
    if (found == by_login_.end()) return std::optional<store::Courier>();
    return std::optional(found->second);
  }
  base::Status PutGoods(task::ShopKey shop, const std::string& goods, const store::By&) override {
    goods_[shop] = goods;
    return base::Ok();
  }
  base::Result<std::string> Goods(task::ShopKey shop) override {
    const auto found = goods_.find(shop);
    return found == goods_.end() ? std::string("[]") : found->second;
  }

 private:
  std::map<std::string, store::Courier> by_login_;
  std::map<task::ShopKey, std::string> goods_;
};

}  // namespace fiscalgate::testing
