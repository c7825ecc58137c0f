// Copies of a store that outlive it, and the way back. Of SQLite files; PostgreSQL has tools of its
// own, and what is said here of restored copies holds for what they restore, too.
//
// The key file belongs to a copy and is not in it. One thread; takes as long as the store is large.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/crypto.h"
#include "lib/store/store.h"

namespace fiscalgate::store {

struct StoreSummary {
  int schema = 0;
  std::int64_t bytes = 0;
  std::int64_t shops = 0, registers = 0, tasks = 0;
  std::int64_t queued = 0, in_flight = 0, unknown = 0;  // of the tasks
  std::int64_t callbacks_pending = 0;
};

using CopyProgress = std::function<void(std::int64_t pages, std::int64_t of)>;

struct BackupMade {
  StoreSummary summary;
  WallTime taken_at;
};
// `file` is there only once it is whole, checked and on the disk; readable by its owner only. The
// gateway goes on meanwhile. Errors: kConflict (there is such a file), kInvalid (not an SQLite
// store), kMalformed (the store is broken), those of files.
Result<BackupMade> BackupStore(const std::string& url, const std::string& file, WallTime now,
                               const CopyProgress& progress);

struct RestoreOrder {
  std::string from;    // a file; "" = nothing is copied: `to` is a copy that was put there by hand
  std::string to;      // sqlite:..., or any store if nothing is copied
  bool force = false;  // what is there is kept aside
  bool as_is = false;  // nothing was printed since: queued tasks stay queued
  ResultWriter write_result;
  std::string who;
  WallTime now;
};
struct Restored {
  StoreSummary summary;
  WallTime taken_at;
  bool time_is_known = false;  // else its last change was then
  std::int64_t made_unknown = 0;
  std::string kept_aside;  // "" = there was nothing
};
// Everything is checked and changed in a copy beside the place; what is there is touched last.
// Errors: kConflict (something is there, or a gateway has it open), kForbidden (sealed with another
// key), kInternal (made by a newer version), kMalformed (broken), kInvalid (not an SQLite store).
Result<Restored> RestoreStore(const RestoreOrder& order, const base::KeyRing& keys,
                              const CopyProgress& progress);

}  // namespace fiscalgate::store
