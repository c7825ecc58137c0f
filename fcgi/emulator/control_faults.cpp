#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "fcgi/emulator/fault_desk.h"
#include "fcgi/error_reply.h"
#include "lib/base/decimal.h"
#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator {
namespace {

constexpr int kDefaultDelayMs = 1000;
constexpr std::string_view kClear = "none";  // for a page without scripts, which cannot DELETE

using Fields = std::map<std::string, std::string, std::less<>>;

bool IsForm(const http::Request& request) {
  return http::FindHeader(request.headers, "Content-Type")
      .starts_with("application/x-www-form-urlencoded");
}

// A form's empty fields were left alone by the person.
std::optional<Fields> ReadForm(std::string_view body) {
  const auto form = base::ParseForm(body);
  if (!form) return std::nullopt;
  Fields fields;
  for (const auto& [name, value] : *form) {
    if (!value.empty()) fields[name] = value;
  }
  return fields;
}

std::optional<Fields> ReadFields(const http::Request& request) {
  if (IsForm(request)) return ReadForm(request.body);
  const auto document = base::ParseJson(request.body);
  if (!document || !document->root().is_object()) return std::nullopt;
  Fields fields;
  for (const base::JsonMember& member : document->root().members) {
    if (!member.value.is_string() && !member.value.is_number()) return std::nullopt;
    fields[std::string(member.key)] = member.value.text;
  }
  return fields;
}

// Takes the field out. False: it is there, but no whole number within the limits.
template <typename Int>
bool TakeInt(Fields* fields, std::string_view name, std::int64_t min, std::int64_t max, Int* out) {
  const auto field = fields->find(name);
  if (field == fields->end()) return true;
  std::int64_t number = 0;
  const char* end = field->second.data() + field->second.size();
  const auto [stop, error] = std::from_chars(field->second.data(), end, number);
  fields->erase(field);
  if (error != std::errc() || stop != end || number < min || number > max) return false;
  *out = static_cast<Int>(number);
  return true;
}

// Takes "0.3" as 300,000 millionths.
bool TakeRate(Fields* fields, FaultRule* rule) {
  const auto field = fields->find("rate");
  if (field == fields->end()) return true;
  base::Quantity rate;
  const bool fine = base::ParseQuantity(field->second, &rate) == base::DecimalFault::kNone &&
                    rate.millionths >= 0 && rate.millionths <= FaultRule::kAlways;
  fields->erase(field);
  rule->rate_millionths = static_cast<int>(rate.millionths);
  rule->left = FaultRule::kEndless;
  return fine;
}

bool HasDelay(Fault fault) { return fault == Fault::kSlow || fault == Fault::kBusy503; }

void TakeText(Fields* fields, std::string_view name, std::string* out) {
  const auto field = fields->find(name);
  if (field == fields->end()) return;
  *out = field->second;
  fields->erase(field);
}

// "" if it is a rule; else what is wrong.
std::string ReadRule(Fields fields, const FaultDesk& desk, FaultRule* rule) {
  const auto name = fields.find("fault");
  const auto kind = std::find_if(desk.kinds.begin(), desk.kinds.end(), [&](const FaultKind& one) {
    return name != fields.end() && one.name == name->second;
  });
  if (kind == desk.kinds.end()) return "Неизвестный сбой (fault)";
  fields.erase(name);
  rule->fault = kind->fault;
  if (HasDelay(rule->fault)) rule->delay_ms = kDefaultDelayMs;
  if (rule->fault == Fault::kUnauthorizedStorm) rule->left = FaultRule::kEndless;
  TakeText(&fields, "text", &rule->text);
  TakeText(&fields, "on", &rule->step);
  if (!rule->step.empty() &&
      std::find(desk.steps.begin(), desk.steps.end(), rule->step) == desk.steps.end()) {
    return "Неизвестный запрос (on)";
  }
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (!TakeRate(&fields, rule)) return "Доля должна быть от 0 до 1 (rate)";
  if (!TakeInt(&fields, "count", 1, kMax, &rule->left)) return "Неверное число раз (count)";
  if (!TakeInt(&fields, "seed", 0, kMax, &rule->seed)) return "Неверное начальное число (seed)";
  for (const std::string_view key : {"delay_ms", "ms"}) {
    if (!TakeInt(&fields, key, 0, base::kMaxFaultDelay.count(), &rule->delay_ms)) {
      return "Неверная задержка (" + std::string(key) + ")";
    }
  }
  return fields.empty() ? "" : "Неизвестное поле: " + fields.begin()->first;
}

void WriteRule(const FaultRule& rule, base::JsonWriter* writer) {
  writer->BeginObject().Key("fault").String(FaultName(rule.fault)).Key("left");
  if (rule.left == FaultRule::kEndless) {
    writer->Null();
  } else {
    writer->Int(rule.left);
  }
  writer->Key("rate").Raw(base::FormatQuantity({rule.rate_millionths}));
  writer->Key("seed").Int(static_cast<std::int64_t>(rule.seed));
  if (HasDelay(rule.fault)) writer->Key("delay_ms").Int(rule.delay_ms);
  if (!rule.step.empty()) writer->Key("on").String(rule.step);
  if (!rule.text.empty()) writer->Key("text").String(rule.text);
  writer->Key("hits").Int(rule.hits).EndObject();
}

http::Response Answer(const http::Request& request, const FaultDesk& desk) {
  if (IsForm(request)) return {303, {{"Location", "/emulator/"}}, ""};
  return ListFaults(desk);
}

}  // namespace

std::string FaultsJson(const FaultBox& box) {
  base::JsonWriter writer;
  writer.BeginArray();
  for (const FaultRule& rule : box.rules()) WriteRule(rule, &writer);
  writer.EndArray();
  return writer.Take();
}

http::Response ListFaults(const FaultDesk& desk) {
  base::JsonWriter writer;
  writer.BeginObject().Key("faults").Raw(FaultsJson(desk.box)).Key("known").BeginArray();
  for (const FaultKind& kind : desk.kinds) writer.String(kind.name);
  writer.EndArray();
  if (!desk.steps.empty()) {
    writer.Key("on").BeginArray();
    for (const std::string& step : desk.steps) writer.String(step);
    writer.EndArray();
  }
  return JsonResponse(writer.EndObject().Take());
}

http::Response ClearFaults(const FaultDesk& desk) {
  desk.box.Clear();
  desk.parking.ReleaseHung();
  return ListFaults(desk);
}

http::Response AddFault(const http::Request& request, const FaultDesk& desk) {
  const auto fields = ReadFields(request);
  if (!fields) return Refuse(400, "Ожидается объект JSON или форма");
  if (const auto name = fields->find("fault"); name != fields->end() && name->second == kClear) {
    ClearFaults(desk);
    return Answer(request, desk);
  }
  FaultRule rule;
  rule.seed = desk.seed;
  if (const std::string wrong = ReadRule(*fields, desk, &rule); !wrong.empty()) {
    return Refuse(400, wrong);
  }
  if (const auto added = desk.box.Add(rule); !added) return Refuse(409, added.error().what);
  log::Info("fault_set", {{"name", FaultName(rule.fault)}, {"count", rule.left}});
  return Answer(request, desk);
}

}  // namespace fiscalgate::emulator
