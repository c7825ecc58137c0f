// One call of an emulated cloud service: plays the faults of transport around the service's own
// answer. Runs on request threads.
#pragma once

#include "fcgi/emulator/cloud/service.h"
#include "fcgi/exchange.h"

namespace fiscalgate::emulator::cloud {

class Endpoint final : public Handler {
 public:
  // Both must outlive the endpoint.
  Endpoint(Call call, const Service& service, Cloud& cloud)
      : call_(std::move(call)), service_(service), cloud_(cloud) {}
  void Handle(ExchangePtr exchange) override;

 private:
  bool StrikeBefore(ExchangePtr* exchange);
  void ReplyAfter(http::Response response, ExchangePtr exchange);
  std::optional<FaultRule> Draw(std::span<const Fault> faults);

  const Call call_;
  const Service& service_;
  Cloud& cloud_;
};

}  // namespace fiscalgate::emulator::cloud
