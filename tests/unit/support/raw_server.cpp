#include "tests/unit/support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/check.h"

namespace fiscalgate::testing {
namespace {

sockaddr_in Address(in_addr_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

int Bind(std::uint16_t* port, in_addr_t host = INADDR_LOOPBACK) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Address(host, 0);
  socklen_t size = sizeof address;
  FG_CHECK(fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  FG_CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  *port = ntohs(address.sin_port);
  return fd;
}

std::size_t ContentLength(const std::string& head) {
  for (const char* name : {"Content-Length:", "content-length:"}) {
    const auto at = head.find(name);
    if (at != std::string::npos) return std::stoul(head.substr(at + 15));
  }
  return 0;
}

std::string UrlOf(std::uint16_t port, std::string_view path) {
  return "http://127.0.0.1:" + std::to_string(port) + std::string(path);
}

}  // namespace

std::string RawConnection::ReadRequest() {
  char chunk[16384];
  while (true) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t whole = end + 4 + ContentLength(buffer_.substr(0, end));
      if (buffer_.size() >= whole) {
        std::string request = buffer_.substr(0, whole);
        buffer_.erase(0, whole);
        return request;
      }
    }
    const ssize_t got = recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return "";
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

bool RawConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawConnection::WaitForClose() {
  char chunk[4096];
  while (recv(fd_, chunk, sizeof chunk, 0) > 0) {
  }
}

void RawConnection::ResetOnClose() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

RawServer::RawServer(Script script) : script_(std::move(script)) {
  listener_ = Bind(&port_);
  FG_CHECK(listen(listener_, 4096) == 0);
  acceptor_ = std::thread([this] { AcceptLoop(); });
}

RawServer::~RawServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (const Peer& peer : peers_) {
      if (peer.fd >= 0) shutdown(peer.fd, SHUT_RDWR);
    }
  }
  for (Peer& peer : peers_) peer.thread.join();
}

std::string RawServer::Url(std::string_view path) const { return UrlOf(port_, path); }

void RawServer::AcceptLoop() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    std::lock_guard lock(mutex_);
    Peer& peer = peers_.emplace_back();
    peer.fd = fd;
    peer.thread = std::thread([this, &peer] {
      RawConnection connection(peer.fd);
      script_(connection);
      std::lock_guard inner(mutex_);
      close(peer.fd);
      peer.fd = -1;
    });
  }
}

std::uint16_t RawServer::RefusedPort() {
  std::uint16_t port = 0;
  close(Bind(&port));
  return port;
}

BlackHole::BlackHole() {
  listener_ = Bind(&port_);
  FG_CHECK(listen(listener_, 0) == 0);
  // A backlog of 0 holds one connection; a few more make sure that it is full.
  for (int i = 0; i < 3; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const sockaddr_in address = Address(INADDR_LOOPBACK, port_);
    connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    fillers_.push_back(fd);
  }
  pollfd first{fillers_.front(), POLLOUT, 0};
  poll(&first, 1, 1000);
}

BlackHole::~BlackHole() {
  for (const int fd : fillers_) close(fd);
  close(listener_);
}

std::string BlackHole::Url() const { return UrlOf(port_, "/"); }

SilentServer::SilentServer() {
  listener_ = Bind(&port_, INADDR_ANY);
  FG_CHECK(listen(listener_, 4096) == 0);
}

SilentServer::~SilentServer() { close(listener_); }

std::string SilentServer::Url(int number) const {
  return "http://127.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1) +
         ":" + std::to_string(port_) + "/";
}

}  // namespace fiscalgate::testing
