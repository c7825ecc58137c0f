#include "fcgi/server.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <latch>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fcgi/error_reply.h"
#include "fcgi/server_call.h"
#include "fcgi/server_connection.h"
#include "fcgi/server_socket.h"
#include "lib/base/check.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

// Taken from the desk in one turn; a group commit brings about as many.
constexpr std::size_t kRepliesAtOnce = 16;
// When descriptors run out, new connections wait in the backlog for so long.
constexpr int kAcceptPauseMs = 100;
// At the stop, a connection that was accepted gets so long to bring its request: the web server
// connects and writes in one go.
constexpr int kLastRequestMs = 50;

// What the request threads share.
struct Shared {
  Shared(int listen, const Router& r, int threads, std::size_t max_parked)
      : listen_fd(listen),
        router(r),
        desk(std::make_shared<ReplyDesk>(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), max_parked)),
        quiet(threads) {
    FG_CHECK(stop_fd >= 0 && end_fd >= 0 && desk->wake_fd() >= 0);
  }
  ~Shared() {
    close(stop_fd);
    close(end_fd);
  }

  const int listen_fd;
  const Router router;
  const std::shared_ptr<ReplyDesk> desk;
  const int stop_fd = eventfd(0, EFD_CLOEXEC);  // accept no more
  const int end_fd = eventfd(0, EFD_CLOEXEC);   // write what is on the desk and end
  std::atomic<bool> stopping{false};
  std::latch quiet;  // threads that take no more requests
};

class RequestThread;
thread_local RequestThread* current_thread = nullptr;

// What a handler holds: answers once, whatever becomes of the handler.
class FastCgiExchange final : public Exchange {
 public:
  explicit FastCgiExchange(CallPtr call) : call_(std::move(call)) {}
  ~FastCgiExchange() override {
    if (replied_) return;
    const bool failed = std::uncaught_exceptions() > 0;
    Reply(failed ? ErrorResponse(base::Code::kInternal, LanguageOf(call_->request))
                 : BusyResponse(call_->request));
  }
  const http::Request& request() const override { return call_->request; }
  const std::string& remote_address() const override { return call_->remote_address; }
  bool peer_is_gone() const override { return call_->connection().PeerIsGone(); }
  void Reply(http::Response response) override;

 private:
  const CallPtr call_;
  bool replied_ = false;
};

// A request thread: its epoll, and the connections that have sent nothing yet.
class RequestThread {
 public:
  explicit RequestThread(Shared& shared) : shared_(shared) {}
  void Run();
  ReplyDesk& desk() { return *shared_.desk; }
  void Write(Call& call, const http::Response& response);

 private:
  using Connection = std::unique_ptr<FastCgiConnection>;

  void Watch(int fd, std::uint32_t events);
  void Unwatch(int fd);
  void Wait();
  void HandleEvent(int fd);
  void BeginStop();
  void ServeLastRequests();
  bool AcceptOne();
  void PauseAccepting(int error);
  bool WriteReplies();
  void Idle(Connection connection);
  void Serve(Connection connection);
  void Route(const CallPtr& call);

  Shared& shared_;
  const int epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  std::unordered_map<int, Connection> idle_;
  bool accepting_ = true;
  bool accept_paused_ = false;
  bool listen_ready_ = false;
  bool ending_ = false;
  bool draining_ = false;  // for the desk
};

void FastCgiExchange::Reply(http::Response response) {
  FG_CHECK(!std::exchange(replied_, true));
  if (current_thread != nullptr && &current_thread->desk() == &call_->desk()) {
    if (call_->desk().ClaimNow(call_.get())) current_thread->Write(*call_, response);
  } else {
    call_->desk().Put(call_, std::move(response));
  }
}

void RequestThread::Run() {
  current_thread = this;
  FG_CHECK(epoll_fd_ >= 0);
  Watch(shared_.listen_fd, EPOLLIN | EPOLLEXCLUSIVE);
  Watch(shared_.desk->wake_fd(), EPOLLIN | EPOLLEXCLUSIVE);
  Watch(shared_.stop_fd, EPOLLIN);
  Watch(shared_.end_fd, EPOLLIN);
  while (!ending_) {
    Wait();
    // A thread that is awake goes on while there is work: each saved sleep is a saved wake-up.
    bool busy = true;
    while (busy) {
      busy = WriteReplies();
      if (listen_ready_) busy = (listen_ready_ = AcceptOne()) || busy;
    }
  }
  WriteReplies();
  close(epoll_fd_);
}

void RequestThread::Watch(int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  FG_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0);
}

void RequestThread::Unwatch(int fd) {
  FG_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr) == 0);
}

void RequestThread::Wait() {
  epoll_event events[16];
  const int count = epoll_wait(epoll_fd_, events, 16, accept_paused_ ? kAcceptPauseMs : -1);
  FG_CHECK(count >= 0 || errno == EINTR);
  if (count == 0 && accept_paused_ && accepting_) {
    accept_paused_ = false;
    Watch(shared_.listen_fd, EPOLLIN | EPOLLEXCLUSIVE);
  }
  for (int i = 0; i < count; ++i) HandleEvent(events[i].data.fd);
}

void RequestThread::HandleEvent(int fd) {
  if (fd == shared_.listen_fd) {
    listen_ready_ = accepting_;
  } else if (fd == shared_.desk->wake_fd()) {
    eventfd_t value = 0;
    // Another thread may have read it already.
    (void)eventfd_read(fd, &value);
  } else if (fd == shared_.stop_fd) {
    BeginStop();
  } else if (fd == shared_.end_fd) {
    ending_ = true;
  } else if (auto found = idle_.find(fd); found != idle_.end()) {
    Connection connection = std::move(found->second);
    idle_.erase(found);
    Unwatch(fd);
    Serve(std::move(connection));
  }
}

