#include <algorithm>
#include <optional>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/bit/entry.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using task::CommandResult;
using task::CommandState;

base::Error Bad(std::string what) {
  return {base::Code::kBadAnswer, std::move(what), base::Retry::kUnknown};
}

// What a member of an answer says: a text, or a number or flag where the driver writes one.
// Nothing if it is absent, null or false.
std::optional<std::string> Said(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.Find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->kind == base::JsonKind::kBool && !value->boolean) return std::nullopt;
  if (value->is_string() || value->is_number()) {
    return base::Truncate(value->text, base::kMaxErrorBytes);
  }
  return std::string();
}

// A driver may leave an empty "error" beside "success", or the other way round; two texts that
// say the opposite of each other cannot be understood.
std::optional<CommandState> StateOf(const std::optional<std::string>& success,
                                    const std::optional<std::string>& error) {
  if (success && error) {
    if (success->empty() == error->empty()) return std::nullopt;
    return error->empty() ? CommandState::kDone : CommandState::kFailed;
  }
  if (success) return CommandState::kDone;
  if (error) return CommandState::kFailed;
  return std::nullopt;
}

base::Status ReadEntry(const JsonValue& entry, CommandResult* result) {
  const std::string at = "entry " + std::to_string(result->index);
  if (!entry.is_object()) return Bad(at + " is not an object");
  const std::string_view type = entry.FindText("type");
  if (!type.empty() && CommandTypeFromName(type) != CommandTypeFromName(result->type)) {
    return Bad(at + " answers another command");
  }
  const auto success = Said(entry, "success"), error = Said(entry, "error");
  const auto state = StateOf(success, error);
  if (!state) return Bad(at + " says neither success nor error");
  result->state = *state;
  result->text = *state == CommandState::kDone ? *success : *error;
  result->raw = std::string(entry.raw);
  result->mark = ffd::ReadFiscalMark(entry);
  return base::Ok();
}

// The position a key names: "0", "1", ... without leading zeros; none for other keys.
std::optional<std::size_t> PositionOf(std::string_view key) {
  if (key.empty() || (key.size() > 1 && key[0] == '0')) return std::nullopt;
  std::size_t position = 0;
  for (const char c : key) {
    if (c < '0' || c > '9') return std::nullopt;
    if (position <= base::kMaxCommands)
      position = position * 10 + static_cast<std::size_t>(c - '0');
  }
  return position;
}

// The entry of each command, by position; nullptr where there is none. False if there is an entry
// for a command that was never sent.
bool FindEntries(const JsonValue& root, std::vector<const JsonValue*>* entries) {
  if (root.is_array()) {
    if (root.items.size() > entries->size()) return false;
    for (std::size_t i = 0; i < root.items.size(); ++i) (*entries)[i] = &root.items[i];
    return true;
  }
  for (const base::JsonMember& member : root.members) {
    const auto position = PositionOf(member.key);
    if (!position) continue;
    if (*position >= entries->size()) return false;
    (*entries)[*position] = &member.value;
  }
  return true;
}

bool IsRefusal(const JsonValue& root) {
  const JsonValue* result = root.Find("result");
  return result != nullptr && result->kind == base::JsonKind::kBool && !result->boolean;
}

base::Result<DriverAnswer> ReadRefusal(const JsonValue& root,
                                       const std::vector<CommandResult>& sent) {
  DriverAnswer answer;
  answer.refused = true;
  answer.error = Said(root, "error").value_or("");
  if (answer.error.empty()) answer.error = "касса отказала и не назвала причину";
  answer.entries = sent;
  for (CommandResult& entry : answer.entries) entry.state = CommandState::kNotRun;
  return answer;
}

base::Result<DriverAnswer> ReadEntries(const std::vector<const JsonValue*>& found,
                                       const std::vector<CommandResult>& sent) {
  DriverAnswer answer;
  answer.entries = sent;
  bool stopped = false;  // a command failed: what has no entry after it was not run
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CommandResult& entry = answer.entries[i];
    entry.state = CommandState::kNotRun;
    if (found[i] != nullptr) {
      if (auto status = ReadEntry(*found[i], &entry); !status.ok()) return status.error();
    } else if (!stopped) {
      return Bad("entry " + std::to_string(entry.index) + " is missing");
    }
    stopped = stopped || entry.state == CommandState::kFailed;
  }
  return answer;
}

}  // namespace

base::Result<DriverAnswer> DecodeDriverAnswer(std::string_view body,
                                              const std::vector<CommandResult>& sent) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  const auto document = base::ParseJson(body);
  if (!document.ok()) return Bad("the answer is not JSON: " + document.error().what);
  const JsonValue& root = document->root();
  if (!root.is_object() && !root.is_array()) return Bad("the answer is no object and no list");
  std::vector<const JsonValue*> found(sent.size(), nullptr);
  if (!FindEntries(root, &found)) return Bad("the answer has more entries than commands were sent");
  const bool empty = std::all_of(found.begin(), found.end(),
                                 [](const JsonValue* entry) { return entry == nullptr; });
  if (empty && IsRefusal(root)) return ReadRefusal(root, sent);
  if (empty) return Bad("the answer has no entries");
  return ReadEntries(found, sent);
}

std::string EncodeDriverAnswer(const DriverAnswer& answer) {
  base::JsonWriter writer;
  writer.BeginObject();
  if (answer.refused) {
    writer.Key("result").Bool(false).Key("error").String(answer.error);
  } else {
    for (std::size_t i = 0; i < answer.entries.size(); ++i) {
      if (answer.entries[i].state == CommandState::kNotRun) continue;
      writer.Key(std::to_string(i));
      WriteEntry(answer.entries[i], EntryReader::kGateway, &writer);
    }
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace fiscalgate::protocol::bit
