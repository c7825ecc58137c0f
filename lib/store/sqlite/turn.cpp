#include "lib/store/sqlite/turn.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "lib/store/sqlite/files.h"

namespace fiscalgate::store::sqlite {
namespace {

class FileTurn final : public Turn {
 public:
  explicit FileTurn(int fd) : fd_(fd) {}
  ~FileTurn() override { ::close(fd_); }
  base::Status Check() override { return base::Ok(); }

 private:
  const int fd_;
};

}  // namespace

base::Result<std::unique_ptr<Turn>> TakeTurn(const std::string& path) {
  const std::string name = path + ".archive";
  base::Status made = CreateFile(name);
  if (!made) return made.error();
  const int fd = ::open(name.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return FileError(name, errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return base::Error{base::Code::kConflict, "another process has the turn: " + name};
  }
  return std::unique_ptr<Turn>(std::make_unique<FileTurn>(fd));
}

}  // namespace fiscalgate::store::sqlite
