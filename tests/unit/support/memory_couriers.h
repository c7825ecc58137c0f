// Couriers in memory, for tests. Not for more than one thread at a time.
#pragma once

#include <algorithm>
#include <map>

#include "lib/store/couriers.h"

namespace fiscalgate::testing {

class MemoryCouriers final : public store::Couriers {
 public:
  base::Result<std::int64_t> Add(const store::Courier& courier, const store::By&) override {
    const auto key = static_cast<std::int64_t>(by_key_.size()) + 1;
    if (IsTaken(courier.login, key)) return Taken(courier);
    by_key_[key] = courier;
    by_key_[key].key = key;
    return key;
  }
  base::Status Update(const store::Courier& courier, const store::By&) override {
    const auto found = by_key_.find(courier.key);
    if (found == by_key_.end()) return base::Error{base::Code::kNotFound, "no such courier"};
    if (IsTaken(courier.login, courier.key)) return Taken(courier);
    found->second = courier;
    return base::Ok();
  }
  base::Result<std::vector<store::Courier>> List() override {
    std::vector<store::Courier> all;
    for (const auto& [key, courier] : by_key_) all.push_back(courier);
    return all;
  }
  base::Result<std::optional<store::Courier>> Find(std::string_view login) override {
    std::optional<store::Courier> found;
    for (const auto& [key, courier] : by_key_) {
      if (courier.login == login) found = courier;
    }
    return found;
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
  bool IsTaken(const std::string& login, std::int64_t by_other_than) const {
    return std::any_of(by_key_.begin(), by_key_.end(), [&](const auto& each) {
      return each.first != by_other_than && each.second.login == login;
    });
  }
  static base::Error Taken(const store::Courier& courier) {
    return {base::Code::kConflict, "login " + courier.login + " is taken"};
  }

  std::map<std::int64_t, store::Courier> by_key_;
  std::map<task::ShopKey, std::string> goods_;
};

}  // namespace fiscalgate::testing
