// A connection to a SQLite file. The only place that knows sqlite3.h.
//
// The file is in WAL mode, and a commit is on the disk when it returns (synchronous=FULL). Another
// process may write to the same file: writing begins with BEGIN IMMEDIATE and waits for it at most
// `busy_timeout`; then kUnavailable. One thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "lib/store/connection.h"
#include "lib/store/dialect.h"

namespace fiscalgate::store::sqlite {

enum class Access { kWrite, kRead };

struct Settings {
  std::chrono::milliseconds busy_timeout{5'000};
  // A read that takes longer is stopped (kTimeout): an open read keeps the WAL from being reused.
  std::chrono::milliseconds read_timeout{5'000};
  int write_cache_kib = 16 * 1024;
  int read_cache_kib = 4 * 1024;
  // Of a new file. Measured: with 4 KiB a usual package fills a page alone, and a task costs a
  // seventh more processor time and half as much more disk.
  int page_bytes = 8 * 1024;
  // 32 MiB of WAL: rare enough that the pause of a checkpoint is not in the 99th percentile.
  int checkpoint_pages = 4'000;
};

// kWrite creates the file, readable by its owner only. Errors: kNotFound (no such folder),
// kForbidden, kMalformed (not a database), kInternal.
base::Result<std::unique_ptr<Connection>> Connect(const std::string& path, Access access,
                                                  const Settings& settings = {});

Dialect SqliteDialect();

std::string LibraryVersion();  // "SQLite 3.40.1"

}  // namespace fiscalgate::store::sqlite
