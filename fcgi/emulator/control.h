// The control calls of the emulator, under /emulator: what tests and people look at and change.
// Each is a function from a request to a response; they run on request threads. Only this machine
// may call them (the web server says so too).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "fcgi/emulator/device.h"
#include "fcgi/emulator/fault_desk.h"
#include "fcgi/exchange.h"
#include "lib/http/message.h"

namespace fiscalgate::emulator {

class ControlEndpoint final : public Handler {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;
  explicit ControlEndpoint(Answer answer) : answer_(std::move(answer)) {}
  void Handle(ExchangePtr exchange) override;

 private:
  const Answer answer_;
};

http::Response ShowJournal(const http::Request& request, const Device& device);
http::Response ShowReceipt(const http::Request& request, const Device& device);
http::Response ShowSlips(const Device& device);

http::Response ShowStatus(const Device& device);
http::Response ChangeSettings(const http::Request& request, Device& device);
http::Response AdvanceClock(const http::Request& request, Device& device);

http::Response ShowPage(const Device& device);

}  // namespace fiscalgate::emulator