void RequestThread::BeginStop() {
  Unwatch(shared_.stop_fd);
  if (!accept_paused_) Unwatch(shared_.listen_fd);
  accepting_ = accept_paused_ = listen_ready_ = false;
  ServeLastRequests();
  shared_.quiet.count_down();
}

void RequestThread::ServeLastRequests() {
  while (!idle_.empty()) {
    std::vector<pollfd> waiting;
    for (const auto& [fd, connection] : idle_) waiting.push_back({fd, POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), kLastRequestMs) <= 0) break;
    for (const pollfd& entry : waiting) {
      if (entry.revents != 0) HandleEvent(entry.fd);
    }
  }
  idle_.clear();
}

bool RequestThread::AcceptOne() {
  if (shared_.stopping.load(std::memory_order_relaxed)) return false;
  const int fd = accept4(shared_.listen_fd, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
      PauseAccepting(error);
    }
    return error == ECONNABORTED || error == EINTR;
  }
  auto connection = std::make_unique<FastCgiConnection>(fd);
  char first = 0;
  const ssize_t peeked = recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (peeked > 0) {
    Serve(std::move(connection));
  } else if (peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    Idle(std::move(connection));
  }
  return true;
}

void RequestThread::PauseAccepting(int error) {
  log::Warn("accept_paused", {{"error", std::strerror(error)}});
  Unwatch(shared_.listen_fd);
  accept_paused_ = true;
}

bool RequestThread::WriteReplies() {
  bool any = false;
  for (;;) {
    auto replies = shared_.desk->Take(kRepliesAtOnce, &draining_);
    if (replies.empty()) return any;
    any = true;
    for (auto& [call, response] : replies) Write(*call, response);
  }
}

void RequestThread::Idle(Connection connection) {
  if (idle_.size() >= base::kMaxSilentConnections) return;
  const int fd = connection->fd();
  Watch(fd, EPOLLIN);
  idle_.emplace(fd, std::move(connection));
}

void RequestThread::Serve(Connection connection) {
  auto call = std::make_shared<Call>(shared_.desk, std::move(connection));
  switch (call->connection().Read(&call->request, &call->remote_address)) {
    case FastCgiConnection::ReadResult::kBroken:
      return;
    case FastCgiConnection::ReadResult::kTooLarge:
      Write(*call, ErrorResponse(base::Code::kTooLarge, LanguageOf(call->request)));
      return;
    case FastCgiConnection::ReadResult::kTruncated:
      Write(*call, ErrorResponse(base::Code::kMalformed, LanguageOf(call->request)));
      return;
    case FastCgiConnection::ReadResult::kRequest:
      Route(call);
      return;
  }
}

void RequestThread::Route(const CallPtr& call) {
  try {
    shared_.router.Route(std::make_unique<FastCgiExchange>(call));
  } catch (const std::exception& fault) {
    // The exchange has answered 500 on its way out.
    log::Error("request_failed", {{"path", call->request.url}, {"error", fault.what()}});
  }
  if (!shared_.desk->Park(call.get())) Write(*call, BusyResponse(call->request));
}

void RequestThread::Write(Call& call, const http::Response& response) {
  Connection connection = call.TakeConnection();
  const bool may_keep = !shared_.stopping.load(std::memory_order_relaxed);
  if (connection->Write(response, may_keep)) Idle(std::move(connection));
}

class FastCgiServer final : public Server {
 public:
  FastCgiServer(ListenSocket socket, const ServerOptions& options)
      : socket_(std::move(socket)), options_(options) {}
  ~FastCgiServer() override { Stop(); }
  void Start(const Router& router) override;
  void Stop() override;
  std::size_t parked() const override { return shared_ ? shared_->desk->parked() : 0; }
  const std::string& name() const override { return socket_.name(); }

 private:
  ListenSocket socket_;
  const ServerOptions options_;
  std::unique_ptr<Shared> shared_;
  std::vector<std::thread> threads_;
};

int ThreadCount(const ServerOptions& options) {
  if (options.threads > 0) return options.threads;
  // They parse and hand over; waiting costs none of them. Two more than processors, for those that
  // read the store meanwhile.
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency() + 2, 4u, 32u));
}

void FastCgiServer::Start(const Router& router) {
  FG_CHECK(threads_.empty());
  const int count = ThreadCount(options_);
  shared_ = std::make_unique<Shared>(socket_.fd(), router, count, options_.max_parked);
  for (int i = 0; i < count; ++i) {
    threads_.emplace_back([shared = shared_.get()] {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      RequestThread(*shared).Run();
    });
  }
}

void FastCgiServer::Stop() {
  if (threads_.empty()) return;
  shared_->stopping = true;
  FG_CHECK(eventfd_write(shared_->stop_fd, 1) == 0);
  shared_->quiet.wait();
  shared_->desk->CloseAfter(options_.stop_grace);
  FG_CHECK(eventfd_write(shared_->end_fd, 1) == 0);
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::Listen(const ServerOptions& options) {
  auto socket = ListenSocket::Open(options);
  if (!socket) return socket.error();
  PrepareFastCgi();
  return std::unique_ptr<Server>(
      std::make_unique<FastCgiServer>(std::move(socket).value(), options));
}

}  // namespace fiscalgate
