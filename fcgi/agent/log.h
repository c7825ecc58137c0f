// The log: a line per event, to standard output or to a file that is renamed when it is large. Keys
// and bodies never get here. Any thread. A log that cannot be written is no reason to stop.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "fcgi/agent/platform.h"

namespace fiscalgate::agent {

enum class Level { kInfo, kWarning, kError };

class Log {
 public:
  // "": standard output. A manager that stamps the lines itself is told by `stamped`.
  explicit Log(std::string path, bool stamped = true);

  void Write(Level level, std::string_view who, std::string_view what);

 private:
  void WriteToFile(const std::string& line);
  const std::string path_;
  const bool stamped_;
  std::mutex mutex_;
  platform::File file_;
  std::int64_t size_ = 0;
};

}  // namespace fiscalgate::agent
