#include "fcgi/agent/driver.h"

#include <algorithm>
#include <array>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/message.h"
#include "fcgi/agent/platform.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

using platform::AwakeMs;
using platform::Io;

constexpr std::int64_t kSliceMs = 250;  // between two looks at `give_up`

std::string Named(const char* russian, const char* english, const std::string& detail) {
  return std::string(Tr(russian, english)) + (detail.empty() ? "" : ": ") + detail;
}

}  // namespace

struct Driver::Exchange {
  platform::Tcp tcp;
  std::int64_t deadline = 0;
  const std::atomic<bool>& give_up;
  DriverReply reply;

  // With what happened; whether a byte was sent is known by then.
  void End(bool sent, std::string error) {
    reply.delivery = sent ? Delivery::kNoAnswer : Delivery::kNotSent;
    reply.error = std::move(error);
  }
  std::int64_t Slice() const { return std::clamp<std::int64_t>(deadline - AwakeMs(), 0, kSliceMs); }
  // Empty, or why there is no more waiting.
  std::string Over() const {
    if (give_up) return Tr("агент остановлен, не дождавшись драйвера", "the agent was stopped");
    if (AwakeMs() < deadline) return {};
    return Tr("драйвер не ответил вовремя", "the driver did not answer in time");
  }
};

const char* DriverStateName(DriverState state) {
  switch (state) {
    case DriverState::kOk:
      return "ok";
    case DriverState::kUnreachable:
      return "unreachable";
    case DriverState::kUnknown:
      return "unknown";
  }
  return "unknown";
}

DriverReply Driver::Call(std::string_view request, std::int64_t begin_before,
                         std::int64_t timeout_ms, const std::atomic<bool>& give_up) {
  const std::int64_t now = AwakeMs();
  Exchange exchange{{}, now + timeout_ms, give_up, {}};
  const std::int64_t patience = std::min({kDriverConnectMs, timeout_ms, begin_before - now});
  if (patience > 0 && !exchange.tcp.Connect(address_.host, address_.port, patience)) {
    state_ = DriverState::kUnreachable;
    exchange.End(false, Named("нет связи с драйвером кассы ", "cannot reach the driver ",
                              address_.Text() + ": " + exchange.tcp.error()));
  } else if (AwakeMs() >= begin_before) {
    exchange.End(false, Tr("начинать уже поздно", "it is too late to begin"));
  } else {
    state_ = DriverState::kOk;
    if (Send(&exchange, request)) Receive(&exchange);
  }
  return std::move(exchange.reply);
}

bool Driver::Send(Exchange* exchange, std::string_view request) {
  bool sent = false;
  while (!request.empty()) {
    const std::string over = exchange->Over();
    if (!over.empty()) {
      exchange->End(sent, over);
      return false;
    }
    std::size_t count = 0;
    const Io io = exchange->tcp.Send(request, exchange->Slice(), &count);
    if (io == Io::kTimeout) continue;
    if (io != Io::kDone) {
      exchange->End(sent, Named("драйвер оборвал связь", "the driver broke the connection",
                                exchange->tcp.error()));
      return false;
    }
    sent = true;
    request.remove_prefix(count);
  }
  return true;
}

void Driver::Receive(Exchange* exchange) {
  AnswerReader reader;
  std::array<char, 16 * 1024> buffer{};
  AnswerReader::State state = AnswerReader::State::kMore;
  while (state == AnswerReader::State::kMore) {
    const std::string over = exchange->Over();
    if (!over.empty()) return exchange->End(true, over);
    std::size_t count = 0;
    const Io io = exchange->tcp.Receive(buffer.data(), buffer.size(), exchange->Slice(), &count);
    if (io == Io::kTimeout) continue;
    if (io == Io::kFailed) {
      return exchange->End(true, Named("драйвер оборвал связь", "the driver broke the connection",
                                       exchange->tcp.error()));
    }
    state = io == Io::kClosed ? reader.End() : reader.Take({buffer.data(), count});
  }
  if (state == AnswerReader::State::kBroken) {
    return exchange->End(true, Named("ответ драйвера не разобрать",
                                     "the driver's answer cannot be used", reader.error()));
  }
  exchange->reply.delivery = Delivery::kAnswered;
  exchange->reply.message = reader.TakeMessage();
}

bool Driver::Probe(std::string* error) {
  platform::Tcp tcp;
  const bool reached = tcp.Connect(address_.host, address_.port, kProbeConnectMs);
  state_ = reached ? DriverState::kOk : DriverState::kUnreachable;
  if (!reached) *error = tcp.error();
  return reached;
}

}  // namespace fiscalgate::agent
