#include "fcgi/rate_limiter.h"

#include <algorithm>

namespace fiscalgate {

bool RateLimiter::Allow(task::ShopKey shop, int rate_per_second) {
  if (rate_per_second <= 0) return true;
  constexpr std::int64_t kToken = 1000;
  const std::int64_t full = rate_per_second * kToken;
  const base::MonoTime now = clock_.Mono();
  std::lock_guard lock(mutex_);
  const auto [entry, fresh] = buckets_.try_emplace(shop, Bucket{full, now});
  Bucket& bucket = entry->second;
  // One token a second is one thousandth of it a millisecond; a bucket is full after a second.
  const std::int64_t elapsed_ms =
      std::clamp<std::int64_t>((now - bucket.filled_at).count(), 0, 1000);
  bucket.millitokens = std::min(full, bucket.millitokens + elapsed_ms * rate_per_second);
  bucket.filled_at = now;
  if (bucket.millitokens < kToken) return false;
  bucket.millitokens -= kToken;
  return true;
}

}  // namespace fiscalgate
