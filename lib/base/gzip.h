// Text files as gzip knows them, written once and read line by line; the only place that knows
// zlib. One thread a file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::base {

class GzipWriter {
 public:
  // A new file, for its owner only; what a killed process has left under that name is thrown away.
  // Errors: kConflict (somebody writes it just now), kNotFound (the folder), kForbidden,
  // kUnavailable (the disk is full), kInternal.
  static Result<GzipWriter> Create(const std::string& path);
  GzipWriter(GzipWriter&& other) noexcept;
  GzipWriter& operator=(GzipWriter&&) = delete;
  // The file stays, and is nobody's from now on.
  ~GzipWriter();

  Status Write(std::string_view text);
  // All of it is on the disk, also the name in its folder.
  Status Finish();

 private:
  struct Close {
    void operator()(void* file) const;
  };
  GzipWriter(std::string path, int fd, void* file);
  Error Failure(const std::string& what) const;

  std::string path_;
  int fd_ = -1;  // of its own; holds the lock that says that somebody writes here
  std::unique_ptr<void, Close> file_;
};

class GzipReader {
 public:
  static Result<GzipReader> Open(const std::string& path);
  // Without its end. False: there is no other. Errors: kMalformed: broken, or cut off.
  Result<bool> NextLine(std::string* line);

 private:
  struct Close {
    void operator()(void* file) const;
  };
  GzipReader(std::string path, void* file) : path_(std::move(path)), file_(file) {}

  std::string path_, buffer_;
  std::size_t at_ = 0;
  bool over_ = false;
  std::unique_ptr<void, Close> file_;
};

// A file under another name in the same folder, lasting: also if the machine stops now. Errors:
// kConflict: there is a file of that name.
Status MoveFile(const std::string& from, const std::string& to);

}  // namespace fiscalgate::base
