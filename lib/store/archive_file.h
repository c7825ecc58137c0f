// The file that a month of tasks is kept in: gzip, JSON lines. The first line says what it is, each
// next one is a task with everything that belongs to it, the last one counts them and has the sum
// of all lines before (README, "Archive"). One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/gzip.h"
#include "lib/store/archive_rows.h"

namespace fiscalgate::store {

using RowCounts = std::map<std::string, std::int64_t>;  // by table

struct ArchiveContent {
  std::int64_t tasks = 0;
  RowCounts rows;
  std::string sum;  // SHA-256 of the text, hex
  bool operator==(const ArchiveContent&) const = default;
};

class ArchiveFile {
 public:
  // In the folder, under a name of its own; another one if there is an archive of the month.
  static base::Result<ArchiveFile> Create(const std::string& folder, Month month, int schema,
                                          base::WallTime now);
  base::Status Add(const TaskLine& line);
  // It is on the disk, was read back, and what was read is what was written. Then it has its name.
  base::Result<ArchiveContent> Finish();
  // As if it had never been; a file of that name that is not its own stays.
  void Remove();
  const std::string& path() const { return path_; }

 private:
  ArchiveFile(std::string path, base::GzipWriter file)
      : path_(std::move(path)), file_(std::move(file)) {}
  base::Status Line(std::string text);

  std::string path_;
  bool named_ = false;
  base::GzipWriter file_;
  base::Sha256Sum sum_;
  ArchiveContent content_;
};

// What is in a file. Errors: kMalformed: it is broken, cut off, or not such a file.
base::Result<ArchiveContent> CheckArchive(const std::string& path);

}  // namespace fiscalgate::store
