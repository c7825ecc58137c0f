#include "lib/ffd/tags.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "lib/base/text.h"
#include "lib/ffd/enumerations.h"
#include "lib/ffd/nearest.h"

namespace fiscalgate::ffd {
namespace {

BOOST_AUTO_TEST_SUITE(tags_test)

BOOST_AUTO_TEST_CASE(TheTableIsWholeAndSorted) {
  const auto tags = AllTags();
  BOOST_TEST(tags.size() == 142u);
  std::set<std::string_view> keys;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (i > 0) BOOST_TEST(tags[i - 1].number < tags[i].number);
    BOOST_TEST(FindTag(tags[i].number) == &tags[i]);
    BOOST_TEST(TagOfKey(tags[i].key) == tags[i].number);
    BOOST_TEST(base::IsValidUtf8(tags[i].name_ru));
    BOOST_TEST(!tags[i].name_ru.empty());
    BOOST_TEST(tags[i].places != 0u);
    keys.insert(tags[i].key);
  }
  BOOST_TEST(keys.size() == tags.size());
}

std::string WhereOf(const Tag& tag) {
  // Payments stand in an object of their own only in the driver's JSON, and so does 1261 in items.
  unsigned places = tag.places;
  if ((places & kPayments) != 0) places |= kReceipt;
  if (tag.number == 1261) places &= ~static_cast<unsigned>(kItem);
  std::string where;
  for (const auto& [place, name] :
       {std::pair(kReceipt, "receipt"), std::pair(kItem, "item"), std::pair(kGroupOnly, "group"),
        std::pair(kOldReceipt, "old")}) {
    if ((places & place) != 0) where += (where.empty() ? "" : "+") + std::string(name);
  }
  return where;
}

std::string_view FillerOf(const Tag& tag) {
  switch (tag.filled_by) {
    case FilledBy::kByDevice:
      return "device";
    case FilledBy::kByShop:
      return "client";
    case FilledBy::kByBoth:
      return "both";
  }
  return "";
}

// number|name|type|bytes|fixed|enumeration|obligation|filled by|where, one a line, as the reviewed
// list of facts has them.
BOOST_AUTO_TEST_CASE(TheEssentialsAreThoseOfTheFacts) {
  constexpr std::uint64_t kOfTheFacts = 0xb0203e8482cd2007;
  std::uint64_t sum = 0xcbf29ce484222325;  // FNV-1a
  for (const Tag& tag : AllTags()) {
    std::string line = std::to_string(tag.number);
    for (const std::string& field :
         {std::string(tag.name_ru), std::string(TypeName(tag.type)), std::to_string(tag.max_bytes),
          std::string(tag.fixed_length ? "1" : "0"), std::to_string(tag.enumeration),
          std::string(tag.obligation), std::string(FillerOf(tag)), WhereOf(tag)}) {
      line += "|" + field;
    }
    line += "\n";
    for (const char c : line) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  BOOST_TEST(sum == kOfTheFacts);
}

BOOST_AUTO_TEST_CASE(EveryRowIsWhole) {
  for (const Tag& tag : AllTags()) {
    BOOST_TEST(tag.obligation.size() == 3u, tag.number);
    BOOST_TEST(tag.obligation.find_first_not_of("MCO-?") == std::string_view::npos, tag.number);
    BOOST_TEST((!tag.fixed_length || tag.max_bytes > 0), tag.number);
    BOOST_TEST((tag.enumeration == 0 || FindEnumeration(tag.enumeration) != nullptr), tag.number);
  }
}

BOOST_AUTO_TEST_CASE(ObligationDependsOnTheVersion) {
  BOOST_TEST(FindTag(2108)->Obligation(FfdVersion::k105) == '-');
  BOOST_TEST(FindTag(2108)->Obligation(FfdVersion::k12) == 'C');
  BOOST_TEST(FindTag(1197)->Obligation(FfdVersion::k12) == '-');
  BOOST_TEST(FindTag(1054)->Obligation(FfdVersion::k11) == '?');
}

BOOST_AUTO_TEST_CASE(TagsHaveTheirTypeAndPlace) {
  BOOST_TEST((FindTag(1079)->type == TagType::kMoney));
  BOOST_TEST((FindTag(1023)->type == TagType::kQuantity));
  BOOST_TEST((FindTag(1055)->type == TagType::kBits));
  BOOST_TEST((FindTag(1059)->type == TagType::kGroup));
  BOOST_TEST((FindTag(1178)->type == TagType::kDay));
  BOOST_TEST(FindTag(1030)->name_ru == "наименование предмета расчета");
  BOOST_TEST((FindTag(1030)->places & kItem) != 0u);
  BOOST_TEST((FindTag(1041)->places & kDevice) != 0u);
  for (const int payment : {1031, 1081, 1215, 1216, 1217}) {
    BOOST_TEST(FindTag(payment)->places == static_cast<unsigned>(kPayments));
  }
}

BOOST_AUTO_TEST_CASE(OtherNumbersAreNoTags) {
  for (const int number : {-1, 0, 1, 999, 1001, 1058, 1999, 2116, 999'999'999}) {
    BOOST_TEST(FindTag(number) == nullptr, number);
  }
}

BOOST_AUTO_TEST_CASE(TheTagIsBehindTheLastUnderscore) {
  BOOST_TEST(TagOfKey("pp_1059") == 1059);
  BOOST_TEST(TagOfKey("1059") == 1059);
  BOOST_TEST(TagOfKey("_1059") == 1059);
  BOOST_TEST(TagOfKey("vatSum20_120_1106") == 1106);
  BOOST_TEST(TagOfKey("название_1030") == 1030);
  for (const std::string_view key : {"", "_", "purchases", "name_", "1059_", "x_10a", "x_-1059",
                                     "x_+1059", "x_ 1059", "x_99999999999", "x1059"}) {
    BOOST_TEST(TagOfKey(key) == 0, key);
  }
}

BOOST_AUTO_TEST_CASE(EnumerationsKnowTheirValues) {
  BOOST_TEST(IsInEnumeration(1054, 1));
  BOOST_TEST(IsInEnumeration(1054, 4));
  BOOST_TEST(!IsInEnumeration(1054, 0));
  BOOST_TEST(!IsInEnumeration(1054, 5));
  BOOST_TEST(IsInEnumeration(1212, 27));
  BOOST_TEST(!IsInEnumeration(1212, 28));
  BOOST_TEST(!IsInEnumeration(1212, 29));
  BOOST_TEST(IsInEnumeration(1212, 30));
  BOOST_TEST(IsInEnumeration(1212, 33));
  BOOST_TEST(!IsInEnumeration(1212, 34));
  BOOST_TEST(IsInEnumeration(1236, 77));  // has no enumeration
  BOOST_TEST(IsInEnumeration(1222, 127));
  BOOST_TEST(!IsInEnumeration(1222, 128));
  BOOST_TEST(IsInEnumeration(1262, 72));
  BOOST_TEST(!IsInEnumeration(1262, 73));
  BOOST_TEST(EnumerationName(1199, 12) == "22/122");
  BOOST_TEST(EnumerationName(2110, 3) == "штучный товар, возвращен");
  BOOST_TEST(EnumerationName(1199, 13) == "");
}

BOOST_AUTO_TEST_CASE(EnumerationsAreSortedAndNamed) {
  int before = 0;
  for (const Enumeration& enumeration : AllEnumerations()) {
    BOOST_TEST(enumeration.tag > before);
    before = enumeration.tag;
    std::set<int> values;
    for (const EnumerationValue& value : enumeration.values) {
      BOOST_TEST(!value.name_ru.empty());
      BOOST_TEST(values.insert(value.value).second);
    }
  }
}

BOOST_AUTO_TEST_CASE(TheNearestKeyIsFound) {
  BOOST_TEST(NearestKey("unit_9108") == "unit_2108");
  BOOST_TEST(NearestKey("productNmae_1") == "productName_1030");
  BOOST_TEST(NearestKey("productName") == "productName_1030");
  BOOST_TEST(NearestKey("electronicaly") == "electronically");
  BOOST_TEST(NearestKey("ставка НДС_9999") == "tax_1199");
  BOOST_TEST(NearestKey("xyzzyxyzzyxyzzyxyzzy") == "");
  BOOST_TEST(NearestKey(std::string(1000, 'x')) == "");
}

BOOST_AUTO_TEST_CASE(EditDistanceCountsLetters) {
  BOOST_TEST(EditDistance("", "", 5) == 0u);
  BOOST_TEST(EditDistance("abc", "abc", 5) == 0u);
  BOOST_TEST(EditDistance("abc", "abd", 5) == 1u);
  BOOST_TEST(EditDistance("abc", "bc", 5) == 1u);
  BOOST_TEST(EditDistance("kitten", "sitting", 5) == 3u);
  BOOST_TEST(EditDistance("kitten", "sitting", 2) == 3u);
  BOOST_TEST(EditDistance("a", "bcdefgh", 3) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
