// One request on its way to one reply. Handlers see only this, never FastCGI, so they are tested
// with plain values. An exchange may be kept (parked) and answered later, from any thread: it costs
// its buffers, no thread.
#pragma once

#include <memory>
#include <string>

#include "lib/http/message.h"

namespace fiscalgate {

class Exchange {
 public:
  virtual ~Exchange() = default;  // unanswered: replies 503, so that no request is left hanging
  virtual const http::Request& request() const = 0;
  virtual const std::string& remote_address() const = 0;
  // From within Handle only: whether the peer has closed the connection already. Then nobody reads
  // the answer; it gave up while nothing here could run.
  virtual bool peer_is_gone() const { return false; }
  // Once. Any thread; never blocks the caller on the peer when it is not a request thread.
  virtual void Reply(http::Response response) = 0;
};
using ExchangePtr = std::unique_ptr<Exchange>;

// One endpoint; one file each in fcgi/handlers. Handle runs on a request thread; it replies, or
// moves the exchange somewhere it will be replied from.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Handle(ExchangePtr exchange) = 0;
};

}  // namespace fiscalgate
