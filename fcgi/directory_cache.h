// The current snapshot of shops and registers. Operators change them from another process; the
// janitor notices by the store's operator version, and a post that names an unknown shop or
// register makes us look at once (not more often than kMaxLooksPerSecond), so that a shop added a
// moment ago is served. Any thread.
#pragma once

#include <functional>
#include <mutex>

#include "fcgi/rate_limiter.h"
#include "lib/base/clock.h"
#include "lib/store/store.h"
#include "lib/task/directory.h"

namespace fiscalgate {

class DirectoryCache {
 public:
  static constexpr int kMaxLooksPerSecond =
      50;  // one is a single row read; a flood may not cost more

  // `on_change` is called after every new snapshot but the first, on the thread that noticed.
  DirectoryCache(store::Store& store, const base::Clock& clock, std::function<void()> on_change);

  // The first snapshot, before anything else is called. Errors: those of the store.
  base::Status Load();
  task::DirectoryPtr Current() const;
  // Looks whether something has changed; a store that cannot be read is logged, the snapshot stays.
  void Poll();
  // Somebody named what the snapshot does not know: looks if it may, gives what is current then.
  task::DirectoryPtr LookAgain();

 private:
  base::Status Reload(std::int64_t version);

  store::Store& store_;
  const std::function<void()> on_change_;
  RateLimiter looks_;
  std::mutex looking_;  // one look at a time
  std::int64_t version_ = -1;
  mutable std::mutex mutex_;
  task::DirectoryPtr current_;
};

}  // namespace fiscalgate
