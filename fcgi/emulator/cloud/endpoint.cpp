#include "fcgi/emulator/cloud/endpoint.h"

#include <algorithm>
#include <array>

#include "lib/base/log.h"

namespace fiscalgate::emulator::cloud {
namespace {

constexpr std::size_t kHugeBytes = 1'200'000;  // more than a client should ever read
constexpr int kMsPerSecond = 1000;

http::Response Busy(const Service& service, int delay_ms) {
  http::Response response = service.Refusal(503, "Сервис временно недоступен");
  const int seconds = std::max(1, (delay_ms + kMsPerSecond - 1) / kMsPerSecond);
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

http::Response Garbage() {
  return {200, {{"Content-Type", "application/json"}}, "{\"\xFF<html>\x01 nothing of sense"};
}

http::Response Huge() {
  return {200,
          {{"Content-Type", "application/json"}},
          "{\"filler\":\"" + std::string(kHugeBytes, 'x') + "\"}"};
}

}  // namespace

std::optional<FaultRule> Endpoint::Draw(std::span<const Fault> faults) {
  auto rule = cloud_.faults.Draw(faults, call_.step);
  if (rule) log::Info("fault", {{"name", FaultName(rule->fault)}, {"step", call_.step}});
  return rule;
}

// Whether a fault has answered already, or never will.
bool Endpoint::StrikeBefore(ExchangePtr* exchange) {
  constexpr std::array kBefore = {Fault::kCloseBefore, Fault::kHangBefore, Fault::kServer500,
                                  Fault::kBusy503};
  const auto rule = Draw(kBefore);
  if (!rule) return false;
  if (rule->fault == Fault::kHangBefore) {
    cloud_.parking.Hang(std::move(*exchange));
  } else if (rule->fault == Fault::kCloseBefore) {
    (*exchange)->Reply(DropResponse());
  } else if (rule->fault == Fault::kServer500) {
    (*exchange)->Reply(service_.Refusal(500, "fault: server-500"));
  } else {
    (*exchange)->Reply(Busy(service_, rule->delay_ms));
  }
  return true;
}

void Endpoint::ReplyAfter(http::Response response, ExchangePtr exchange) {
  constexpr std::array kAfter = {Fault::kLoseAnswer, Fault::kHangAfter, Fault::kGarbage,
                                 Fault::kHuge, Fault::kSlow};
  const auto rule = Draw(kAfter);
  if (!rule) {
    exchange->Reply(std::move(response));
  } else if (rule->fault == Fault::kHangAfter) {
    cloud_.parking.Hang(std::move(exchange));
  } else if (rule->fault == Fault::kSlow) {
    cloud_.parking.ReplyLater(std::move(exchange), std::move(response),
                              base::Milliseconds(rule->delay_ms));
  } else if (rule->fault == Fault::kLoseAnswer) {
    exchange->Reply(DropResponse());
  } else {
    exchange->Reply(rule->fault == Fault::kGarbage ? Garbage() : Huge());
  }
}

void Endpoint::Handle(ExchangePtr exchange) {
  if (StrikeBefore(&exchange)) return;
  http::Response response;
  {
    std::lock_guard lock(cloud_.mutex);
    response = call_.answer(exchange->request());
  }
  ReplyAfter(std::move(response), std::move(exchange));
}

}  // namespace fiscalgate::emulator::cloud
