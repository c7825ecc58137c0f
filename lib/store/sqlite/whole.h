// A SQLite file as a whole: copied while others write to it, checked, taken out of use. One thread;
// takes as long as the file is large.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/store/sqlite/files.h"

struct sqlite3;

namespace fiscalgate::store::sqlite {

using Progress = std::function<void(std::int64_t pages, std::int64_t of)>;

// What `from` holds when this begins, into `to`, flushed piece by piece. It reads one snapshot:
// others go on writing, and what they write meanwhile stays in the WAL until the end of it.
// Errors: kNotFound, kMalformed (not a database, or a broken one), kUnavailable (disk full).
base::Status CopyWhole(const std::string& from, const PartFile& to, const Progress& progress);

// No WAL beside it is needed any more. Nobody else may have it open.
base::Status MakeSingle(const std::string& path);

// Every page, every index. Errors: kMalformed, with the first faults found.
base::Status CheckWhole(const std::string& path);

// An existing file that nobody else has open, nor can open, as long as this lives; what was in its
// WAL is in the file.
class Alone {
 public:
  // Errors: kConflict: somebody has it open (and who, if that can be told); kMalformed: broken.
  static base::Result<std::unique_ptr<Alone>> Hold(const std::string& path);
  // The answer to a question for one number; -1 if it has none (no such table).
  std::int64_t Number(const char* sql) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Alone(sqlite3* database) : database_(database) {}
  std::unique_ptr<sqlite3, Close> database_;
};

// The process that has it open, as "1234 (fiscalgate)"; "" if none is seen. Not where this process
// itself has it open: that would lose its locks.
std::string UserOf(const std::string& path);
base::Error InUse(const std::string& path, const std::string& user);

}  // namespace fiscalgate::store::sqlite
