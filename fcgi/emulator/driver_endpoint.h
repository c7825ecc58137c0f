// The wire side of the emulated driver: reads a request in any of its forms, checks its tokens,
// plays the faults of transport, and answers as the driver does: always HTTP 200, the result
// inside. Runs on request threads.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "fcgi/emulator/driver.h"
#include "fcgi/emulator/parking.h"
#include "fcgi/exchange.h"

namespace fiscalgate::emulator {

struct Tokens {
  std::vector<std::string> kkt;   // none: every token in a BIT_KKT_TOKEN header is accepted
  std::vector<std::string> bank;  // likewise
};

class DriverEndpoint final : public Handler {
 public:
  // All of them must outlive the endpoint.
  DriverEndpoint(Tokens tokens, Driver& driver, FaultBox& faults, MarkMemory& marks,
                 Parking& parking);
  void Handle(ExchangePtr exchange) override;

 private:
  // What will happen to the packet on its way.
  struct Plan {
    std::optional<Fault> before;
    bool lose_answer = false;
    int delay_ms = 0;
  };
  base::Result<Packet> Read(const http::Request& request) const;
  Plan MakePlan(const Packet& packet);
  void RunAndReply(const Packet& packet, const Plan& plan, ExchangePtr exchange);

  const Tokens tokens_;
  std::vector<std::string> all_tokens_;
  Driver& driver_;
  FaultBox& faults_;
  MarkMemory& marks_;
  Parking& parking_;
};

// OPTIONS: a browser asks whether a shop's page may post to the driver. Everyone may.
class PreflightEndpoint final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override;
};

}  // namespace fiscalgate::emulator
