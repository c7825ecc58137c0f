#include "lib/store/sqlite/whole.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <vector>

#include "lib/base/text.h"

namespace fiscalgate::store::sqlite {
namespace {

using base::Code;
using base::Error;
using base::Ok;
using base::Result;
using base::Retry;
using base::Status;

constexpr int kPagesAtOnce = 1024;        // 8 MB, and then a flush: the writer's own stays short
constexpr int kFaultsShown = 5;           // of a broken file
constexpr off_t kLockBytes = 0x40000000;  // SQLite's file format, "locking page"
constexpr off_t kLockBytesLength = 512;
constexpr int kBusyMs = 5'000;

struct DatabaseClose {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using DatabasePtr = std::unique_ptr<sqlite3, DatabaseClose>;

Error ErrorOf(sqlite3* database, const std::string& path) {
  const int code = sqlite3_extended_errcode(database);
  const std::string what = path + ": " + sqlite3_errmsg(database);
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Error{Code::kMalformed, what};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error{Code::kConflict, what};
    case SQLITE_FULL:
      return Error{Code::kUnavailable, what, Retry::kLater};
    case SQLITE_CANTOPEN:
      return FileError(path, sqlite3_system_errno(database));
    default:
      return Error{Code::kInternal, what + " (" + std::to_string(code) + ")"};
  }
}

Result<DatabasePtr> Open(const std::string& path, int how) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   how | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  DatabasePtr database(handle);
  if (handle == nullptr) return FileError(path, ENOMEM);
  if (code != SQLITE_OK) return ErrorOf(handle, path);
  sqlite3_busy_timeout(handle, kBusyMs);
  return database;
}

using Values = std::vector<std::string>;

// The first column of the rows.
Result<Values> Ask(sqlite3* database, const std::string& path, const char* sql) {
  Values values;
  const int code = sqlite3_exec(
      database, sql,
      [](void* to, int, char** cells, char**) {
        static_cast<Values*>(to)->emplace_back(cells[0] == nullptr ? "" : cells[0]);
        return 0;
      },
      &values, nullptr);
  if (code != SQLITE_OK) return ErrorOf(database, path);
  return values;
}

Status Do(sqlite3* database, const std::string& path, const char* sql) {
  const Result<Values> done = Ask(database, path, sql);
  return done ? Ok() : Status(done.error());
}

// What was not written in WAL mode needs no WAL to be read.
Status LeaveWal(sqlite3* database, const std::string& path) {
  const Result<Values> mode = Ask(database, path, "PRAGMA journal_mode=DELETE");
  if (!mode) return mode.error();
  if (!mode->empty() && mode->front() == "delete") return Ok();
  return Error{Code::kInternal, path + ": the WAL cannot be taken into the file"};
}

}  // namespace

Status CopyWhole(const std::string& from, const PartFile& to, const Progress& progress) {
  Result<DatabasePtr> source = Open(from, SQLITE_OPEN_READONLY);
  if (!source) return source.error();
  Result<DatabasePtr> target = Open(to.path(), SQLITE_OPEN_READWRITE);
  if (!target) return target.error();
  // Inside a snapshot: without one, every commit of others would begin the copy anew.
  Status ready = Do(source->get(), from, "BEGIN; SELECT count(*) FROM sqlite_master");
  if (ready.ok()) {
    ready = Do(target->get(), to.path(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  }
  if (!ready) return ready;
  sqlite3_backup* backup = sqlite3_backup_init(target->get(), "main", source->get(), "main");
  if (backup == nullptr) return ErrorOf(target->get(), to.path());
  int code = SQLITE_OK;
  Status flushed = Ok();
  while (code == SQLITE_OK && flushed.ok()) {
    code = sqlite3_backup_step(backup, kPagesAtOnce);
    const int pages = sqlite3_backup_pagecount(backup);
    if (progress) progress(pages - sqlite3_backup_remaining(backup), pages);
    flushed = to.Flush();
  }
  const int ended = sqlite3_backup_finish(backup);
  if (!flushed) return flushed;
  if (ended == SQLITE_OK && code == SQLITE_DONE) return Ok();
  return sqlite3_errcode(source->get()) == SQLITE_OK ? ErrorOf(target->get(), to.path())
                                                     : ErrorOf(source->get(), from);
}

Status MakeSingle(const std::string& path) {
  const Result<DatabasePtr> database = Open(path, SQLITE_OPEN_READWRITE);
  return database ? LeaveWal(database->get(), path) : Status(database.error());
}

Status CheckWhole(const std::string& path) {
  const Result<DatabasePtr> database = Open(path, SQLITE_OPEN_READONLY);
  if (!database) return database.error();
  const std::string question = "PRAGMA integrity_check(" + std::to_string(kFaultsShown) + ")";
  const Result<Values> faults = Ask(database->get(), path, question.c_str());
  if (!faults) return faults.error();
  if (faults->size() == 1 && faults->front() == "ok") return Ok();
  std::string all = path + " is broken:";
  for (const std::string& fault : *faults) all += " " + fault + ";";
  return Error{Code::kMalformed, all};
}

void Alone::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<std::unique_ptr<Alone>> Alone::Hold(const std::string& path) {
  Result<DatabasePtr> database = Open(path, SQLITE_OPEN_READWRITE);
  if (!database) return database.error();
  Status held = Do(database->get(), path, "PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE");
  if (held.ok()) held = LeaveWal(database->get(), path);
  if (held.ok()) held = Do(database->get(), path, "BEGIN EXCLUSIVE");
  if (held.ok()) return std::unique_ptr<Alone>(new Alone(database->release()));
  database->reset();
  if (held.error().code == Code::kConflict) return InUse(path, UserOf(path));
  return held.error();
}

std::int64_t Alone::Number(const char* sql) const {
  const Result<Values> values = Ask(database_.get(), "", sql);
  if (!values.ok() || values->empty()) return -1;
  std::int64_t number = -1;
  const std::string& text = values->front();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Error InUse(const std::string& path, const std::string& user) {
  return Error{Code::kConflict, "the store " + path + " is open" +
                                    (user.empty() ? "" : ": by process " + user) +
                                    "; stop the gateway first"};
}

std::string UserOf(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return "";
  // Whoever has a WAL database open holds a lock on these bytes.
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kLockBytes;
  lock.l_len = kLockBytesLength;
  const bool asked = ::fcntl(fd, F_GETLK, &lock) == 0;
  ::close(fd);
  if (!asked || lock.l_type == F_UNLCK) return "";
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(lock.l_pid) + "/comm"), name);
  return std::to_string(lock.l_pid) + (name.empty() ? "" : " (" + base::ToStorableText(name) + ")");
}

}  // namespace fiscalgate::store::sqlite
