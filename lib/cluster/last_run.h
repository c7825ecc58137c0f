// A file beside the socket that names the node of the last run, locked as long as a run lives. Who
// has the lock knows that the node named there is dead, and need not wait until it is silent.
//
// One thread. Without a path, or where the file cannot be locked, it remembers nothing.
#pragma once

#include <string>

namespace fiscalgate::cluster {

class LastRun {
 public:
  explicit LastRun(const std::string& path);
  ~LastRun();
  LastRun(const LastRun&) = delete;
  LastRun& operator=(const LastRun&) = delete;

  // Of the run before this one; "" = not known.
  const std::string& token() const { return token_; }
  void Keep(const std::string& token);

 private:
  int fd_ = -1;
  std::string token_;
};

}  // namespace fiscalgate::cluster
