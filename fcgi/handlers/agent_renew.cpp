#include "fcgi/handlers/agent_renew.h"

#include <utility>

#include "fcgi/error_reply.h"

namespace fiscalgate {

void AgentRenew::Handle(ExchangePtr exchange) {
  AgentVisit visit;
  if (auto refusal = door_.Admit(exchange->request(), &visit)) {
    return exchange->Reply(std::move(*refusal));
  }
  const std::string lease = AgentDoor::LeaseOf(exchange->request());
  if (lease.empty()) {
    return exchange->Reply(AgentDoor::Malformed(visit.language, "Fiscalgate-Lease"));
  }
  if (switchboard_.Renew(visit.register_->key, lease)) {
    return exchange->Reply(JsonResponse(R"({"result":true})"));
  }
  const bool english = visit.language == base::Language::kEnglish;
  exchange->Reply(NamedRefusal(410, "lease_ended",
                               english ? "The lease has ended; bring the answer all the same"
                                       : "Срок истёк; ответ драйвера всё равно нужен"));
}

}  // namespace fiscalgate
