#include "fcgi/emulator/cloud/overlay.h"

#include <algorithm>
#include <map>

#include "lib/base/json.h"

namespace fiscalgate::emulator::cloud {
namespace {

using protocol::MappingRow;

std::string_view NameOf(const MappingRow& row, std::span<const ChosenName> names) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const ChosenName& one) {
    return one.tag == row.tag && one.tag_value == row.tag_value;
  });
  return found == names.end() ? std::string_view() : found->name;
}

// "" for a row that needs no word.
std::string ValueOf(const MappingRow& row, std::span<const ChosenName> names) {
  using protocol::Certainty;
  const bool may_be_left_out = row.group == "field" || row.group == "unit";
  if (row.certainty == Certainty::kDocumented) return "";
  if (row.certainty == Certainty::kInferred) return "true";
  std::string name;
  if (const std::string_view chosen = NameOf(row, names); !chosen.empty()) {
    base::AppendJsonString(chosen, &name);
  }
  return name.empty() && may_be_left_out ? "null" : name;
}

}  // namespace

std::string WriteOverlay(const protocol::MappingTable& table, std::span<const ChosenName> names) {
  std::map<std::string_view, std::map<int, std::string>> groups;
  for (const MappingRow& row : table.rows) {
    const std::string value = ValueOf(row, names);
    const int key = row.tag_value == protocol::kCarried ? row.tag : row.tag_value;
    if (!value.empty()) groups[row.group][key] = value;
  }
  base::JsonWriter writer;
  writer.BeginObject();
  for (const auto& [group, values] : groups) {
    writer.Key(group).BeginObject();
    for (const auto& [key, value] : values) writer.Key(std::to_string(key)).Raw(value);
    writer.EndObject();
  }
  return writer.EndObject().Take();
}

}  // namespace fiscalgate::emulator::cloud
