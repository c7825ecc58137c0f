// Goes through a group: an object of tags, or a list of such where the group may be repeated. Pure;
// any thread.
#pragma once

#include "lib/ffd/tag_visitor.h"
#include "lib/ffd/values.h"

namespace fiscalgate::ffd {

// Calls on_tag(tag, value, path), which tells whether it knows the tag; others are only checked.
template <typename OnTag>
TagSet VisitGroup(const base::JsonValue& value, const Path& path, FaultSink& sink, OnTag on_tag) {
  if (!value.is_object()) {
    sink.Add(path, FaultCode::kWrongType, "object");
    return {};
  }
  return VisitTags(
      value, 0, path, sink,
      [&](const Tag& tag, const base::JsonValue& member, const Path& here) {
        if (!on_tag(tag, member, here)) CheckTagValue(tag, member, here, sink);
      },
      [](std::string_view, const base::JsonValue&, const Path&) { return false; });
}

// Calls read(value, path) for the group, or for each of a list.
template <typename Read>
void ForEachGroup(const base::JsonValue& value, const Path& path, Read read) {
  if (!value.is_array()) return read(value, path);
  for (std::size_t i = 0; i < value.items.size(); ++i) read(value.items[i], Path(path, i));
}

}  // namespace fiscalgate::ffd
