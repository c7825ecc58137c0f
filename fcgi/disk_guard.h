// Watches the free space beside the database, so that new work is refused while there is still room
// to finish the old. Check: one thread (the janitor). The rest: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace fiscalgate {

class DiskGuard {
 public:
  // `folder` must exist; "" = there is nothing to watch. A minimum of 0 never refuses.
  DiskGuard(std::string folder, std::uint64_t min_free_bytes);
  // Looks; says in the log when the answer changes. A folder that cannot be looked at has no room.
  void Check();
  void set_min_free_bytes(std::uint64_t bytes) { min_free_bytes_ = bytes; }
  bool HasRoom() const { return has_room_; }
  std::uint64_t free_bytes() const { return free_bytes_; }

 private:
  const std::string folder_;
  std::atomic<std::uint64_t> min_free_bytes_;
  std::atomic<std::uint64_t> free_bytes_{0};
  std::atomic<bool> has_room_{true};
};

// The folder of a store url: "sqlite:/var/lib/x/y.db" -> "/var/lib/x". "" for a store elsewhere.
std::string FolderOfStore(const std::string& store_url);

}  // namespace fiscalgate
