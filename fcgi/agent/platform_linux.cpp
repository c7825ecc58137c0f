// Files and clocks of Linux.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fcgi/agent/platform.h"

namespace fiscalgate::agent::platform {
namespace {

constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateFolder = 0700;

std::string Reason(const std::string& what) { return what + ": " + std::strerror(errno); }

std::string FolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool FlushFolder(const std::string& folder, std::string* error) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool flushed = fd >= 0 && fsync(fd) == 0;
  if (!flushed) *error = Reason(folder);
  if (fd >= 0) close(fd);
  return flushed;
}

std::int64_t ClockMs(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

bool File::Fail(const char* what) {
  error_ = Reason(what);
  return false;
}

bool File::OpenToRead(const std::string& path) {
  Close();
  error_.clear();
  handle_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return is_open() || Fail(path.c_str());
}

bool File::OpenToWrite(const std::string& path) {
  Close();
  error_.clear();
  handle_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivateFile);
  return is_open() || Fail(path.c_str());
}

void File::Close() {
  if (is_open()) close(static_cast<int>(handle_));
  handle_ = kNone;
}

std::int64_t File::Size() {
  struct stat about {};
  if (fstat(static_cast<int>(handle_), &about) == 0) return about.st_size;
  Fail("size");
  return -1;
}

bool File::ReadAt(std::int64_t offset, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t count = pread(static_cast<int>(handle_), data, size, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = EIO;
    if (count <= 0) return Fail("read");
    data += count;
    offset += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool File::WriteAt(std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(static_cast<int>(handle_), bytes.data(), bytes.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = ENOSPC;
    if (count <= 0) return Fail("write");
    offset += count;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool File::Truncate(std::int64_t size) {
  return ftruncate(static_cast<int>(handle_), size) == 0 || Fail("truncate");
}

bool File::Flush() { return fdatasync(static_cast<int>(handle_)) == 0 || Fail("flush"); }

Lock::~Lock() {
  if (handle_ != -1) close(static_cast<int>(handle_));
}

bool Lock::Take(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivateFile);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
    handle_ = fd;
    return true;
  }
  if (fd >= 0) close(fd);
  return false;
}

bool Rename(const std::string& from, const std::string& to, std::string* error) {
  if (rename(from.c_str(), to.c_str()) != 0) {
    *error = Reason(to);
    return false;
  }
  return FlushFolder(FolderOf(to), error);
}

bool MakeFolder(const std::string& path, std::string* error) {
  if (mkdir(path.c_str(), kPrivateFolder) == 0) return FlushFolder(FolderOf(path), error);
  if (errno == EEXIST) return true;
  if (errno == ENOENT && FolderOf(path) != path && MakeFolder(FolderOf(path), error)) {
    if (mkdir(path.c_str(), kPrivateFolder) == 0) return FlushFolder(FolderOf(path), error);
  }
  *error = Reason(path);
  return false;
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

bool Remove(const std::string& path) { return remove(path.c_str()) == 0; }

std::vector<std::string> List(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const directory = opendir(folder.c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

std::uint64_t FreeBytes(const std::string& folder) {
  struct statvfs about {};
  if (statvfs(folder.c_str(), &about) != 0) return 0;
  return static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
}

std::int64_t AwakeMs() { return ClockMs(CLOCK_BOOTTIME); }

std::int64_t WallMs() { return ClockMs(CLOCK_REALTIME); }

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  // An instance name that is not random would let two agents pass for one.
  if (getrandom(bytes.data(), count, 0) != static_cast<ssize_t>(count)) std::abort();
  return bytes;
}

}  // namespace fiscalgate::agent::platform
