#include "fcgi/server_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "fcgi/server.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Error;

Error FromErrno(int error, const std::string& what) {
  const Code code = error == EACCES || error == EPERM ? Code::kForbidden
                    : error == ENOENT                 ? Code::kNotFound
                    : error == EADDRINUSE             ? Code::kConflict
                                                      : Code::kInternal;
  return Error{code, what + ": " + std::strerror(error)};
}

bool IsListening(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening == 1;
}

base::Status GiveToGroup(const std::string& path, const std::string& group) {
  if (group.empty()) return base::Ok();
  const struct group* entry = getgrnam(group.c_str());
  if (entry == nullptr) return Error{Code::kNotFound, "no such group: " + group};
  if (chown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0) {
    return FromErrno(errno, "cannot give " + path + " to group " + group);
  }
  return base::Ok();
}

// "127.0.0.1:9000" or "[::1]:9000"
bool ParseTcp(const std::string& text, sockaddr_storage* out, socklen_t* size) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data() + colon + 1, end, port);
  if (fault != std::errc() || stop != end) return false;
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  auto* v4 = reinterpret_cast<sockaddr_in*>(out);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    *size = sizeof(sockaddr_in);
    return true;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(out);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  *size = sizeof(sockaddr_in6);
  return true;
}

}  // namespace

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      lock_fd_(std::exchange(other.lock_fd_, -1)),
      inherited_(other.inherited_),
      name_(std::move(other.name_)),
      path_(std::exchange(other.path_, {})) {}

ListenSocket::~ListenSocket() {
  // The path goes before the lock, so that a successor never loses its own.
  if (!path_.empty()) unlink(path_.c_str());
  if (fd_ >= 0) close(fd_);
  if (lock_fd_ >= 0) close(lock_fd_);
}

base::Result<ListenSocket> ListenSocket::Open(const ServerOptions& options) {
  if (sd_listen_fds(0) >= 1) return Inherit(SD_LISTEN_FDS_START, "inherited from systemd");
  if (IsListening(STDIN_FILENO)) return Inherit(STDIN_FILENO, "inherited as descriptor 0");
  if (options.socket.empty()) {
    return Error{Code::kMalformed, "no socket: none was inherited and server.socket is empty"};
  }
  return options.socket.front() == '/' || options.socket.find('/') != std::string::npos
             ? OpenUnix(options)
             : OpenTcp(options.socket);
}

base::Result<ListenSocket> ListenSocket::Inherit(int fd, const std::string& name) {
  if (!IsListening(fd)) return Error{Code::kMalformed, "the inherited descriptor does not listen"};
  ListenSocket socket;
  socket.fd_ = fd;
  socket.inherited_ = true;
  socket.name_ = name;
  if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0 ||
      fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
    return FromErrno(errno, "cannot prepare the inherited socket");
  }
  return socket;
}

base::Status ListenSocket::TakeLock(const std::string& path) {
  const std::string lock = path + ".lock";
  lock_fd_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) return FromErrno(errno, "cannot open " + lock);
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return base::Ok();
  if (errno != EWOULDBLOCK) return FromErrno(errno, "cannot lock " + lock);
  return Error{Code::kConflict, "another process listens on " + path};
}

base::Status ListenSocket::BindUnix(const ServerOptions& options) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string fresh = options.socket + ".new";
  if (fresh.size() >= sizeof address.sun_path) {
    return Error{Code::kMalformed, "the socket path is too long: " + options.socket};
  }
  std::memcpy(address.sun_path, fresh.c_str(), fresh.size() + 1);
  unlink(fresh.c_str());
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return FromErrno(errno, "cannot bind " + fresh);
  }
  path_ = fresh;
  if (auto given = GiveToGroup(fresh, options.socket_group); !given) return given;
  if (chmod(fresh.c_str(), options.socket_mode) != 0) {
    return FromErrno(errno, "cannot set the mode of " + fresh);
  }
  if (listen(fd_, SOMAXCONN) != 0) return FromErrno(errno, "cannot listen on " + fresh);
  if (rename(fresh.c_str(), options.socket.c_str()) != 0) {
    return FromErrno(errno, "cannot rename to " + options.socket);
  }
  path_ = options.socket;
  return base::Ok();
}

base::Result<ListenSocket> ListenSocket::OpenUnix(const ServerOptions& options) {
  ListenSocket socket;
  socket.name_ = options.socket;
  if (auto locked = socket.TakeLock(options.socket); !locked) return locked.error();
  socket.fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket.fd_ < 0) return FromErrno(errno, "cannot make a socket");
  if (auto bound = socket.BindUnix(options); !bound) return bound.error();
  return socket;
}

base::Result<ListenSocket> ListenSocket::OpenTcp(const std::string& address) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (!ParseTcp(address, &storage, &size)) {
    return Error{Code::kMalformed,
                 "server.socket is neither a path nor a numeric address with a port: " + address};
  }
  ListenSocket socket;
  socket.name_ = address;
  socket.fd_ = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket.fd_ < 0) return FromErrno(errno, "cannot make a socket");
  const int on = 1;
  if (setsockopt(socket.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(socket.fd_, reinterpret_cast<const sockaddr*>(&storage), size) != 0 ||
      listen(socket.fd_, SOMAXCONN) != 0) {
    return FromErrno(errno, "cannot listen on " + address);
  }
  return socket;
}

}  // namespace fiscalgate
