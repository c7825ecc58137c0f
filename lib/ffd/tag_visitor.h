// Goes through the members of an object whose keys end in tag numbers. Pure; any thread.
#pragma once

#include <string>

#include "lib/base/json.h"
#include "lib/ffd/path.h"
#include "lib/ffd/tag_set.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {

inline constexpr int kItemTag = 1059;

// Calls on_tag(tag, value, path) for each known tag that may stand in `place` (0 = any) and is not
// null, once a tag, except that items may come one object each; on_key(key, value, path), which
// tells whether it knows the key, for keys without a tag number. Everything else is a fault.
template <typename OnTag, typename OnKey>
TagSet VisitTags(const base::JsonValue& object, unsigned place, const Path& path, FaultSink& sink,
                 OnTag on_tag, OnKey on_key) {
  TagSet seen;
  for (const auto& [key, value] : object.members) {
    const Path here(path, key);
    const int number = TagOfKey(key);
    if (number == 0) {
      if (!on_key(key, value, here)) sink.AddUnknown(here, FaultCode::kNotATag, key, key);
      continue;
    }
    const Tag* tag = FindTag(number);
    if (tag == nullptr) {
      sink.AddUnknown(here, FaultCode::kUnknownTag, key, std::to_string(number));
    } else if (place != 0 && (tag->places & place) == 0) {
      sink.Add(here, FaultCode::kTagNotHere, std::to_string(number));
    } else if (!value.is_null()) {
      if (!seen.Insert(*tag) && number != kItemTag) {
        sink.Add(here, FaultCode::kDuplicateTag, std::to_string(number));
      } else {
        on_tag(*tag, value, here);
      }
    }
  }
  return seen;
}

}  // namespace fiscalgate::ffd
