#include "fcgi/directory_cache.h"

#include <utility>

#include "lib/base/log.h"

namespace fiscalgate {

DirectoryCache::DirectoryCache(store::Store& store, const base::Clock& clock,
                               std::function<void()> on_change)
    : store_(store), on_change_(std::move(on_change)), looks_(clock) {}

base::Status DirectoryCache::Load() {
  std::lock_guard looking(looking_);
  const auto version = store_.OperatorVersion();
  if (!version) return version.error();
  return Reload(*version);
}

task::DirectoryPtr DirectoryCache::Current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

void DirectoryCache::Poll() {
  {
    std::lock_guard looking(looking_);
    const auto version = store_.OperatorVersion();
    if (version && *version == version_) return;
    const base::Status loaded = version ? Reload(*version) : base::Status(version.error());
    if (!loaded) {
      log::Warn("directory_not_read", {{"error", loaded.error().what}});
      return;
    }
  }
  on_change_();
}

task::DirectoryPtr DirectoryCache::LookAgain() {
  if (looks_.Allow(0, kMaxLooksPerSecond)) {
    Poll();
  } else {
    // Who is looking now, looks for us too.
    std::lock_guard wait(looking_);
  }
  return Current();
}

// The version is read before the rows: a change in between is noticed by the next look.
base::Status DirectoryCache::Reload(std::int64_t version) {
  auto loaded = store_.LoadDirectory();
  if (!loaded) return loaded.error();
  version_ = version;
  std::lock_guard lock(mutex_);
  current_ = std::move(loaded).value();
  return base::Ok();
}

}  // namespace fiscalgate
