#include "fcgi/emulator/control.h"

#include "fcgi/error_reply.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator {
namespace {

// Empty: not by TCP.
bool IsLoopback(std::string_view address) {
  return address.empty() || address.starts_with("127.") || address == "::1" ||
         address.starts_with("unix:");
}

}  // namespace

void ControlEndpoint::Handle(ExchangePtr exchange) {
  exchange->Reply(IsLoopback(exchange->remote_address())
                      ? answer_(exchange->request())
                      : Refuse(403, "Управление эмулятором доступно только с этой машины"));
}

http::Response Refuse(int status, std::string_view words) {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(false).Key("error").String(words).EndObject();
  return JsonResponse(writer.Take(), status);
}

}  // namespace fiscalgate::emulator
