// A file of lines that only grows: the memory of a virtual device. A line is written when Append
// has returned; it is on the disk then. One thread at a time.
//
// A crash can leave half a line at the end: it is cut off when the file is opened, for nobody was
// told of it. A write that failed is cut off at once; if even that fails, or the disk does not say
// whether it kept the line, the file refuses everything until it is opened again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace fiscalgate::register_ {

class JournalFile {
 public:
  // False: the line cannot be understood.
  using Replay = std::function<bool(std::string_view line)>;

  // Makes the file if there is none; gives every whole line to `replay`, in order. Errors:
  // kNotFound (no folder), kForbidden, kConflict (another process has it open), kMalformed (a line
  // before the last one cannot be understood), kInternal.
  static base::Result<std::unique_ptr<JournalFile>> Open(const std::string& path,
                                                         const Replay& replay);
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  // `line` has no line end. Errors: kInternal, and nothing was written.
  base::Status Append(std::string_view line);

 private:
  JournalFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  base::Status Load(const Replay& replay);
  base::Status CutBack();
  const int fd_;
  const std::string path_;
  std::int64_t size_ = 0;  // of whole lines
  bool broken_ = false;
};

}  // namespace fiscalgate::register_
