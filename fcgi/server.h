// The FastCGI server: the only place that knows libfcgi. Listen socket (own, inherited from
// systemd, or fd 0), request threads, parked requests, graceful stop.
//
// Request threads wait on their own epoll (EPOLLEXCLUSIVE: a connection wakes one) for the stop
// signal, for new connections and for replies to parked requests; those are written by request
// threads too. The socket of systemd is never shut down, so a restart loses no request: they wait
// in its backlog.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "fcgi/exchange.h"
#include "fcgi/router.h"
#include "lib/base/limits.h"
#include "lib/base/result.h"

namespace fiscalgate {

struct ServerOptions {
  std::string socket;  // unix socket path, or "127.0.0.1:9000"; ignored when a socket is inherited
  unsigned socket_mode = 0660;
  std::string socket_group;                           // "" = leave it
  int threads = 0;                                    // 0 = chosen from the number of processors
  std::size_t max_parked = base::kMaxParkedRequests;  // more are answered 503
  std::chrono::milliseconds stop_grace{2'000};  // for parked requests to be answered by their owner
};

class Server {
 public:
  // Opens or inherits the socket. Errors: kConflict (another process listens there), kForbidden,
  // kMalformed.
  static base::Result<std::unique_ptr<Server>> Listen(const ServerOptions& options);
  virtual ~Server() = default;
  // Starts the threads. All signals must be blocked already.
  virtual void Start(const Router& router) = 0;
  // Accepts no more, waits for running requests and, at most `stop_grace`, for parked ones; answers
  // what is left with 503 + Retry-After (a long poll just repeats), ends the threads.
  virtual void Stop() = 0;
  virtual std::size_t parked() const = 0;
  // Where it listens, for the log.
  virtual const std::string& name() const = 0;
};

}  // namespace fiscalgate
