#include "fcgi/disk_guard.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "lib/base/log.h"

namespace fiscalgate {

DiskGuard::DiskGuard(std::string folder, std::uint64_t min_free_bytes)
    : folder_(std::move(folder)), min_free_bytes_(min_free_bytes) {
  Check();
}

void DiskGuard::Check() {
  if (folder_.empty()) return;
  struct statvfs info {};
  const bool known = statvfs(folder_.c_str(), &info) == 0;
  const int error = known ? 0 : errno;
  const std::uint64_t free = known ? std::uint64_t{info.f_bavail} * info.f_frsize : 0;
  const std::uint64_t least = min_free_bytes_;
  const bool room = least == 0 || free >= least;
  free_bytes_ = free;
  if (has_room_.exchange(room) == room) return;
  if (room) {
    log::Warn("disk_has_room_again", {{"folder", folder_}, {"free_mb", free >> 20}});
  } else {
    log::Error("disk_full", {{"folder", folder_},
                             {"free_mb", free >> 20},
                             {"least_mb", least >> 20},
                             {"error", error == 0 ? "" : std::strerror(error)}});
  }
}

std::string FolderOfStore(const std::string& store_url) {
  constexpr std::string_view kFile = "sqlite:";
  if (store_url.rfind(kFile, 0) != 0) return "";
  const std::string path = store_url.substr(kFile.size());
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace fiscalgate
