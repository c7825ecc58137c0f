#include "lib/ffd/tlv.h"

#include <boost/test/unit_test.hpp>

#include "lib/base/text.h"

namespace fiscalgate::ffd {
namespace {

Receipt Small() {
  Receipt receipt;
  receipt.type_1054 = 1;
  receipt.taxation_1055 = 2;
  Item item;
  item.name_1030 = "Чай";
  item.price_1079 = {1100};
  item.quantity_1023 = {1'500'000};
  item.sum_1043 = {1650};
  item.vat_1199 = 7;
  item.method_1214 = 4;
  item.subject_1212 = 1;
  receipt.items.push_back(item);
  receipt.payments.electronic_1081 = {1650};
  return receipt;
}

BOOST_AUTO_TEST_SUITE(tlv_test)

BOOST_AUTO_TEST_CASE(ASmallReceiptHasTheseBytes) {
  // Written by hand: tag and length, low byte first, then the value.
  const std::string item =
      "06040300"
      "97a0a9"  // 1030: Чай in CP866
      "37040200"
      "4c04"  // 1079
      "ff030200"
      "010f"  // 1023: one place, 15
      "13040200"
      "7206"  // 1043
      "af040100"
      "07"  // 1199
      "be040100"
      "04"  // 1214
      "bc040100"
      "01"  // 1212
      "3c080100"
      "00";  // 2108
  const std::string sums =
      "fc030200"
      "7206"  // 1020
      "07040100"
      "00"  // 1031
      "39040200"
      "7206"  // 1081
      "bf040100"
      "00"
      "c0040100"
      "00"
      "c1040100"
      "00";
  std::string want =
      "1e040100"
      "01"
      "1f040100"
      "02";
  want += "23042d00" + item + sums;
  want +=
      "5b040e00"
      "5f040a00"
      "af040100"
      "07"
      "60040100"
      "4f";  // 1115, 1119, 1199, 1120
  BOOST_TEST(base::HexEncode(EncodeTlv(Small(), FfdVersion::k12)) == want);
}

BOOST_AUTO_TEST_CASE(NumbersTakeAsFewBytesAsTheyNeed) {
  BOOST_TEST(VarBytes(0) == 1u);
  BOOST_TEST(VarBytes(255) == 1u);
  BOOST_TEST(VarBytes(256) == 2u);
  BOOST_TEST(VarBytes(9'999'999'999) == 5u);
  BOOST_TEST(VarBytes(~std::uint64_t{0}) == 8u);
}

BOOST_AUTO_TEST_CASE(QuantitiesHaveNoZerosAtTheEnd) {
  BOOST_TEST(ScaledOf({1'000'000}).number == 1u);
  BOOST_TEST(ScaledOf({1'000'000}).places == 0);
  BOOST_TEST(ScaledOf({250'000}).number == 25u);
  BOOST_TEST(ScaledOf({250'000}).places == 2);
  BOOST_TEST(ScaledOf({1}).places == 6);
}

BOOST_AUTO_TEST_CASE(AMarkingCodeIsStoredWithoutItsCheckKey) {
  const ProductCode gs1 = ProductCodeOf(
      "010460123456789021ABC\x1D"
      "91EE06");
  BOOST_TEST(gs1.tag == 1305);
  BOOST_TEST(gs1.value == "010460123456789021ABC");
  const ProductCode other = ProductCodeOf(std::string(60, 'x'));
  BOOST_TEST(other.tag == 1300);
  BOOST_TEST(other.value.size() == 32u);
}

BOOST_AUTO_TEST_CASE(TheVersionDecidesWhatIsStored) {
  Receipt receipt = Small();
  const std::size_t newest = TlvSizeOf(receipt, FfdVersion::k12).document;
  BOOST_TEST(TlvSizeOf(receipt, FfdVersion::k105).document == newest - kTlvHeader - 1);  // 2108
  ExtrasOf(receipt.items[0]).unit_name_1197 = "шт";
  BOOST_TEST(TlvSizeOf(receipt, FfdVersion::k12).document == newest);
  BOOST_TEST(TlvSizeOf(receipt, FfdVersion::k105).document == newest + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::ffd
