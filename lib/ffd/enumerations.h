// The values a tag may have, where its values are numbered. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fiscalgate::ffd {

struct EnumerationValue {
  int value;
  std::string_view name_ru;
};

struct Enumeration {
  int tag;
  bool is_bits;  // the values are bits, and several may be set
  std::span<const EnumerationValue> values;
};

std::span<const Enumeration> AllEnumerations();
// nullptr if there is none under that number (see Tag::enumeration).
const Enumeration* FindEnumeration(int tag);

// True for tags that have no enumeration here, and for 1262, whose list is not whole.
bool IsInEnumeration(int tag, std::int64_t value);

// "" if it has none.
std::string_view EnumerationName(int tag, std::int64_t value);

}  // namespace fiscalgate::ffd
