#include "fcgi/emulator/control.h"
#include "fcgi/error_reply.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator {

http::Response ShowStatus(const Device& device) {
  base::JsonWriter writer;
  writer.BeginObject().Key("register").Raw(device.driver->RegisterStatus());
  writer.Key("terminal").Raw(device.driver->TerminalStatus());
  writer.Key("deduplicate").Bool(device.driver->deduplicate());
  writer.Key("now").String(base::FormatUtc(device.clock.Now()));
  writer.Key("clock_ahead_s");
  writer.Int(std::chrono::duration_cast<std::chrono::seconds>(device.clock.offset()).count());
  writer.Key("parked").Int(static_cast<std::int64_t>(device.parking.size()));
  writer.Key("faults").Raw(FaultsJson(device)).EndObject();
  return JsonResponse(writer.Take());
}

http::Response ChangeSettings(const http::Request& request, Device& device) {
  const auto document = base::ParseJson(request.body);
  const base::JsonValue* on = document ? document->root().Find("deduplicate") : nullptr;
  if (on == nullptr || on->kind != base::JsonKind::kBool) {
    return Refuse(400, "Ожидается {\"deduplicate\": true или false}");
  }
  device.driver->set_deduplicate(on->boolean);
  return ShowStatus(device);
}

http::Response AdvanceClock(const http::Request& request, Device& device) {
  const auto document = base::ParseJson(request.body);
  const auto seconds = document ? register_::FindInt(document->root(), "advance_s") : std::nullopt;
  constexpr std::chrono::seconds kMax = base::kMaxClockAdvance;
  if (!seconds || *seconds < 0 || *seconds > kMax.count() ||
      device.clock.offset() + std::chrono::seconds(*seconds) > kMax) {
    return Refuse(400, "Ожидается {\"advance_s\": число секунд вперёд}");
  }
  device.clock.Advance(std::chrono::seconds(*seconds));
  return ShowStatus(device);
}

}  // namespace fiscalgate::emulator
