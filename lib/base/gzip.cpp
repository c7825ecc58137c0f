#include "lib/base/gzip.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace fiscalgate::base {
namespace {

constexpr unsigned kBufferBytes = 256 * 1024;

Error FileError(const std::string& path, int error) {
  Error failure{Code::kInternal, path + ": " + std::strerror(error)};
  if (error == EEXIST) failure.code = Code::kConflict;
  if (error == ENOENT || error == ENOTDIR) failure.code = Code::kNotFound;
  if (error == EACCES || error == EPERM || error == EROFS) failure.code = Code::kForbidden;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    failure.code = Code::kUnavailable;
    failure.retry = Retry::kLater;
  }
  return failure;
}

template <typename Close>
gzFile File(const std::unique_ptr<void, Close>& file) {
  return static_cast<gzFile>(file.get());
}

Status SyncFolderOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileError(folder, errno);
  const int synced = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (synced != 0) return FileError(folder, synced);
  return Ok();
}

// Whether it is the same file that the path means now.
bool IsAt(int fd, const std::string& path) {
  struct stat own {
  }, there{};
  return ::fstat(fd, &own) == 0 && ::lstat(path.c_str(), &there) == 0 &&
         own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

// Only of one that nobody writes any more.
Status RemoveLeft(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
  if (fd < 0) return errno == ENOENT ? Ok() : Status(FileError(path, errno));
  Status removed = Ok();
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    removed = Error{Code::kConflict, path + ": another process writes it just now"};
  } else if (IsAt(fd, path) && ::unlink(path.c_str()) != 0) {
    removed = FileError(path, errno);
  }
  ::close(fd);
  return removed;
}

int OpenNew(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

}  // namespace

void GzipWriter::Close::operator()(void* file) const { (void)gzclose(static_cast<gzFile>(file)); }
void GzipReader::Close::operator()(void* file) const { (void)gzclose(static_cast<gzFile>(file)); }

GzipWriter::GzipWriter(std::string path, int fd, void* file)
    : path_(std::move(path)), fd_(fd), file_(file) {}

Result<GzipWriter> GzipWriter::Create(const std::string& path) {
  int fd = OpenNew(path);
  if (fd < 0 && errno == EEXIST) {
    Status removed = RemoveLeft(path);
    if (!removed) return removed.error();
    fd = OpenNew(path);
  }
  if (fd < 0) return FileError(path, errno);
  const int own = ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? ::dup(fd) : -1;
  gzFile file = own < 0 ? nullptr : gzdopen(fd, "wb6");
  if (file == nullptr) {
    ::close(fd);
    if (own >= 0) ::close(own);
    return Error{Code::kInternal, path + ": cannot be locked, or no memory to compress"};
  }
  gzbuffer(file, kBufferBytes);
  return GzipWriter(path, own, file);
}

GzipWriter::GzipWriter(GzipWriter&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      file_(std::move(other.file_)) {}

GzipWriter::~GzipWriter() {
  if (fd_ >= 0) ::close(fd_);
}

Error GzipWriter::Failure(const std::string& what) const {
  return errno != 0 ? FileError(path_, errno) : Error{Code::kInternal, path_ + ": " + what};
}

Status GzipWriter::Write(std::string_view text) {
  errno = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto part = static_cast<unsigned>(std::min<std::size_t>(text.size() - at, 1u << 30));
    const int written = gzwrite(File(file_), text.data() + at, part);
    if (written <= 0) return Failure("cannot be written");
    at += static_cast<std::size_t>(written);
  }
  return Ok();
}

Status GzipWriter::Finish() {
  errno = 0;
  const bool closed = gzclose(static_cast<gzFile>(file_.release())) == Z_OK;
  if (!closed) return Failure("cannot be written");
  if (::fsync(fd_) != 0) return FileError(path_, errno);
  return SyncFolderOf(path_);
}

Result<GzipReader> GzipReader::Open(const std::string& path) {
  errno = 0;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return FileError(path, errno != 0 ? errno : ENOMEM);
  gzbuffer(file, kBufferBytes);
  return GzipReader(path, file);
}

Result<bool> GzipReader::NextLine(std::string* line) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    if (end != std::string::npos) {
      line->assign(buffer_, at_, end - at_);
      at_ = end + 1;
      return true;
    }
    if (over_) {
      if (at_ == buffer_.size()) return false;
      return Error{Code::kMalformed, path_ + ": the last line has no end"};
    }
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kBufferBytes);
    const int got = gzread(File(file_), buffer_.data() + before, kBufferBytes);
    int fault = Z_OK;
    (void)gzerror(File(file_), &fault);
    if (got < 0 || fault != Z_OK) return Error{Code::kMalformed, path_ + ": broken or cut off"};
    buffer_.resize(before + static_cast<std::size_t>(got));
    over_ = got == 0;
  }
}

Status MoveFile(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno != EINVAL && errno != ENOSYS) return FileError(to, errno);
    // Not every file system can do that in one step.
    if (::link(from.c_str(), to.c_str()) != 0) return FileError(to, errno);
    if (::unlink(from.c_str()) != 0) return FileError(from, errno);
  }
  return SyncFolderOf(to);
}

}  // namespace fiscalgate::base
