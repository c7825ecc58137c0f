#include "fcgi/emulator/control.h"
#include "fcgi/error_reply.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/ffd/dates.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator {
namespace {

bool* FlagNamed(std::string_view name, DeviceTags* tags) {
  if (name == "fn_replace_1050") return &tags->fn_replace_1050;
  if (name == "fn_exhausted_1051") return &tags->fn_exhausted_1051;
  if (name == "fn_memory_1052") return &tags->fn_memory_1052;
  if (name == "ofd_timeout_1053") return &tags->ofd_timeout_1053;
  return nullptr;
}

// False: something is no setting, or has a wrong value; nothing at all is wrong too.
bool ReadSettings(const base::JsonValue& root, std::optional<bool>* deduplicate, DeviceTags* tags) {
  for (const base::JsonMember& member : root.members) {
    const base::JsonValue& value = member.value;
    const bool is_bool = value.kind == base::JsonKind::kBool;
    if (member.key == "deduplicate" && is_bool) {
      *deduplicate = value.boolean;
    } else if (bool* flag = FlagNamed(member.key, tags); flag != nullptr && is_bool) {
      *flag = value.boolean;
    } else if (member.key == "unsent_1097" && register_::FindInt(root, member.key)) {
      tags->unsent_1097 = *register_::FindInt(root, member.key);
    } else if (member.key == "first_unsent_1098" && value.is_string() &&
               (value.text.empty() || ffd::ParseDate(value.text))) {
      tags->first_unsent_1098 = value.text;
    } else {
      return false;
    }
  }
  return root.is_object() && !root.members.empty();
}

}  // namespace

http::Response ShowStatus(const Device& device) {
  base::JsonWriter writer;
  writer.BeginObject().Key("register").Raw(device.driver->RegisterStatus());
  writer.Key("terminal").Raw(device.driver->TerminalStatus());
  writer.Key("deduplicate").Bool(device.driver->deduplicate());
  const DeviceTags tags = device.driver->tags();
  writer.Key("unsent_1097").Int(tags.unsent_1097);
  writer.Key("first_unsent_1098").String(tags.first_unsent_1098);
  writer.Key("fn_replace_1050").Bool(tags.fn_replace_1050);
  writer.Key("fn_exhausted_1051").Bool(tags.fn_exhausted_1051);
  writer.Key("fn_memory_1052").Bool(tags.fn_memory_1052);
  writer.Key("ofd_timeout_1053").Bool(tags.ofd_timeout_1053);
  writer.Key("now").String(base::FormatUtc(device.clock.Now()));
  writer.Key("clock_ahead_s");
  writer.Int(std::chrono::duration_cast<std::chrono::seconds>(device.clock.offset()).count());
  writer.Key("parked").Int(static_cast<std::int64_t>(device.parking.size()));
  writer.Key("faults").Raw(FaultsJson(device.faults)).EndObject();
  return JsonResponse(writer.Take());
}

http::Response ChangeSettings(const http::Request& request, Device& device) {
  const auto document = base::ParseJson(request.body);
  std::optional<bool> deduplicate;
  DeviceTags tags = device.driver->tags();
  if (!document || !ReadSettings(document->root(), &deduplicate, &tags)) {
    return Refuse(400,
                  "Ожидается объект с deduplicate, fn_replace_1050, fn_exhausted_1051, "
                  "fn_memory_1052, ofd_timeout_1053 (true или false), unsent_1097 (число), "
                  "first_unsent_1098 (\"2026-01-31\" или \"\")");
  }
  if (deduplicate) device.driver->set_deduplicate(*deduplicate);
  device.driver->set_tags(std::move(tags));
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
