// The listen socket: inherited from systemd, or fd 0, or opened by ourselves. libfcgi's own opener
// is not used: it ends the process on any fault, takes the path of a live instance away and lets
// the umask decide who may connect.
//
// A unix socket is bound to a temporary name, given its mode and group, and only then renamed to
// its path, so nobody meets a half-made one. A lock on `<path>.lock` tells a live instance from
// what a dead one has left behind.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace fiscalgate {

struct ServerOptions;

// Non-blocking and close-on-exec. Owns the descriptor, the lock and the path. One thread.
class ListenSocket {
 public:
  // Errors: kConflict (another process listens there), kForbidden, kMalformed, kNotFound (folder or
  // group).
  static base::Result<ListenSocket> Open(const ServerOptions& options);
  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket& operator=(ListenSocket&&) = delete;
  ~ListenSocket();

  int fd() const { return fd_; }
  bool inherited() const { return inherited_; }
  // Where it listens, for the log.
  const std::string& name() const { return name_; }

 private:
  ListenSocket() = default;
  static base::Result<ListenSocket> Inherit(int fd, const std::string& name);
  static base::Result<ListenSocket> OpenUnix(const ServerOptions& options);
  static base::Result<ListenSocket> OpenTcp(const std::string& address);
  base::Status TakeLock(const std::string& path);
  base::Status BindUnix(const ServerOptions& options);

  int fd_ = -1;
  int lock_fd_ = -1;
  bool inherited_ = false;
  std::string name_;
  std::string path_;  // to remove at the end; empty unless it is ours
};

}  // namespace fiscalgate
