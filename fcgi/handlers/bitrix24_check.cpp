#include "fcgi/handlers/bitrix24_check.h"

#include "fcgi/error_reply.h"
#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/protocol/bitrix24/fields.h"
#include "lib/protocol/bitrix24/result.h"

namespace fiscalgate {

namespace bitrix24 = protocol::bitrix24;

std::string Bitrix24Check::Answer(const http::Request& request) const {
  const auto posted = bitrix24::ReadPosted(request.body);
  if (!posted) return bitrix24::WriteCheckError("Запрос не читается: " + posted.error().what);
  const std::string id(posted->Text("uuid"));
  constexpr std::string_view kUnknown = "У шлюза нет такого чека";
  if (!base::LooksLikeId(id)) return bitrix24::WriteCheckError(kUnknown);
  const auto view = store_.FindTask(id);
  if (!view) {
    log::Warn("check_not_read", {{"task", id}, {"error", view.error().what}});
    return bitrix24::WriteWait();
  }
  if (!*view) return bitrix24::WriteCheckError(kUnknown);
  return bitrix24::WriteCheckAnswer((*view)->task, (*view)->results);
}

void Bitrix24Check::Handle(ExchangePtr exchange) {
  std::string answer = Answer(exchange->request());
  exchange->Reply(JsonResponse(std::move(answer)));
}

}  // namespace fiscalgate
