#include "fcgi/admin/files.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "lib/base/limits.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Result;

// What is typed is not shown as long as it lives.
class Blind {
 public:
  Blind() {
    is_set_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_set_) return;
    termios blind = before_;
    blind.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_set_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &blind) == 0;
  }
  ~Blind() {
    if (is_set_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Blind(const Blind&) = delete;
  Blind& operator=(const Blind&) = delete;

 private:
  termios before_{};
  bool is_set_ = false;
};

std::string ReadLine() {
  std::string line;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    line += static_cast<char>(c);
    if (line.size() > base::kMaxBodyBytes) break;
  }
  return line;
}

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

Result<std::string> ReadAll(const std::string& path) {
  const auto failed = [&] { return Error{Code::kNotFound, path + ": " + std::strerror(errno)}; };
  std::FILE* const opened = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (opened == nullptr) return failed();
  const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(opened, close);
  std::string text(base::kMaxBodyBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return failed();
  if (text.size() > base::kMaxBodyBytes) return Error{Code::kTooLarge, path + ": too large"};
  return text;
}

Result<std::string> ReadGiven(const std::string& text, const std::string& prompt) {
  if (text == "-" && ::isatty(STDIN_FILENO) == 1) {
    std::fprintf(stderr, "%s: ", prompt.c_str());
    const Blind blind;
    std::string line = ReadLine();
    std::fputc('\n', stderr);
    return line;
  }
  if (text != "-" && text.rfind('@', 0) != 0) return text;
  Result<std::string> all = ReadAll(text == "-" ? text : text.substr(1));
  if (!all) return all;
  return WithoutLineEnd(std::move(*all));
}

}  // namespace fiscalgate::admin
