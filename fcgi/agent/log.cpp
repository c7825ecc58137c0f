#include "fcgi/agent/log.h"

#include <algorithm>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform_service.h"
#include "fcgi/agent/text.h"

namespace fiscalgate::agent {
namespace {

const char* LevelName(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

}  // namespace

Log::Log(std::string path, bool stamped) : path_(std::move(path)), stamped_(stamped) {}

void Log::Write(Level level, std::string_view who, std::string_view what) {
  std::string line;
  if (stamped_) line = UtcStamp(platform::WallMs()) + " ";
  line += LevelName(level);
  line += ' ';
  if (!who.empty()) line += std::string(who) + ": ";
  const std::size_t text = line.size();
  line += what;
  // One event is one line, whatever a peer put into its texts.
  std::replace_if(
      line.begin() + static_cast<std::ptrdiff_t>(text), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  line += '\n';
  const std::lock_guard lock(mutex_);
  if (path_.empty()) {
    platform::Print(line);
  } else {
    WriteToFile(line);
  }
}

void Log::WriteToFile(const std::string& line) {
  if (file_.is_open() && size_ > kMaxLogBytes) {
    file_.Close();
    std::string ignored;
    platform::Remove(path_ + ".3");
    platform::Rename(path_ + ".2", path_ + ".3", &ignored);
    platform::Rename(path_ + ".1", path_ + ".2", &ignored);
    platform::Rename(path_, path_ + ".1", &ignored);
  }
  if (!file_.is_open()) {
    if (!file_.OpenToWrite(path_)) return;
    size_ = std::max<std::int64_t>(0, file_.Size());
  }
  if (file_.WriteAt(size_, line)) size_ += static_cast<std::int64_t>(line.size());
}

}  // namespace fiscalgate::agent
