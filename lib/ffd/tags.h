// The table of FFD tags: number, official name, key, type, where it may stand.
#pragma once

#include <span>
#include <string_view>

namespace fiscalgate::ffd {

enum class TagType { kText, kInteger, kMoney, kQuantity, kDate, kBits, kBytes, kGroup, kBool };

// Places a tag may stand in, as bits.
enum Place : unsigned { kReceipt = 1, kItem = 2, kPayments = 4, kGroupOnly = 8, kDevice = 16 };

struct Tag {
  int number;
  std::string_view key;  // the usual key, "productName_1030"; the number alone where none is usual
  std::string_view name_ru;  // official
  TagType type;
  unsigned places;
};

// nullptr for an unknown number.
const Tag* FindTag(int number);
std::span<const Tag> AllTags();

// The tag number after the last underscore ("pp_1059" -> 1059, "1059" -> 1059), or 0.
int TagOfKey(std::string_view key);

}  // namespace fiscalgate::ffd
