#include "lib/register/journal_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "lib/base/log.h"

namespace fiscalgate::register_ {
namespace {

base::Error SystemError(const std::string& path, const char* act, int error) {
  base::Code code = base::Code::kInternal;
  if (error == ENOENT) code = base::Code::kNotFound;
  if (error == EACCES || error == EPERM || error == EROFS) code = base::Code::kForbidden;
  if (error == EWOULDBLOCK) code = base::Code::kConflict;
  return {code, path + ": " + act + ": " + std::strerror(error)};
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool ReadAll(int fd, std::string* out) {
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    out->append(buffer, static_cast<std::size_t>(count));
  }
}

// The name of a new file must survive a power cut as well as its content.
void SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

base::Result<std::unique_ptr<JournalFile>> JournalFile::Open(const std::string& path,
                                                             const Replay& replay) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return SystemError(path, "open", errno);
  std::unique_ptr<JournalFile> file(new JournalFile(fd, path));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return SystemError(path, "lock", errno);
  SyncFolderOf(path);
  if (base::Status loaded = file->Load(replay); !loaded) return loaded.error();
  return file;
}

JournalFile::~JournalFile() { ::close(fd_); }

base::Status JournalFile::Load(const Replay& replay) {
  std::string content;
  if (!ReadAll(fd_, &content)) return SystemError(path_, "read", errno);
  std::string_view rest = content;
  std::int64_t number = 0;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    ++number;
    if (!replay(rest.substr(0, end))) {
      // Blocks reach the disk in any order, so the last line may be torn and yet have its end.
      if (end + 1 == rest.size()) break;
      return base::Error{base::Code::kMalformed,
                         path_ + ":" + std::to_string(number) + ": not a line of this journal"};
    }
    size_ += static_cast<std::int64_t>(end + 1);
    rest.remove_prefix(end + 1);
  }
  if (rest.empty()) return base::Ok();
  log::Warn("journal_torn", {{"file", path_}, {"dropped_bytes", rest.size()}});
  return CutBack();
}

base::Status JournalFile::CutBack() {
  if (::ftruncate(fd_, size_) == 0 && ::fdatasync(fd_) == 0) return base::Ok();
  broken_ = true;
  return SystemError(path_, "truncate", errno);
}

base::Status JournalFile::Append(std::string_view line) {
  if (broken_) {
    return base::Error{base::Code::kInternal, path_ + ": broken by an earlier failure"};
  }
  std::string bytes(line);
  bytes += '\n';
  if (!WriteAll(fd_, bytes)) {
    const int error = errno;
    if (base::Status cut = CutBack(); !cut) return cut;
    return base::Error{base::Code::kInternal,
                       path_ + ": write: " + std::string(std::strerror(error))};
  }
  if (::fdatasync(fd_) != 0) {
    broken_ = true;
    return base::Error{base::Code::kInternal, path_ + ": flush: " + std::strerror(errno)};
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  return base::Ok();
}

}  // namespace fiscalgate::register_
