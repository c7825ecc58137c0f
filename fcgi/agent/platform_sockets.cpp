// TCP connections: the sockets of both platforms differ in a few words only.
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fcgi/agent/platform.h"

namespace fiscalgate::agent::platform {
namespace {

#ifdef _WIN32
using Socket = SOCKET;
using Length = int;
using Count = int;
constexpr int kSendFlags = 0;

void Start() {
  static const int started = [] {
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data);
  }();
  (void)started;
}
int LastError() { return WSAGetLastError(); }
bool WouldBlock(int error) { return error == WSAEWOULDBLOCK || error == WSAEINPROGRESS; }
void CloseSocket(Socket socket) { closesocket(socket); }
bool SetNonBlocking(Socket socket) {
  u_long on = 1;
  return ioctlsocket(socket, FIONBIO, &on) == 0;
}
bool FitsSelect(Socket) { return true; }
std::string ErrorText(int error) {
  switch (error) {
    case WSAECONNREFUSED:
      return "connection refused";
    case WSAECONNRESET:
      return "connection reset";
    case WSAECONNABORTED:
      return "connection aborted";
    case WSAEHOSTUNREACH:
    case WSAENETUNREACH:
      return "no route to host";
    default:
      return "socket error " + std::to_string(error);
  }
}
#else
using Socket = int;
using Length = socklen_t;
using Count = std::size_t;
constexpr int kSendFlags = MSG_NOSIGNAL;

void Start() {}
int LastError() { return errno; }
bool WouldBlock(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS || error == EINTR;
}
void CloseSocket(Socket socket) { close(socket); }
bool SetNonBlocking(Socket socket) {
  return fcntl(socket, F_SETFL, O_NONBLOCK) == 0 && fcntl(socket, F_SETFD, FD_CLOEXEC) == 0;
}
bool FitsSelect(Socket socket) { return socket < FD_SETSIZE; }
std::string ErrorText(int error) { return std::strerror(error); }
#endif

timeval Time(std::int64_t ms) {
  timeval time{};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(ms / 1000);
  time.tv_usec = static_cast<decltype(time.tv_usec)>(ms % 1000 * 1000);
  return time;
}

}  // namespace

Tcp::~Tcp() {
  if (socket_ != -1) CloseSocket(static_cast<Socket>(socket_));
}

// "localhost" needs no resolver; a hosts file or a name server may be broken.
bool Tcp::Connect(const std::string& host, std::uint16_t port, std::int64_t timeout_ms) {
  Start();
  const std::int64_t deadline = AwakeMs() + timeout_ms;
  const bool local = host == "localhost";
  std::string first_error;
  for (const std::string& name :
       local ? std::vector<std::string>{"127.0.0.1", "::1"} : std::vector<std::string>{host}) {
    addrinfo hints{};
    addrinfo* found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = local ? AI_NUMERICHOST : 0;
    if (getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) continue;
    bool connected = false;
    for (const addrinfo* one = found; one != nullptr && !connected; one = one->ai_next) {
      const std::int64_t left = std::max<std::int64_t>(0, deadline - AwakeMs());
      connected = ConnectTo(one->ai_addr, one->ai_addrlen, one->ai_family, left);
      if (first_error.empty()) first_error = error_;
    }
    freeaddrinfo(found);
    if (connected) return true;
  }
  error_ = first_error.empty() ? "no such host: " + host : first_error;
  return false;
}

bool Tcp::ConnectTo(const void* address, std::size_t size, int family, std::int64_t timeout_ms) {
  const Socket socket = ::socket(family, SOCK_STREAM, 0);
  if (static_cast<std::intptr_t>(socket) == -1) {
    error_ = ErrorText(LastError());
    return false;
  }
  socket_ = static_cast<std::intptr_t>(socket);
  int failure = 0;
  Length length = sizeof failure;
  if (!SetNonBlocking(socket) || !FitsSelect(socket)) {
    error_ = "no usable socket";
  } else if (connect(socket, static_cast<const sockaddr*>(address), static_cast<Length>(size)) !=
                 0 &&
             !WouldBlock(LastError())) {
    error_ = ErrorText(LastError());
  } else if (Wait(true, timeout_ms) != Io::kDone) {
    error_ = "no answer to the connection";
  } else if (getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&failure), &length) !=
                 0 ||
             failure != 0) {
    error_ = ErrorText(failure);
  } else {
    return true;
  }
  CloseSocket(socket);
  socket_ = -1;
  return false;
}

// Winsock reports a connection that failed as an exception, not as writable.
Io Tcp::Wait(bool to_write, std::int64_t timeout_ms) {
  const auto socket = static_cast<Socket>(socket_);
  fd_set wanted, failed;
  FD_ZERO(&wanted);
  FD_ZERO(&failed);
  FD_SET(socket, &wanted);
  FD_SET(socket, &failed);
  timeval time = Time(timeout_ms);
  const int ready = select(static_cast<int>(socket) + 1, to_write ? nullptr : &wanted,
                           to_write ? &wanted : nullptr, &failed, &time);
  return ready > 0 ? Io::kDone : Io::kTimeout;
}

Io Tcp::Send(std::string_view bytes, std::int64_t timeout_ms, std::size_t* sent) {
  *sent = 0;
  if (Wait(true, timeout_ms) == Io::kTimeout) return Io::kTimeout;
  const auto size = std::min<std::size_t>(bytes.size(), 256 * 1024);
  const auto count =
      ::send(static_cast<Socket>(socket_), bytes.data(), static_cast<Count>(size), kSendFlags);
  if (count > 0) {
    *sent = static_cast<std::size_t>(count);
    return Io::kDone;
  }
  const int error = LastError();
  if (WouldBlock(error)) return Io::kTimeout;
  error_ = ErrorText(error);
  return Io::kFailed;
}

Io Tcp::Receive(char* buffer, std::size_t size, std::int64_t timeout_ms, std::size_t* received) {
  *received = 0;
  if (Wait(false, timeout_ms) == Io::kTimeout) return Io::kTimeout;
  const auto count = ::recv(static_cast<Socket>(socket_), buffer, static_cast<Count>(size), 0);
  if (count > 0) {
    *received = static_cast<std::size_t>(count);
    return Io::kDone;
  }
  if (count == 0) return Io::kClosed;
  const int error = LastError();
  if (WouldBlock(error)) return Io::kTimeout;
  error_ = ErrorText(error);
  return Io::kFailed;
}

}  // namespace fiscalgate::agent::platform
