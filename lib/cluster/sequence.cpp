#include "lib/cluster/sequence.h"

#include <utility>

#include "lib/base/limits.h"

namespace fiscalgate::cluster {

store::Unseen Sequence::unseen() const {
  store::Unseen unseen{above_, {}};
  for (const auto& [number, missed_at] : missing_) unseen.missing.push_back(number);
  return unseen;
}

bool Sequence::Take(std::int64_t number, std::int64_t next_transaction) {
  if (number <= above_) return missing_.erase(number) > 0;
  const std::int64_t between = number - above_ - 1;
  if (between + static_cast<std::int64_t>(missing_.size()) >
      static_cast<std::int64_t>(base::kMaxMissingNumbers)) {
    jumped_ = true;
  } else {
    for (std::int64_t n = above_ + 1; n < number; ++n) missing_.emplace(n, next_transaction);
  }
  above_ = number;
  return true;
}

void Sequence::Settle(std::int64_t oldest_running) {
  std::erase_if(missing_, [&](const auto& entry) { return entry.second <= oldest_running; });
}

std::int64_t Sequence::complete() const {
  return missing_.empty() ? above_ : missing_.begin()->first - 1;
}

bool Sequence::TakeJump() { return std::exchange(jumped_, false); }

}  // namespace fiscalgate::cluster
