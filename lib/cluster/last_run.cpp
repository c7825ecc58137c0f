#include "lib/cluster/last_run.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "lib/base/log.h"

namespace fiscalgate::cluster {
namespace {

constexpr std::size_t kMaxBytes = 64;

}  // namespace

LastRun::LastRun(const std::string& path) {
  if (path.empty()) return;
  fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0 || flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    log::Warn("last_run_not_known", {{"file", path}, {"error", std::strerror(errno)}});
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
    return;
  }
  char text[kMaxBytes];
  const ssize_t size = pread(fd_, text, sizeof text, 0);
  if (size > 0) token_.assign(text, static_cast<std::size_t>(size));
}

LastRun::~LastRun() {
  if (fd_ >= 0) close(fd_);
}

void LastRun::Keep(const std::string& token) {
  if (fd_ < 0) return;
  const bool kept = ftruncate(fd_, 0) == 0 && pwrite(fd_, token.data(), token.size(), 0) ==
                                                  static_cast<ssize_t>(token.size());
  // Then the next run waits until this one is silent.
  if (!kept) log::Warn("last_run_not_kept", {{"error", std::strerror(errno)}});
}

}  // namespace fiscalgate::cluster
