// The seam between those who want an HTTP request sent (dispatch, callback) and the one thread that
// sends.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/crypto.h"
#include "lib/http/address_guard.h"
#include "lib/http/message.h"

namespace fiscalgate::http {

// What is known of a request that is over. The difference between the first two is the difference
// between "try again" and "a receipt may have been printed".
enum class Delivery {
  kNotSent,   // proven: no byte of the request left (no address, refused, TLS or pin failed,
              // guarded)
  kNoAnswer,  // some of it may have been sent, and no complete answer came (time-out, reset, too
              // long)
  kAnswered,  // a complete HTTP answer
};

struct Answer {
  Delivery delivery = Delivery::kNotSent;
  Response response;  // when kAnswered
  std::string error;  // otherwise: what happened, for people; no secrets
  std::chrono::milliseconds elapsed{0};
};

struct SendOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds total_timeout{30'000};
  std::size_t max_answer_bytes = 64 * 1024;
  std::shared_ptr<const AddressGuard> guard;  // required
  // "sha256//<base64>" of the peer's public key; several joined by ';'. With a pin the certificate
  // chain is not checked (routers have self-signed certificates), the key is. Without one the chain
  // and name are.
  std::string pinned_public_key;
  bool allow_plain_http = true;
  // A new connection for this request and none kept: libcurl silently repeats a request whose
  // reused connection turns out dead, which must never happen to a receipt.
  bool fresh_connection = false;
  // Asked once, on the sender's thread, when the connection stands and just before the first byte
  // leaves; false: kNotSent. Empty: it may leave. Must not block.
  std::function<bool()> permit = {};
  // What we show of ourselves, as PEM; both or neither. Read from memory, never written to a file.
  std::string client_certificate;
  base::Secret client_key;
  // Authorities trusted instead of the system's, as PEM; empty = the system's.
  std::string trusted_authorities;
};

class Sender {
 public:
  virtual ~Sender() = default;
  // Any thread. `done` is called once, on the sender's thread (or at once, on the caller's, if the
  // sender is saturated or stopping: then kNotSent); it must only hand the answer on.
  virtual void Send(Request request, SendOptions options, std::function<void(Answer)> done) = 0;
};

}  // namespace fiscalgate::http
