// The table of FFD tags: number, official name, key, type, length, enumeration, where it may stand,
// whether it must, who fills it. Constant data; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace fiscalgate::ffd {

enum class TagType {
  kText,
  kInn,    // 10 or 12 digits, padded to 12
  kPhone,  // + and digits
  kByte,
  kUint32,
  kVarInt,  // as many bytes as the number needs
  kMoney,
  kQuantity,
  kTime,      // seconds since 1970
  kDay,       // the same, at midnight
  kDateText,  // DD.MM.YYYY
  kBits,
  kBytes,
  kGroup
};

// Places a tag may stand in, as bits. kOldReceipt: the receipt itself, before FFD 1.2 only.
enum Place : unsigned {
  kReceipt = 1,
  kItem = 2,
  kPayments = 4,
  kGroupOnly = 8,
  kDevice = 16,
  kOldReceipt = 32
};

enum class FfdVersion { k105, k11, k12 };
enum class FilledBy { kByDevice, kByShop, kByBoth };

struct Tag {
  int number;
  TagType type;
  std::size_t max_bytes;  // in CP866, as a register stores it; 0: no limit is known
  bool fixed_length;
  int enumeration;  // the tag whose enumeration holds the values, 0: none
  std::string_view obligation;
  FilledBy filled_by;
  unsigned places;
  std::string_view key;  // the usual key, "productName_1030"; the number alone where none is usual
  std::string_view name_ru;  // official

  // 'M', 'C', 'O', '-' or '?'
  constexpr char Obligation(FfdVersion version) const {
    return obligation[static_cast<std::size_t>(version)];
  }
};

// nullptr for an unknown number.
const Tag* FindTag(int number);
std::span<const Tag> AllTags();

// The tag number after the last underscore ("pp_1059" -> 1059, "1059" -> 1059), or 0.
int TagOfKey(std::string_view key);

std::string_view TypeName(TagType type);  // "string(inn)"

}  // namespace fiscalgate::ffd
