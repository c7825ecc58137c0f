// A TCP server on a free loopback port for tests of HTTP clients: a test says what happens to each
// connection, byte by byte. Every connection has a thread; the destructor closes all and joins
// them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace fiscalgate::testing {

class RawConnection {
 public:
  explicit RawConnection(int fd) : fd_(fd) {}
  // One request: its head and as much body as Content-Length says. "" when the peer has closed.
  std::string ReadRequest();
  // False when the peer has closed.
  bool Write(std::string_view bytes);
  // Until the peer or the server closes.
  void WaitForClose();
  // The peer gets a reset instead of an orderly end.
  void ResetOnClose();

 private:
  int fd_;
  std::string buffer_;
};

class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;
  explicit RawServer(Script script);
  ~RawServer();
  std::uint16_t port() const { return port_; }
  std::string Url(std::string_view path = "/") const;
  int connections() const { return connections_; }

  // A port nobody listens on (it was bound and released).
  static std::uint16_t RefusedPort();

 private:
  struct Peer {
    int fd = -1;
    std::thread thread;
  };
  void AcceptLoop();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::list<Peer> peers_;
  std::thread acceptor_;
};

// Listens, but never accepts, with a backlog that is full: a connect hangs.
class BlackHole {
 public:
  BlackHole();
  ~BlackHole();
  std::string Url() const;

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::list<int> fillers_;
};

// Connections are established by the kernel and nobody ever reads from them. On all of 127.0.0.0/8.
class SilentServer {
 public:
  SilentServer();
  ~SilentServer();
  // Hosts 127.0.x.y, a different origin for each number.
  std::string Url(int number) const;

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace fiscalgate::testing
