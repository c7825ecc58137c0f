// All outbound HTTP, on one thread: a curl_multi loop. The only place that knows libcurl (with
// url.cpp).
//
// Never follows redirects, never uses a proxy from the environment, never sends Expect:
// 100-continue, http and https only. Thousands of transfers cost memory, not threads.
//
// To one origin at most kMaxTransfersPerOrigin run at once; more wait for their turn, within their
// own total time-out, and hold up nobody else. What provably was not sent is told apart from what
// may have been (Delivery) by libcurl's hook before the first byte of a request, not by guessing
// from error codes.
#pragma once

#include <memory>
#include <string>

#include "lib/http/sender.h"

namespace fiscalgate::http {

class Client final : public Sender {
 public:
  // Starts the thread. `max_transfers` run at once; as many again may wait.
  explicit Client(std::size_t max_transfers);
  // Stops: running transfers end as kNoAnswer (or kNotSent if nothing left yet); every `done` is
  // called.
  ~Client() override;
  void Send(Request request, SendOptions options, std::function<void(Answer)> done) override;
  // Not from a `done`. May be called again.
  void Stop();
  // Accepted and not yet done, waiting ones too.
  std::size_t in_flight() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// "libcurl/7.88.1 OpenSSL/3.0.11 ..."
std::string LibraryVersion();

}  // namespace fiscalgate::http
