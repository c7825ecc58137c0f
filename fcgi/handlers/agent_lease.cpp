#include "fcgi/handlers/agent_lease.h"

#include <charconv>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using agents::PollReply;

constexpr std::size_t kMaxTurnBytes = 1024;  // of several runs
constexpr int kStoppingRetryAfterS = 2;

std::optional<std::chrono::seconds> WaitOf(const http::Request& request) {
  const std::string_view text = http::FindHeader(request.headers, "fiscalgate-wait");
  int seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::min(std::chrono::seconds(seconds), base::kMaxWait);
}

// Nothing may be left out of it: what is not named counts as not held.
std::optional<std::vector<std::string>> HeldOf(const http::Request& request) {
  std::string_view rest = http::FindHeader(request.headers, "fiscalgate-held");
  std::vector<std::string> held;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view lease = base::Trim(rest.substr(0, comma));
    if (!lease.empty()) held.emplace_back(lease);
    if (held.size() > base::kMaxHeldLeases) return std::nullopt;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return held;
}

http::Response ResponseOf(PollReply reply, base::Language language) {
  if (reply.what == PollReply::What::kStopping) {
    return ErrorResponse(base::Code::kUnavailable, language, {}, kStoppingRetryAfterS);
  }
  http::Response response;
  response.headers = {{"Cache-Control", "no-store"}, {"Fiscalgate-Turn", std::move(reply.turn)}};
  response.status = 204;
  if (reply.what == PollReply::What::kNothing) return response;
  response.status = 200;
  response.headers.emplace_back("Content-Type", "application/octet-stream");
  response.headers.emplace_back("Fiscalgate-Lease", std::move(reply.errand.lease));
  response.headers.emplace_back("Fiscalgate-Begin-Within",
                                std::to_string(reply.begin_within.count()));
  response.headers.emplace_back("Fiscalgate-Timeout", std::to_string(reply.errand.timeout.count()));
  response.body = std::move(reply.errand.message);
  return response;
}

}  // namespace

void AgentLease::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  AgentVisit visit;
  auto refusal = door_.Admit(request, &visit);
  if (!refusal) refusal = AgentDoor::MayWork(visit);
  if (refusal) return exchange->Reply(std::move(*refusal));
  const auto wait = WaitOf(request);
  if (!wait) return exchange->Reply(AgentDoor::Malformed(visit.language, "Fiscalgate-Wait"));
  auto held = HeldOf(request);
  if (!held) return exchange->Reply(AgentDoor::Malformed(visit.language, "Fiscalgate-Held"));
  const std::string_view turn = http::FindHeader(request.headers, "fiscalgate-turn");
  // As after a pause of this process: the agent polls elsewhere since, and must not be waited for.
  if (exchange->peer_is_gone()) return exchange->Reply(ResponseOf({}, visit.language));

  agents::Poll poll;
  poll.register_key = visit.register_->key;
  poll.instance = visit.instance;
  poll.key_print = visit.key_print;
  poll.turn = turn.substr(0, kMaxTurnBytes);
  poll.held = std::move(*held);
  poll.wait = *wait;
  poll.reply = [waiting = std::shared_ptr<Exchange>(std::move(exchange)),
                language = visit.language](PollReply reply) {
    waiting->Reply(ResponseOf(std::move(reply), language));
  };
  const task::RegisterKey key = poll.register_key;
  switchboard_.TakePoll(std::move(poll));
  if (on_poll_) on_poll_(key);
}

}  // namespace fiscalgate
