// A request between its reading and its answer, and the desk where those that wait are kept.
//
// Whoever answers first wins: the handler, or the server when it stops or has too many parked. An
// answer given on a request thread is written at once; from any other thread it is laid on the desk
// and one request thread is woken to write it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fcgi/exchange.h"
#include "fcgi/server_connection.h"

namespace fiscalgate {

class Call;
using CallPtr = std::shared_ptr<Call>;

// Shared by request threads and all who hold an exchange; outlives the server if they do.
class ReplyDesk {
 public:
  struct Reply {
    CallPtr call;
    http::Response response;
  };

  ReplyDesk(int wake_fd, std::size_t max_parked) : wake_fd_(wake_fd), max_parked_(max_parked) {}
  ~ReplyDesk();

  // Claims the right to answer on this (request) thread. False: it has been answered.
  bool ClaimNow(Call* call);
  // From any other thread; a second answer is dropped.
  void Put(const CallPtr& call, http::Response response);
  // The handler has returned; false: this call must be answered 503 now by the caller, who has the
  // claim.
  bool Park(Call* call);
  // Some replies to write. A request thread takes until there are none (`draining` is its own flag,
  // false at first); while one does, those who put more need not wake another, until many wait.
  std::vector<Reply> Take(std::size_t most, bool* draining);

  // Waits until nothing is parked, at most so long; then answers the rest, and all that comes
  // later, with 503.
  void CloseAfter(std::chrono::milliseconds grace);
  std::size_t parked() const { return parked_.load(std::memory_order_relaxed); }
  int wake_fd() const { return wake_fd_; }

 private:
  void Unlink(Call* call);
  bool NeedsHelp() const;
  void Wake() const;

  const int wake_fd_;
  const std::size_t max_parked_;
  std::mutex mutex_;
  std::condition_variable none_parked_;
  std::deque<Reply> replies_;
  int draining_ = 0;       // threads that will come back to take more
  Call* first_ = nullptr;  // parked calls, doubly linked
  std::atomic<std::size_t> parked_{0};
  bool closed_ = false;
};

// Made for each request; shared by its request thread and its exchange.
class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(std::shared_ptr<ReplyDesk> desk, std::unique_ptr<FastCgiConnection> connection)
      : desk_(std::move(desk)), connection_(std::move(connection)) {}

  FastCgiConnection& connection() { return *connection_; }
  std::unique_ptr<FastCgiConnection> TakeConnection() { return std::move(connection_); }
  ReplyDesk& desk() { return *desk_; }

  http::Request request;
  std::string remote_address;

 private:
  friend class ReplyDesk;
  std::shared_ptr<ReplyDesk> desk_;
  std::unique_ptr<FastCgiConnection> connection_;
  // Guarded by the desk's mutex.
  bool answered_ = false;
  bool linked_ = false;
  Call* previous_ = nullptr;
  Call* next_ = nullptr;
};

// 503 with Retry-After: 1, in the language asked for.
http::Response BusyResponse(const http::Request& request);

}  // namespace fiscalgate
