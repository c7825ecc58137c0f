#include "lib/cluster/census.h"

#include <utility>

#include "lib/base/limits.h"

namespace fiscalgate::cluster {
namespace {

// FNV-1a over the token, then a finish that mixes the key in (splitmix64): the same on all nodes.
std::uint64_t Weight(const std::string& token, std::int64_t key) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : token) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash += static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15ULL;
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31);
}

}  // namespace

bool Census::See(const std::vector<store::Node>& nodes, base::MonoTime now) {
  const bool without_gap = looked_ && now - looked_at_ <= base::kNodeMaxLookGap;
  std::unordered_map<std::string, Seen> seen;
  for (const store::Node& node : nodes) {
    const auto before = seen_.find(node.token);
    const bool stands =
        without_gap && before != seen_.end() && before->second.renewals == node.renewals;
    seen.emplace(node.token, stands ? before->second : Seen{node.renewals, now});
  }
  bool changed = seen.size() != seen_.size();
  for (const auto& [token, its] : seen) changed = changed || !seen_.contains(token);
  seen_ = std::move(seen);
  nodes_ = nodes;
  looked_ = true;
  looked_at_ = now;
  return changed;
}

void Census::SeeNothing() { looked_ = false; }

std::vector<store::Node> Census::Silent(const std::string& own, base::MonoTime now) const {
  std::vector<store::Node> silent;
  for (const store::Node& node : nodes_) {
    if (node.token == own) continue;
    if (now - seen_.at(node.token).since >= base::kNodeSilence) silent.push_back(node);
  }
  return silent;
}

std::string Census::OwnerOf(std::int64_t key) const {
  const store::Node* owner = nullptr;
  std::uint64_t most = 0;
  for (const store::Node& node : nodes_) {
    const std::uint64_t weight = Weight(node.token, key);
    if (owner != nullptr && weight <= most) continue;
    owner = &node;
    most = weight;
  }
  return owner == nullptr ? "" : owner->token;
}

}  // namespace fiscalgate::cluster
