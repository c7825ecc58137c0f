#include "fcgi/admin/shift_words.h"

#include <cstdio>
#include <cstdlib>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/desk.h"
#include "lib/base/text.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Status;

constexpr std::size_t kMaxCashierBytes = 64;  // tag 1021
constexpr int kMinutesADay = 24 * 60;

std::string YesNo(bool value) { return std::string(value ? Say("yes", "да") : Say("no", "нет")); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "23:50" -> 1430; nothing for anything else.
std::optional<int> MinuteOf(const std::string& text) {
  const bool shaped = text.size() == 5 && IsDigit(text[0]) && IsDigit(text[1]) && text[2] == ':' &&
                      IsDigit(text[3]) && IsDigit(text[4]);
  if (!shaped) return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

// "+3", "-1", "+05:30" -> minutes.
std::optional<int> OffsetOf(const std::string& text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string time = text.substr(1);
  if (time.find(':') == std::string::npos) time += ":00";
  if (time.size() == 4) time.insert(0, "0");
  const auto minutes = MinuteOf(time);
  if (!minutes || *minutes > 14 * 60) return std::nullopt;
  return text[0] == '-' ? -*minutes : *minutes;
}

std::string Clock(int minutes) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60 % 24, minutes % 60);
  return text;
}

std::string ClosesAt(const task::Register& r) {
  return r.shift_close_minute < 0 ? "off" : Clock(r.shift_close_minute);
}

std::string Zone(const task::Register& r) {
  return (r.utc_offset_minutes < 0 ? "-" : "+") +
         Clock(std::abs(r.utc_offset_minutes) % kMinutesADay);
}

Status TakeSwitch(std::string_view option, const std::optional<std::string>& given, bool* value) {
  if (!given) return base::Ok();
  Status good = CheckOneOf(option, *given, {"on", "off"});
  if (good.ok()) *value = *given == "on";
  return good;
}

Status TakeClose(const std::optional<std::string>& given, int* minute) {
  if (!given) return base::Ok();
  const auto read = *given == "off" ? std::optional<int>(-1) : MinuteOf(*given);
  if (read) *minute = *read;
  if (read) return base::Ok();
  return Error{Code::kInvalid,
               std::string(Say("--shift-close: a time of the day like 23:50, or off",
                               "--shift-close: время суток, например 23:50, или "
                               "off"))};
}

Status TakeZone(const std::optional<std::string>& given, int* offset) {
  if (!given) return base::Ok();
  const auto read = OffsetOf(*given);
  if (read) *offset = *read;
  if (read) return base::Ok();
  return Error{Code::kInvalid,
               std::string(Say("--time-zone: hours from UTC, like +3 or +05:30",
                               "--time-zone: часы от UTC, например +3 или +05:30"))};
}

Status TakeCashier(const std::optional<std::string>& given, std::string* cashier) {
  if (!given) return base::Ok();
  if (!given->empty()) {
    Status good = CheckName(*given);
    if (!good || given->size() > kMaxCashierBytes * 2) {
      return Error{Code::kInvalid, std::string(Say("--shift-cashier: at most 64 characters",
                                                   "--shift-cashier: не больше 64 знаков"))};
    }
  }
  *cashier = *given;
  return base::Ok();
}

std::string_view StateName(task::ShiftState state) {
  switch (state) {
    case task::ShiftState::kOpen:
      return "open";
    case task::ShiftState::kClosed:
      return "closed";
    case task::ShiftState::kNotKnown:
      break;
  }
  return "not known";
}

base::Language Spoken() {
  return Say("en", "ru") == "en" ? base::Language::kEnglish : base::Language::kRussian;
}

}  // namespace

Status ApplyShiftOptions(const ShiftOptions& options, task::Register* r) {
  Status good = TakeSwitch("--shift-guard", options.guard, &r->shift_guard);
  if (good.ok()) good = TakeSwitch("--shift-reopen", options.reopen, &r->shift_reopen);
  if (good.ok()) good = TakeClose(options.close, &r->shift_close_minute);
  if (good.ok()) good = TakeZone(options.time_zone, &r->utc_offset_minutes);
  if (good.ok()) good = TakeCashier(options.cashier, &r->shift_cashier);
  return good;
}

void WriteShiftSettings(const task::Register& r, base::JsonWriter* writer) {
  writer->Key("shift_guard").Bool(r.shift_guard).Key("shift_close").String(ClosesAt(r));
  writer->Key("shift_reopen").Bool(r.shift_reopen).Key("time_zone").String(Zone(r));
  writer->Key("shift_cashier").String(r.shift_cashier);
}

void AddShiftSettings(const task::Register& r, Sheet* sheet) {
  sheet->Add("shift_guard", YesNo(r.shift_guard));
  sheet->Add("shift_close", ClosesAt(r));
  sheet->Add("shift_reopen", YesNo(r.shift_reopen));
  sheet->Add("time_zone", Zone(r));
  sheet->Add("shift_cashier", r.shift_cashier.empty() ? "-" : r.shift_cashier);
}

void WriteDevice(const task::DeviceState* state, base::WallTime now, base::JsonWriter* writer) {
  if (state == nullptr) {
    writer->Null();
    return;
  }
  writer->BeginObject().Key("told_at").String(base::FormatUtc(state->told_at));
  writer->Key("shift_state").String(StateName(state->shift_state));
  writer->Key("shift_1038").Int(state->shift);
  if (state->shift_state == task::ShiftState::kOpen) {
    writer->Key("shift_opened_at").String(base::FormatUtc(state->shift_opened_at));
  }
  writer->Key("fn_replace_1050").Bool(state->fn_replace_1050);
  writer->Key("fn_exhausted_1051").Bool(state->fn_exhausted_1051);
  writer->Key("fn_memory_1052").Bool(state->fn_memory_1052);
  writer->Key("ofd_timeout_1053").Bool(state->ofd_timeout_1053);
  if (state->unsent_1097) writer->Key("unsent_1097").Int(*state->unsent_1097);
  if (state->first_unsent_1098) {
    writer->Key("first_unsent_1098").String(base::FormatUtc(*state->first_unsent_1098));
  }
  writer->Key("warnings").BeginArray();
  for (const auto& warning : task::WarningsOf(*state, now, Spoken())) {
    writer->BeginObject().Key("code").String(warning.code);
    writer->Key("text").String(warning.text).EndObject();
  }
  writer->EndArray().EndObject();
}

std::string DeviceSheet(const task::DeviceState* state, base::WallTime now) {
  if (state == nullptr) return "";
  Sheet sheet;
  std::string shift(StateName(state->shift_state));
  if (state->shift > 0) shift += ", " + std::to_string(state->shift);
  if (state->shift_state == task::ShiftState::kOpen) {
    shift += std::string(Say(", since ", ", с ")) + base::FormatUtc(state->shift_opened_at);
  }
  sheet.Add("shift", shift);
  if (state->unsent_1097) {
    std::string unsent = std::to_string(*state->unsent_1097);
    if (state->first_unsent_1098) {
      unsent += std::string(Say(", the oldest of ", ", самый старый от ")) +
                base::FormatUtc(*state->first_unsent_1098);
    }
    sheet.Add("unsent", unsent);
  }
  sheet.Add("told_at", base::FormatUtc(state->told_at));
  for (const auto& warning : task::WarningsOf(*state, now, Spoken())) {
    sheet.Add("warning", warning.text);
  }
  return "\n" + sheet.Text();
}

}  // namespace fiscalgate::admin
