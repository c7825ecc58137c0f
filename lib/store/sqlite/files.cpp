#include "lib/store/sqlite/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace fiscalgate::store::sqlite {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Result;
using base::Retry;
using base::Status;

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// What root makes belongs to whom the folder belongs to: else the first command of an operator
// would leave a store that the service cannot open.
bool GiveToOwnerOfFolder(int fd, const std::string& path) {
  if (::geteuid() != 0) return true;
  struct stat folder {};
  return ::stat(FolderOf(path).c_str(), &folder) == 0 &&
         ::fchown(fd, folder.st_uid, folder.st_gid) == 0;
}

int OpenNew(const std::string& path) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
}

}  // namespace

Error FileError(const std::string& path, int error) {
  const std::string what = "store file " + path + ": " + std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) {
    return Error{Code::kNotFound, what + "; its folder must exist"};
  }
  if (error == EACCES || error == EPERM || error == EROFS || error == EISDIR) {
    return Error{Code::kForbidden, what};
  }
  if (error == EEXIST) return Error{Code::kConflict, what};
  if (error == ENOSPC || error == EDQUOT) return Error{Code::kUnavailable, what, Retry::kLater};
  return Error{Code::kInternal, what};
}

// Made before SQLite sees it, so that it (and the WAL, which takes over its mode and owner) is
// never open to others.
Status CreateFile(const std::string& path) {
  int fd = OpenNew(path);
  const bool is_new = fd >= 0;
  if (!is_new && errno == EEXIST) fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return FileError(path, errno);
  Status status = Ok();
  if (is_new && !GiveToOwnerOfFolder(fd, path)) status = FileError(path, errno);
  ::close(fd);
  return status;
}

Result<std::unique_ptr<PartFile>> PartFile::Create(const std::string& path,
                                                   const std::string& suffix) {
  const std::string name = path + suffix;
  int fd = OpenNew(name);
  if (fd < 0 && errno == EEXIST) fd = ::open(name.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return FileError(name, errno);
  // SQLite's own locks are of another kind and do not meet this one.
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return Error{Code::kConflict, "another process writes " + name};
  }
  std::unique_ptr<PartFile> file(new PartFile(name, fd));
  const bool ready =
      ::ftruncate(fd, 0) == 0 && ::fchmod(fd, 0600) == 0 && GiveToOwnerOfFolder(fd, path);
  if (!ready) return FileError(name, errno);
  return file;
}

PartFile::~PartFile() {
  if (!path_.empty()) {
    for (const char* more : {"", "-journal", "-wal", "-shm"}) ::unlink((path_ + more).c_str());
  }
  ::close(fd_);
}

Status PartFile::Flush() const { return ::fsync(fd_) == 0 ? Ok() : FileError(path_, errno); }

Status PartFile::Keep(const std::string& name, bool may_replace) {
  Status done = Flush();
  if (!done) return done;
  if (may_replace) {
    if (::rename(path_.c_str(), name.c_str()) != 0) return FileError(name, errno);
  } else if (done = Rename(path_, name); !done) {
    return done;
  }
  path_.clear();
  return FlushFolderOf(name);
}

bool Exists(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

Status AddName(const std::string& path, const std::string& name) {
  return ::link(path.c_str(), name.c_str()) == 0 ? Ok() : FileError(name, errno);
}

Status Rename(const std::string& path, const std::string& name) {
  if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) {
    return Ok();
  }
  if (errno != EINVAL && errno != ENOSYS) return FileError(name, errno);
  // Not every file system can do that in one step.
  if (Exists(name)) return FileError(name, EEXIST);
  return ::rename(path.c_str(), name.c_str()) == 0 ? Ok() : FileError(name, errno);
}

Status Remove(const std::string& path) {
  return ::unlink(path.c_str()) == 0 || errno == ENOENT ? Ok() : FileError(path, errno);
}

Status FlushFolderOf(const std::string& path) {
  const std::string folder = FolderOf(path);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileError(folder, errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  // Some file systems keep names without being told.
  return failed == 0 || failed == EINVAL ? Ok() : FileError(folder, failed);
}

}  // namespace fiscalgate::store::sqlite
