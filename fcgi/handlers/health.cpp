#include "fcgi/handlers/health.h"

#include "fcgi/error_reply.h"
#include "lib/base/json.h"

namespace fiscalgate {

void Health::Handle(ExchangePtr exchange) { exchange->Reply(JsonResponse(R"({"alive":true})")); }

void Readiness::Handle(ExchangePtr exchange) {
  const std::vector<std::string> reasons = reasons_();
  base::JsonWriter writer;
  writer.BeginObject().Key("ready").Bool(reasons.empty()).Key("reasons").BeginArray();
  for (const std::string& reason : reasons) writer.String(reason);
  writer.EndArray().EndObject();
  exchange->Reply(JsonResponse(writer.Take(), reasons.empty() ? 200 : 503));
}

}  // namespace fiscalgate
