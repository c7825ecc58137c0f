#include "lib/protocol/bit/replaced_rates.h"

#include <charconv>

#include "lib/base/text.h"
#include "lib/ffd/tags.h"
#include "lib/ffd/totals.h"

namespace fiscalgate::protocol::bit {
namespace {

using base::JsonMember;
using base::JsonValue;

constexpr int kRate = 1199, kItemVat = 1200, kItems = 1059;

// As it was posted: a number, or a text with a number.
void Put(const JsonValue& value, const std::string& number, TextEdits* edits) {
  if (value.is_null()) return;
  edits->Replace(value.raw, value.is_string() ? "\"" + number + "\"" : number);
}

const JsonValue* FindTag(const JsonValue& object, int tag) {
  for (const JsonMember& member : object.members) {
    if (ffd::TagOfKey(member.key) == tag && !member.value.is_null()) return &member.value;
  }
  return nullptr;
}

// In the order in which the receipt has them.
std::vector<const JsonValue*> ItemsOf(const JsonValue& data) {
  std::vector<const JsonValue*> items;
  for (const JsonMember& member : data.members) {
    if (member.key != "purchases" && ffd::TagOfKey(member.key) != kItems) continue;
    if (member.value.is_object()) items.push_back(&member.value);
    for (const JsonValue& item : member.value.items) items.push_back(&item);
  }
  return items;
}

bool Differs(const JsonValue& posted, int rate) {
  int number = 0;
  const std::string_view text = base::Trim(posted.text);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc() || number != rate;
}

}  // namespace

void EditReplacedRates(const JsonValue& data, const ffd::Receipt& receipt, TextEdits* edits) {
  const std::vector<const JsonValue*> items = ItemsOf(data);
  bool is_edited = false;
  for (std::size_t i = 0; i < items.size() && i < receipt.items.size(); ++i) {
    const ffd::Item& item = receipt.items[i];
    const JsonValue* const rate = FindTag(*items[i], kRate);
    if (rate == nullptr || !Differs(*rate, item.vat_1199)) continue;
    is_edited = true;
    Put(*rate, std::to_string(item.vat_1199), edits);
    if (const JsonValue* const vat = FindTag(*items[i], kItemVat)) {
      Put(*vat, base::FormatMoney(ffd::VatOf(item.sum_1043, item.vat_1199)), edits);
    }
  }
  if (!is_edited) return;
  const ffd::Totals totals = ffd::TotalsOf(receipt);
  for (const int rate : {1, 3}) {
    const JsonValue* const sum = FindTag(data, ffd::FindVatRate(rate)->sum_tag);
    if (sum == nullptr) continue;
    Put(*sum, base::FormatMoney(totals.vat[static_cast<std::size_t>(rate)]), edits);
  }
}

}  // namespace fiscalgate::protocol::bit
