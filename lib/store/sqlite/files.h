// Files that hold a store, as files: made so that nobody else can read them, and put in their place
// whole or not at all. Any thread; a file belongs to one caller at a time.
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"

namespace fiscalgate::store::sqlite {

// By errno. kNotFound, kForbidden, kUnavailable (disk full), kInternal.
base::Error FileError(const std::string& path, int error);

// Makes it if it is not there, readable by its owner only; what root makes belongs to whom the
// folder belongs to.
base::Status CreateFile(const std::string& path);

// A file that is being written: nobody sees it under its name until it is whole. Without Keep it is
// gone with its owner; what a killed process has left is taken over.
class PartFile {
 public:
  // Of `path` with `suffix`. Errors: kConflict: somebody writes it just now.
  static base::Result<std::unique_ptr<PartFile>> Create(const std::string& path,
                                                        const std::string& suffix);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }
  // What was written so far is on the disk.
  base::Status Flush() const;
  // Under this name from now on, on the disk. Errors: kConflict: unless it may replace, the name is
  // taken.
  base::Status Keep(const std::string& name, bool may_replace);

 private:
  PartFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string path_;
  int fd_ = -1;
};

bool Exists(const std::string& path);
// A second name for it. Errors: kConflict: taken.
base::Status AddName(const std::string& path, const std::string& name);
// Without replacing anything.
base::Status Rename(const std::string& path, const std::string& name);
// Whether it was there or not.
base::Status Remove(const std::string& path);
// Names in its folder are on the disk.
base::Status FlushFolderOf(const std::string& path);

}  // namespace fiscalgate::store::sqlite
