#include "tests/store/postgres_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

#include "lib/base/check.h"

namespace fiscalgate::store::testing {
namespace {

constexpr char kSocketName[] = ".s.PGSQL.5432";

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  FG_CHECK(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  return address;
}

int Connect(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(path);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

bool SendAll(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

bool Receive(int fd, std::string* bytes) {
  char buffer[65536];
  const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
  bytes->assign(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
  return count > 0;
}

}  // namespace

PostgresProxy::PostgresProxy(const std::string& socket_folder)
    : server_socket_(socket_folder + "/" + kSocketName) {
  const sockaddr_un address = AddressOf(folder_.File(kSocketName));
  listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  FG_CHECK(::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  FG_CHECK(::listen(listening_, 16) == 0);
  FG_CHECK(::pipe(wake_) == 0);
  thread_ = std::thread([this] { Loop(); });
}

PostgresProxy::~PostgresProxy() {
  FG_CHECK(::write(wake_[1], "x", 1) == 1);
  thread_.join();
  for (const Line& line : lines_) {
    ::close(line.client);
    ::close(line.server);
  }
  for (const int fd : {listening_, wake_[0], wake_[1]}) ::close(fd);
}

void PostgresProxy::Set(Plan plan, Plan then) {
  const std::lock_guard lock(mutex_);
  plan_ = plan;
  then_ = then;
}

int PostgresProxy::cuts() const {
  const std::lock_guard lock(mutex_);
  return cuts_;
}

std::string PostgresProxy::Url(const std::string& database) const {
  std::string host;
  for (const char c : folder_.path()) host += c == '/' ? "%2F" : std::string(1, c);
  return "postgresql://fiscalgate@" + host + "/" + database;
}

void PostgresProxy::Loop() {
  for (;;) {
    std::vector<pollfd> ready = {{wake_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
    for (const Line& line : lines_) {
      ready.push_back({line.client, POLLIN, 0});
      ready.push_back({line.server, POLLIN, 0});
    }
    if (::poll(ready.data(), ready.size(), -1) < 0) continue;
    if (ready[0].revents != 0) return;
    std::vector<Line> left;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      Line& line = lines_[i];
      const bool lives = (ready[2 * i + 2].revents == 0 || FromClient(&line)) &&
                         (ready[2 * i + 3].revents == 0 || FromServer(&line));
      if (lives) {
        left.push_back(line);
      } else {
        ::close(line.client);
        ::close(line.server);
      }
    }
    lines_ = std::move(left);
    if (ready[1].revents != 0) TakeClient();
  }
}

void PostgresProxy::TakeClient() {
  const int client = ::accept(listening_, nullptr, nullptr);
  const std::lock_guard lock(mutex_);
  const int server = plan_ == Plan::kRefuse ? -1 : Connect(server_socket_);
  if (server >= 0) {
    lines_.push_back({client, server, "", false});
  } else {
    ::close(client);
  }
}

bool PostgresProxy::FromClient(Line* line) {
  std::string bytes;
  if (!Receive(line->client, &bytes)) return false;
  const std::lock_guard lock(mutex_);
  if (HasCommit(line, bytes)) {
    if (plan_ == Plan::kCutBeforeCommit) {
      Cut();
      return false;
    }
    line->deaf = plan_ == Plan::kCutAfterCommit;
  }
  return SendAll(line->server, bytes);
}

bool PostgresProxy::FromServer(Line* line) {
  std::string bytes;
  if (!Receive(line->server, &bytes)) return false;
  const std::lock_guard lock(mutex_);
  if (!line->deaf) return SendAll(line->client, bytes);
  Cut();
  return false;
}

// The message that prepares it holds its text and its name; later only its name comes.
bool PostgresProxy::HasCommit(Line* line, const std::string& bytes) const {
  constexpr std::string_view kText("\0COMMIT\0", 8);
  const std::size_t at = bytes.find(kText);
  if (at != std::string::npos) {
    std::size_t name = at;
    while (name > 0 && bytes[name - 1] >= '0' && bytes[name - 1] <= '9') --name;
    if (name > 0 && name < at && bytes[name - 1] == 's') {
      line->commit = bytes.substr(name - 1, at - name + 1);
    }
    return true;
  }
  return !line->commit.empty() && bytes.find('\0' + line->commit + '\0') != std::string::npos;
}

void PostgresProxy::Cut() {
  ++cuts_;
  plan_ = then_;
}

}  // namespace fiscalgate::store::testing
