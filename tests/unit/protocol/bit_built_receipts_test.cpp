// Receipts as libraries for shops build them: each is read as it was meant, without a fault.
#include "lib/ffd/check.h"
#include "lib/protocol/bit/front.h"
#include "tests/unit/protocol/tables.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonValue;
using testing::Text;

std::int64_t NumberAt(const JsonValue& list, std::size_t index) {
  return std::stoll(std::string(list.items[index].text));
}

// [name, price in kopecks, quantity in millionths, VAT, code]
void CheckItem(const ffd::Item& item, const JsonValue& row) {
  BOOST_TEST(item.name_1030 == row.items[0].text);
  BOOST_TEST(item.price_1079.kopecks == NumberAt(row, 1));
  BOOST_TEST(item.quantity_1023.millionths == NumberAt(row, 2));
  BOOST_TEST(item.vat_1199 == NumberAt(row, 3));
}

void CheckRow(const JsonValue& row) {
  const auto form = DecodeForm(Text(row, "body"));
  BOOST_REQUIRE(form.ok());
  BOOST_TEST(form->data == Text(row, "data"));
  BOOST_TEST(Sign(*form, Text(row, "code")) == row.Find("fields")->FindText("BIT_SIGNATURE"));
  const auto package = ReadPackage(form->data, {});
  BOOST_REQUIRE(package.ok());
  for (const ffd::Fault& fault : package->faults) {
    BOOST_ERROR(fault.path + " " + std::string(ffd::FaultName(fault.code)));
  }
  BOOST_REQUIRE_EQUAL(package->receipts.size(), 1);
  const ffd::Receipt& receipt = package->receipts[0].receipt;
  BOOST_TEST(receipt.Total().kopecks == std::stoll(std::string(row.Find("total")->text)));
  const auto& items = row.Find("items")->items;
  BOOST_REQUIRE_EQUAL(receipt.items.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) CheckItem(receipt.items[i], items[i]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bit_built_receipts)

BOOST_AUTO_TEST_CASE(ReceiptsBuiltForShopsAreReadAsTheyWereMeant) {
  const auto table = testing::LoadTable("bit/built_receipts.json");
  const auto& rows = table.root().Find("built")->items;
  BOOST_TEST(rows.size() > 10);
  for (const JsonValue& row : rows) {
    BOOST_TEST_CONTEXT(row.FindText("name")) CheckRow(row);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fiscalgate::protocol::bit
