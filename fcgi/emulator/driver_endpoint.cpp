#include "fcgi/emulator/driver_endpoint.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/log.h"
#include "lib/protocol/bit/codec.h"

namespace fiscalgate::emulator {
namespace {

namespace bit = protocol::bit;

bool Contains(const std::vector<std::string>& tokens, const std::string& token) {
  return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

bool Allows(const std::vector<std::string>& tokens, const std::string& token) {
  return tokens.empty() ? !token.empty() : Contains(tokens, token);
}

void AllowOrigin(const http::Request& request, http::Response* response) {
  const std::string_view origin = http::FindHeader(request.headers, "Origin");
  response->headers.emplace_back("Access-Control-Allow-Origin", origin.empty() ? "*" : origin);
  response->headers.emplace_back("Vary", "Origin");
}

http::Response Refusal(const http::Request& request, std::string words) {
  bit::DriverAnswer answer;
  answer.refused = true;
  answer.error = std::move(words);
  http::Response response = JsonResponse(bit::EncodeDriverAnswer(answer));
  AllowOrigin(request, &response);
  return response;
}

base::Error Wrong(std::string words) { return {base::Code::kForbidden, std::move(words)}; }

}  // namespace

DriverEndpoint::DriverEndpoint(Tokens tokens, Driver& driver, FaultBox& faults, MarkMemory& marks,
                               Parking& parking)
    : tokens_(std::move(tokens)),
      all_tokens_(tokens_.kkt),
      driver_(driver),
      faults_(faults),
      marks_(marks),
      parking_(parking) {
  all_tokens_.insert(all_tokens_.end(), tokens_.bank.begin(), tokens_.bank.end());
}

base::Result<Packet> DriverEndpoint::Read(const http::Request& request) const {
  auto decoded = bit::DecodeDriverRequest(request, all_tokens_);
  if (!decoded) return decoded.error();
  // A token that was found by its name does not say which device it is of.
  if (decoded->bank_token.empty() && Contains(tokens_.bank, decoded->kkt_token)) {
    decoded->bank_token = std::exchange(decoded->kkt_token, {});
  }
  auto packet = ReadPacket(*decoded);
  if (!packet) return packet;
  bool needs_kkt = false, needs_bank = false;
  for (const PacketCommand& command : packet->commands) {
    const bool bank = command.type && bit::IsBankCommand(*command.type);
    (bank ? needs_bank : needs_kkt) = true;
  }
  if (needs_kkt && !Allows(tokens_.kkt, decoded->kkt_token)) return Wrong("Неверный токен ККТ");
  if (needs_bank && !Allows(tokens_.bank, decoded->bank_token)) {
    return Wrong("Неверный токен банковского терминала");
  }
  return packet;
}

DriverEndpoint::Plan DriverEndpoint::MakePlan(const Packet& packet) {
  Plan plan;
  const auto apply = [&plan, &packet](Fault fault, int delay_ms) {
    log::Info("fault", {{"name", FaultName(fault)}, {"order", packet.order_id}});
    if (fault == Fault::kLoseAnswer) {
      plan.lose_answer = true;
    } else if (fault == Fault::kSlow) {
      plan.delay_ms = delay_ms;
    } else if (!plan.before) {
      plan.before = fault;
    }
  };
  for (const PacketCommand& command : packet.commands) {
    for (const FaultMark& mark : command.marks) {
      if (mark.fault > Fault::kSlow) continue;  // of the device: the driver's business
      if (marks_.Strikes(mark, packet.order_id)) apply(mark.fault, mark.delay_ms);
    }
  }
  constexpr std::array kBefore = {Fault::kRefuse, Fault::kHttp500, Fault::kHang};
  if (const auto rule = faults_.Draw(kBefore)) apply(rule->fault, 0);
  if (plan.before) return plan;
  for (const Fault after : {Fault::kLoseAnswer, Fault::kSlow}) {
    if (const auto rule = faults_.Draw(std::array{after})) apply(rule->fault, rule->delay_ms);
  }
  return plan;
}

void DriverEndpoint::RunAndReply(const Packet& packet, const Plan& plan, ExchangePtr exchange) {
  auto answer = driver_.Run(packet);
  http::Response response;
  if (answer.ok()) {
    response = JsonResponse(bit::EncodeDriverAnswer(*answer));
    AllowOrigin(exchange->request(), &response);
  } else {
    log::Error("device_failed", {{"order", packet.order_id}, {"error", answer.error().what}});
    response = {500, {{"Content-Type", "text/plain"}}, "the device's memory failed\n"};
  }
  if (plan.lose_answer) response = DropResponse();
  if (plan.delay_ms > 0) {
    parking_.ReplyLater(std::move(exchange), std::move(response),
                        base::Milliseconds(plan.delay_ms));
  } else {
    exchange->Reply(std::move(response));
  }
}

void DriverEndpoint::Handle(ExchangePtr exchange) {
  const auto packet = Read(exchange->request());
  if (!packet) {
    exchange->Reply(Refusal(exchange->request(), packet.error().what));
    return;
  }
  const Plan plan = MakePlan(*packet);
  if (!plan.before) {
    RunAndReply(*packet, plan, std::move(exchange));
  } else if (*plan.before == Fault::kRefuse) {
    exchange->Reply(DropResponse());
  } else if (*plan.before == Fault::kHttp500) {
    exchange->Reply({500, {{"Content-Type", "text/plain"}}, "fault: http-500\n"});
  } else {
    parking_.Hang(std::move(exchange));
  }
}

void PreflightEndpoint::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  http::Response response{204, {}, ""};
  AllowOrigin(request, &response);
  // In version 1.2 the name of a header is a token, so any name may be asked for.
  const std::string_view headers =
      http::FindHeader(request.headers, "Access-Control-Request-Headers");
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Headers", headers.empty() ? "*" : headers);
  response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  exchange->Reply(std::move(response));
}

}  // namespace fiscalgate::emulator
