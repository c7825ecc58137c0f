#include "fcgi/handlers/agent_answer.h"

#include <optional>
#include <utility>

#include "fcgi/error_reply.h"
#include "lib/agents/message.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;
using dispatch::AgentAnswer;
using dispatch::Recorded;
using http::Delivery;

std::optional<Delivery> DeliveryOf(std::string_view name) {
  if (name == "not_sent") return Delivery::kNotSent;
  if (name == "no_answer") return Delivery::kNoAnswer;
  if (name == "answered") return Delivery::kAnswered;
  return std::nullopt;
}

// Percent-encoded UTF-8, for people.
std::string ErrorOf(const http::Request& request) {
  const auto text = base::PercentDecode(http::FindHeader(request.headers, "fiscalgate-error"));
  if (!text || text->empty() || !base::IsValidUtf8(*text)) return "агент не назвал причину";
  return base::Truncate(*text, base::kMaxErrorBytes);
}

// What cannot be read is kept as it came; whether anything was printed stays unknown.
std::optional<Code> ReadDriverAnswer(const std::string& body, AgentAnswer* answer) {
  auto response = agents::ReadResponse(body);
  answer->told.body = body.substr(0, base::kKeptEvidenceBytes);
  if (!response.ok()) {
    answer->answer.delivery = Delivery::kNoAnswer;
    answer->answer.error = "агент принёс ответ, который нельзя прочитать";
    return response.error().code;
  }
  answer->told.http_status = response->status;
  answer->answer.response = std::move(*response);
  return std::nullopt;
}

http::Response Said(std::string_view recorded) {
  http::Response response = JsonResponse(R"({"result":true})");
  response.headers.emplace_back("Fiscalgate-Recorded", recorded);
  return response;
}

// The gateway's own word, which a web server's error page on the way is not: the agent gives up.
http::Response Refused(http::Response response) {
  response.headers.emplace_back("Fiscalgate-Recorded", "refused");
  return response;
}

http::Response ResponseOf(Recorded recorded, std::optional<Code> fault, base::Language language) {
  switch (recorded) {
    case Recorded::kUnknownLease:
      return Refused(ErrorResponse(Code::kNotFound, language));
    case Recorded::kNotNow:
      return ErrorResponse(Code::kUnavailable, language);
    case Recorded::kApplied:
    case Recorded::kRepeated:
    case Recorded::kEvidence:
      break;
  }
  if (fault) return Refused(ErrorResponse(*fault, language));
  if (recorded == Recorded::kApplied) return Said("applied");
  return Said(recorded == Recorded::kRepeated ? "repeated" : "evidence");
}

}  // namespace

void AgentAnswered::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  AgentVisit visit;
  if (auto refusal = door_.Admit(request, &visit)) return exchange->Reply(std::move(*refusal));
  AgentAnswer answer;
  answer.register_key = visit.register_->key;
  answer.lease = AgentDoor::LeaseOf(request);
  if (answer.lease.empty()) {
    return exchange->Reply(Refused(AgentDoor::Malformed(visit.language, "Fiscalgate-Lease")));
  }
  answer.told.delivery = http::FindHeader(request.headers, "fiscalgate-delivery");
  const auto delivery = DeliveryOf(answer.told.delivery);
  if (!delivery) {
    return exchange->Reply(Refused(AgentDoor::Malformed(visit.language, "Fiscalgate-Delivery")));
  }
  answer.answer.delivery = *delivery;
  std::optional<Code> fault;
  if (*delivery == Delivery::kAnswered) {
    fault = ReadDriverAnswer(request.body, &answer);
  } else {
    answer.told.body = answer.answer.error = ErrorOf(request);
  }
  answer.recorded = [waiting = std::shared_ptr<Exchange>(std::move(exchange)), fault,
                     language = visit.language](Recorded recorded) {
    waiting->Reply(ResponseOf(recorded, fault, language));
  };
  take_(std::move(answer));
}

}  // namespace fiscalgate
