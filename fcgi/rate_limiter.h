// A token bucket for each shop: so many posts a second, with a burst of one second's worth. Any
// thread. Memory: one bucket a shop that has ever posted; shops are entered by the operator.
#pragma once

#include <mutex>
#include <unordered_map>

#include "lib/base/clock.h"
#include "lib/task/task.h"

namespace fiscalgate {

class RateLimiter {
 public:
  explicit RateLimiter(const base::Clock& clock) : clock_(clock) {}
  // Takes one token; false if there is none. A rate of 0 has no limit.
  bool Allow(task::ShopKey shop, int rate_per_second);

 private:
  struct Bucket {
    std::int64_t millitokens = 0;
    base::MonoTime filled_at;
  };
  const base::Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<task::ShopKey, Bucket> buckets_;
};

}  // namespace fiscalgate
