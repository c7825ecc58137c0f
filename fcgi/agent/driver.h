// The driver of one register, spoken to over a TCP connection of our own, so that "no byte was
// sent" is a fact and nothing is ever repeated, redirected or sent through a proxy. Its address
// comes from the agent's configuration only. One call at a time; Probe may run beside it on another
// thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "fcgi/agent/address.h"
#include "fcgi/agent/delivery.h"

namespace fiscalgate::agent {

enum class DriverState { kUnknown, kOk, kUnreachable };
const char* DriverStateName(DriverState state);

struct DriverReply {
  Delivery delivery = Delivery::kNotSent;
  std::string error;    // unless answered; for people
  std::string message;  // the answer, as a message
};

class Driver {
 public:
  explicit Driver(Address address) : address_(std::move(address)) {}

  // No byte leaves after `begin_before` (AwakeMs). `give_up` set: ends within a moment.
  DriverReply Call(std::string_view request, std::int64_t begin_before, std::int64_t timeout_ms,
                   const std::atomic<bool>& give_up);
  // Connects and hangs up. False: `error` says why.
  bool Probe(std::string* error);

  DriverState state() const { return state_; }
  const Address& address() const { return address_; }

 private:
  struct Exchange;
  bool Send(Exchange* exchange, std::string_view request);
  void Receive(Exchange* exchange);
  const Address address_;
  std::atomic<DriverState> state_{DriverState::kUnknown};
};

}  // namespace fiscalgate::agent
