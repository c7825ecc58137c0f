#include "lib/task/directory.h"

#include <algorithm>

namespace fiscalgate::task {
namespace {

template <typename Map, typename Key, typename T>
const T* FindIn(const Map& index, const Key& key, const std::vector<T>& values) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &values[found->second];
}

}  // namespace

Directory::Directory(std::vector<Shop> shops, std::vector<Register> registers, std::int64_t version)
    : shops_(std::move(shops)), registers_(std::move(registers)), version_(version) {
  for (std::size_t i = 0; i < shops_.size(); ++i) {
    shop_by_account_.emplace(shops_[i].account_id, i);
    shop_by_key_.emplace(shops_[i].key, i);
  }
  for (std::size_t i = 0; i < registers_.size(); ++i) {
    register_by_key_.emplace(registers_[i].key, i);
    const base::Secret& token = registers_[i].kkt_token;
    if (!token.empty()) register_by_token_.emplace(base::Sha256(token.Reveal()), i);
  }
}

const Shop* Directory::FindShop(std::string_view account_id) const {
  return FindIn(shop_by_account_, std::string(account_id), shops_);
}

const Shop* Directory::FindShop(ShopKey key) const { return FindIn(shop_by_key_, key, shops_); }

const Register* Directory::FindRegister(RegisterKey key) const {
  return FindIn(register_by_key_, key, registers_);
}

const Register* Directory::FindRegisterByToken(std::string_view kkt_token) const {
  return FindIn(register_by_token_, base::Sha256(kkt_token), registers_);
}

bool Directory::MayUse(const Register& register_, ShopKey shop) {
  return std::find(register_.shops.begin(), register_.shops.end(), shop) != register_.shops.end();
}

}  // namespace fiscalgate::task
