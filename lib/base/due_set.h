// Which keys are due when: one time a key, the earliest first. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "lib/base/clock.h"

namespace fiscalgate::base {

class DueSet {
 public:
  // Replaces the time the key had; no time takes the key out.
  void Set(std::int64_t key, std::optional<MonoTime> due) {
    const auto it = due_.find(key);
    if (it != due_.end()) {
      if (due && it->second == *due) return;
      order_.erase({it->second, key});
      due_.erase(it);
    }
    if (!due) return;
    due_.emplace(key, *due);
    order_.emplace(*due, key);
  }

  // Takes out one key that is due by now.
  std::optional<std::int64_t> Pop(MonoTime now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    const std::int64_t key = order_.begin()->second;
    order_.erase(order_.begin());
    due_.erase(key);
    return key;
  }

  std::optional<MonoTime> Earliest() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
  }

  std::size_t size() const { return order_.size(); }

 private:
  std::set<std::pair<MonoTime, std::int64_t>> order_;
  std::unordered_map<std::int64_t, MonoTime> due_;
};

}  // namespace fiscalgate::base
