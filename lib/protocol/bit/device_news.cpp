#include "lib/protocol/bit/device_news.h"

#include <algorithm>
#include <charconv>

#include "lib/base/json.h"
#include "lib/ffd/dates.h"
#include "lib/ffd/tags.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using task::CommandResult;
using task::CommandState;
using task::DeviceNews;

std::optional<std::int64_t> NumberOf(const JsonValue& value) {
  std::int64_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  if (value.text.empty() || error != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

std::optional<bool> FlagOf(const JsonValue& value) {
  if (value.kind == base::JsonKind::kBool) return value.boolean;
  if (value.text == "true") return true;
  if (value.text == "false") return false;
  const auto number = NumberOf(value);
  if (!number) return std::nullopt;
  return *number != 0;
}

std::optional<base::WallTime> TimeOf(const JsonValue& value) {
  const auto time = ffd::ParseDate(value.text);
  if (!time) return std::nullopt;
  return base::WallTime(time->day) + std::chrono::seconds(time->seconds);
}

void ReadTag(int tag, const JsonValue& value, DeviceNews* news) {
  switch (tag) {
    case 1038:
      if (const auto shift = NumberOf(value); shift && *shift > 0) news->shift = shift;
      return;
    case 1050:
      news->fn_replace_1050 = FlagOf(value);
      return;
    case 1051:
      news->fn_exhausted_1051 = FlagOf(value);
      return;
    case 1052:
      news->fn_memory_1052 = FlagOf(value);
      return;
    case 1053:
      news->ofd_timeout_1053 = FlagOf(value);
      return;
    case 1097:
      news->unsent_1097 = NumberOf(value);
      return;
    case 1098:
      news->first_unsent_1098 = TimeOf(value);
      return;
    default:
      return;
  }
}

void ReadDone(const CommandResult& result, DeviceNews* news) {
  if (!result.raw.empty()) {
    const auto entry = base::ParseJson(result.raw);
    if (entry.ok()) {
      for (const base::JsonMember& member : entry->root().members) {
        ReadTag(ffd::TagOfKey(member.key), member.value, news);
      }
    }
  }
  const auto type = CommandTypeFromName(result.type);
  if (type == CommandType::kCloseShift) {
    news->shift_open = false;
    news->shift_just_opened = false;
  } else if (type == CommandType::kOpenShift) {
    news->shift_open = true;
    news->shift_just_opened = ClassifyDriverError(result.text).code != kShiftAlreadyOpen;
  } else if (type == CommandType::kReceipt && result.mark) {
    if (result.mark->shift_1038 > 0) news->shift = result.mark->shift_1038;
    news->shift_open = true;
  }
}

}  // namespace

DeviceNews NewsOf(const Work& work, const task::Outcome& outcome) {
  DeviceNews news;
  const auto was_done = [&](const CommandResult& result) {
    return std::any_of(work.head.results.begin(), work.head.results.end(),
                       [&](const CommandResult& before) {
                         return before.index == result.index && before.state == CommandState::kDone;
                       });
  };
  for (const CommandResult& result : outcome.commands) {
    if (result.state == CommandState::kDone && !was_done(result)) ReadDone(result, &news);
  }
  if (outcome.error_code == kShiftOver24h) news.shift_over_24h = true;
  if (outcome.error_code == kShiftNotOpen) news.shift_open = false;
  return news;
}

}  // namespace fiscalgate::protocol::bit
