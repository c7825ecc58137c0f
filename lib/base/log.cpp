#include "lib/base/log.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"

namespace fiscalgate::log {
namespace {

// Gathers lines and writes many at once. Not spdlog's file sink: standard error may be a socket
// (the journal), which has no path to open.
class BufferedSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ~BufferedSink() override {
    WriteOut();
    Close();
  }
  // Lines written from now on go to `fd`, which is closed with the sink unless it is standard
  // error.
  void Redirect(int fd) {
    std::lock_guard lock(mutex_);
    WriteOut();
    Close();
    fd_ = fd;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    buffer_.append(message.payload.data(), message.payload.size());
    buffer_.push_back('\n');
    if (buffer_.size() >= base::kLogBufferBytes) WriteOut();
  }
  void flush_() override { WriteOut(); }

  // A log that cannot be written must not stop the work: what does not go out is dropped.
  void WriteOut() {
    std::size_t at = 0;
    while (at < buffer_.size()) {
      const ssize_t written = ::write(fd_, buffer_.data() + at, buffer_.size() - at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    buffer_.clear();
  }
  void Close() {
    if (fd_ != STDERR_FILENO) ::close(fd_);
  }

  int fd_ = STDERR_FILENO;
  std::string buffer_;
};

struct Log {
  std::shared_ptr<BufferedSink> sink = std::make_shared<BufferedSink>();
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("fiscalgate", sink);
  Log() {
    logger->flush_on(spdlog::level::warn);
    spdlog::register_logger(logger);
    spdlog::flush_every(base::kLogFlushInterval);
  }
};

Log& TheLog() {
  static Log log;
  return log;
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "";
}

std::string Line(Level level, std::string_view event, Fields fields) {
  std::string line;
  line.reserve(256);
  line += "{\"time\":\"";
  line += base::FormatUtc(base::SystemClock().Now());
  line += "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"event\":";
  base::AppendJsonString(event, &line);
  for (const Field& field : fields) {
    line += ',';
    base::AppendJsonString(field.name, &line);
    line += ':';
    if (field.is_number) {
      line += std::to_string(field.number);
    } else {
      base::AppendJsonString(field.text, &line);
    }
  }
  line += '}';
  return line;
}

void Write(Level level, std::string_view event, Fields fields) {
  spdlog::logger& logger = *TheLog().logger;
  const auto spdlog_level = ToSpdlog(level);
  if (!logger.should_log(spdlog_level)) return;
  const std::string line = Line(level, event, fields);
  logger.log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

base::Status Open(const std::string& file, Level level) {
  int fd = STDERR_FILENO;
  if (file != "stderr") {
    fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0) {
      const auto code = errno == EACCES ? base::Code::kForbidden : base::Code::kNotFound;
      return base::Error{code, "log file " + file + ": " + std::strerror(errno)};
    }
  }
  TheLog().sink->Redirect(fd);
  SetLevel(level);
  return base::Ok();
}

void SetLevel(Level level) { TheLog().logger->set_level(ToSpdlog(level)); }

base::Result<Level> ParseLevel(std::string_view name) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    if (LevelName(level) == name) return level;
  }
  return base::Error{base::Code::kMalformed, "a log level is one of debug, info, warn, error"};
}

void Flush() { TheLog().logger->flush(); }

void Debug(std::string_view event, Fields fields) { Write(Level::kDebug, event, fields); }
void Info(std::string_view event, Fields fields) { Write(Level::kInfo, event, fields); }
void Warn(std::string_view event, Fields fields) { Write(Level::kWarn, event, fields); }
void Error(std::string_view event, Fields fields) { Write(Level::kError, event, fields); }

}  // namespace fiscalgate::log
