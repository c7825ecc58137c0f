#include "lib/protocol/bit/entry.h"

#include <algorithm>
#include <vector>

#include "lib/ffd/tags.h"

namespace fiscalgate::protocol::bit {
namespace {

using task::CommandResult;
using task::CommandState;

constexpr std::string_view kNotRun = "не выполнялась: список остановлен раньше";
// Of the register's own words these are said in ours.
constexpr std::string_view kOurs[] = {"name", "type", "success", "error", "state"};

// Writes the members of the mark and tells which tags they were.
std::vector<int> WriteMark(const CommandResult& result, base::JsonWriter* writer) {
  std::vector<int> tags;
  if (!result.mark) return tags;
  base::JsonWriter own;
  ffd::WriteFiscalMark(*result.mark, &own);
  const auto mark = base::ParseJson(own.Take());
  FG_CHECK(mark.ok());
  for (const base::JsonMember& member : mark->root().members) {
    tags.push_back(ffd::TagOfKey(member.key));
    writer->Key(member.key).Raw(member.value.raw);
  }
  return tags;
}

void WriteOtherWords(const CommandResult& result, const std::vector<int>& written,
                     base::JsonWriter* writer) {
  if (result.raw.empty()) return;
  const auto raw = base::ParseJson(result.raw);
  FG_CHECK(raw.ok());  // it was cut out of a document that was read, or made here
  for (const base::JsonMember& member : raw->root().members) {
    if (std::find(std::begin(kOurs), std::end(kOurs), member.key) != std::end(kOurs)) continue;
    const int tag = ffd::TagOfKey(member.key);
    if (tag != 0 && std::find(written.begin(), written.end(), tag) != written.end()) continue;
    writer->Key(member.key).Raw(member.value.raw);
  }
}

}  // namespace

void WriteEntry(const CommandResult& result, EntryReader reader, base::JsonWriter* writer) {
  writer->BeginObject().Key("name").String(result.name).Key("type").String(result.type);
  if (result.state == CommandState::kDone) {
    writer->Key("success").String(result.text);
  } else {
    const bool not_run = result.state == CommandState::kNotRun;
    writer->Key("error").String(not_run ? kNotRun : std::string_view(result.text));
  }
  if (reader == EntryReader::kShop) {
    writer->Key("state").String(task::CommandStateName(result.state));
  }
  WriteOtherWords(result, WriteMark(result, writer), writer);
  writer->EndObject();
}

}  // namespace fiscalgate::protocol::bit
