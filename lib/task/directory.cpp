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

bool ChecksAlike(const Register& a, const Register& b) {
  return a.ffd_version == b.ffd_version && a.taxation_mask == b.taxation_mask &&
         a.profile == b.profile;
}

Directory::Directory(std::vector<Shop> shops, std::vector<Register> registers, std::int64_t version,
                     std::vector<Group> groups)
    : shops_(std::move(shops)),
      registers_(std::move(registers)),
      version_(version),
      groups_(std::move(groups)) {
  for (std::size_t i = 0; i < shops_.size(); ++i) {
    shop_by_account_.emplace(shops_[i].account_id, i);
    shop_by_key_.emplace(shops_[i].key, i);
  }
  for (std::size_t i = 0; i < registers_.size(); ++i) {
    register_by_key_.emplace(registers_[i].key, i);
    const base::Secret& token = registers_[i].kkt_token;
    if (!token.empty()) register_by_token_.emplace(base::Sha256(token.Reveal()), i);
    const base::Secret& agent = registers_[i].agent_key;
    if (!agent.empty()) register_by_agent_key_.emplace(base::Sha256(agent.Reveal()), i);
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const base::Secret& token = groups_[i].kkt_token;
    if (!token.empty()) group_by_token_.emplace(base::Sha256(token.Reveal()), i);
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

const Register* Directory::FindRegisterByAgentKey(std::string_view key) const {
  return FindIn(register_by_agent_key_, base::Sha256(key), registers_);
}

bool Directory::MayUse(const Register& register_, ShopKey shop) {
  return std::find(register_.shops.begin(), register_.shops.end(), shop) != register_.shops.end();
}

// Few, and looked for only where something is shown.
const Group* Directory::FindGroup(GroupKey key) const {
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [key](const Group& group) { return group.key == key; });
  return found == groups_.end() ? nullptr : &*found;
}

const Group* Directory::FindGroupByToken(std::string_view kkt_token) const {
  if (groups_.empty()) return nullptr;
  return FindIn(group_by_token_, base::Sha256(kkt_token), groups_);
}

bool Directory::MayUse(const Group& group, ShopKey shop) {
  return std::find(group.shops.begin(), group.shops.end(), shop) != group.shops.end();
}

}  // namespace fiscalgate::task
