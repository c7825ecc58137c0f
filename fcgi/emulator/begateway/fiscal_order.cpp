#include "fcgi/emulator/begateway/fiscal_order.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/begateway/mapping_table.h"

namespace fiscalgate::emulator::begateway {
namespace {

using base::JsonValue;
using protocol::ScalarText;

constexpr std::size_t kMaxText = 255, kMaxLongText = 510;
constexpr int kNoVat = 6, kSimplified = 2;
constexpr std::string_view kBlank = "can't be blank", kNotInList = "is not included in the list",
                           kInvalid = "is invalid";

// The tag's value that has this name; nothing for a name that no row of that tag has.
std::optional<int> ValueNamed(int tag, std::string_view name) {
  for (const protocol::MappingRow& row : protocol::begateway::Table().rows) {
    if (row.tag == tag && row.value == name && row.tag_value != protocol::kCarried) {
      return row.tag_value;
    }
  }
  return std::nullopt;
}

std::optional<int> PaymentTagNamed(std::string_view name) {
  for (const protocol::MappingRow& row : protocol::begateway::Table().rows) {
    if (row.group == "payment" && row.value == name) return row.tag;
  }
  return std::nullopt;
}

// One position, with the place for complaints.
class PositionReader {
 public:
  PositionReader(const JsonValue& value, std::size_t index, Complaints* complaints)
      : value_(value),
        place_("fiscalization/positions/" + std::to_string(index) + "/"),
        complaints_(complaints) {}

  FiscalPosition Read(int* taxation) {
    ReadTexts();
    Name("type", 1212, true, &position_.subject_1212);
    Name("pay_type", 1214, false, &position_.method_1214);
    ReadPayMethod();
    ReadNumbers();
    ReadTaxes(taxation);
    return std::move(position_);
  }

 private:
  void Wrong(std::string_view field, std::string_view text) {
    complaints_->Add(place_ + std::string(field), text);
  }

  void ReadTexts() {
    position_.name = value_.FindText("name");
    if (position_.name.empty()) Wrong("name", kBlank);
    if (position_.name.size() > 4 * kMaxText) Wrong("name", "is too long");
    for (const char* key : {"description", "nomenclature_code"}) {
      if (value_.FindText(key).size() > 4 * kMaxLongText) Wrong(key, "is too long");
    }
  }

  void Name(std::string_view field, int tag, bool is_required, int* out) {
    const std::string_view name = value_.FindText(field);
    if (name.empty()) {
      if (is_required) Wrong(field, kBlank);
      return;
    }
    const auto found = ValueNamed(tag, name);
    if (!found) Wrong(field, kNotInList);
    *out = found.value_or(*out);
  }

  void ReadPayMethod() {
    const std::string_view name = value_.FindText("pay_method");
    if (name.empty()) return;
    const auto tag = PaymentTagNamed(name);
    if (!tag) Wrong("pay_method", kNotInList);
    position_.payment_tag = tag.value_or(position_.payment_tag);
  }

  void ReadNumbers() {
    const auto amount = protocol::WholeNumber(value_.Find("amount"));
    if (!amount || *amount > base::kMaxKopecks) {
      Wrong("amount", value_.Find("amount") == nullptr ? kBlank : kInvalid);
    } else {
      position_.amount = {*amount};
    }
    const std::string_view quantity = ScalarText(value_.Find("quantity"));
    if (quantity.empty()) return Wrong("quantity", kBlank);
    const bool is_number =
        base::ParseQuantity(quantity, &position_.quantity) == base::DecimalFault::kNone;
    if (!is_number || position_.quantity.millionths <= 0) return Wrong("quantity", kInvalid);
    SetPrice();
  }

  // Half up to a kopeck.
  void SetPrice() {
    constexpr std::int64_t kUnit = 1'000'000;
    const std::int64_t quantity = position_.quantity.millionths;
    // kMaxKopecks times a million fits.
    position_.price = {(position_.amount.kopecks * kUnit + quantity / 2) / quantity};
  }

  void ReadTaxes(int* taxation) {
    const JsonValue* const untaxed = value_.Find("untaxed");
    if (untaxed != nullptr && untaxed->boolean) return;
    const JsonValue* const taxes = value_.Find("taxes");
    if (taxes == nullptr || taxes->items.empty()) return Wrong("taxes", kBlank);
    if (taxes->items.size() != 1) return Wrong("taxes", "must be one");
    const JsonValue& tax = taxes->items[0];
    const auto rate = ValueNamed(1199, ScalarText(tax.Find("percent")));
    if (!rate || *rate == kNoVat) return Wrong("percent", kNotInList);
    position_.vat_1199 = *rate;
    const std::string_view system = tax.FindText("system");
    if (system.empty()) return;
    const auto found = ValueNamed(1055, system);
    if (!found) return Wrong("system", kNotInList);
    if (*found == kSimplified) position_.vat_1199 = kNoVat;  // as in the documents' sample
    if (*taxation == 0) *taxation = *found;
  }

  const JsonValue& value_;
  const std::string place_;
  Complaints* complaints_;
  FiscalPosition position_;
};

void CheckTerms(const FiscalTerms& terms, Complaints* complaints) {
  if (terms.inn.empty()) complaints->Add("fiscalization/tax_id", "is not set for the shop");
  if (terms.contact.empty()) {
    complaints->Add("fiscalization/customer", "email or phone can't be blank");
  }
  if (terms.currency != "RUB") complaints->Add("fiscalization/currency", "must be RUB");
}

void CheckSum(const FiscalOrder& order, const FiscalTerms& terms, Complaints* complaints) {
  base::Money sum;
  for (const FiscalPosition& position : order.positions) sum = sum + position.amount;
  if (sum != terms.amount) {
    complaints->Add("fiscalization/amount", "of the positions must be equal to the amount");
  }
}

}  // namespace

std::optional<FiscalOrder> ReadFiscalOrder(const JsonValue* value, const FiscalTerms& terms,
                                           Complaints* complaints) {
  const bool is_none =
      value == nullptr || value->is_null() || (value->is_array() && value->items.empty());
  if (is_none) return std::nullopt;
  if (!value->is_object()) {
    complaints->Add("fiscalization", kInvalid);
    return std::nullopt;
  }
  FiscalOrder order;
  order.external_id = ScalarText(value->Find("external_id"));
  order.operator_group = ScalarText(value->Find("operator"));
  order.contact = terms.contact;
  CheckTerms(terms, complaints);
  if (order.operator_group.empty()) complaints->Add("fiscalization/operator", kBlank);
  if (std::max(order.external_id.size(), order.operator_group.size()) > kMaxText) {
    complaints->Add("fiscalization/external_id", "is too long (maximum is 255 characters)");
  }
  const JsonValue* const positions = value->Find("positions");
  if (positions == nullptr || positions->items.empty()) {
    complaints->Add("fiscalization/positions", kBlank);
    return order;
  }
  for (const JsonValue& one : positions->items) {
    PositionReader reader(one, order.positions.size(), complaints);
    order.positions.push_back(reader.Read(&order.taxation_1055));
  }
  CheckSum(order, terms, complaints);
  return order;
}

std::string ServiceFault(const FiscalOrder& order) {
  for (const FiscalPosition& position : order.positions) {
    if (base::Multiply(position.price, position.quantity) != position.amount) {
      return "Сумма позиции не равна произведению цены на количество";
    }
  }
  return order.positions.size() > base::kMaxItems ? "Слишком много позиций в чеке" : "";
}

ffd::Receipt ToReceipt(const FiscalOrder& order, int type_1054, int taxation) {
  ffd::Receipt receipt;
  receipt.type_1054 = type_1054;
  receipt.taxation_1055 = order.taxation_1055 == 0 ? taxation : order.taxation_1055;
  receipt.buyer_contact_1008 = order.contact;
  receipt.electronic = true;
  for (const FiscalPosition& position : order.positions) {
    ffd::Item item;
    item.name_1030 = position.name;
    item.price_1079 = position.price;
    item.quantity_1023 = position.quantity;
    item.sum_1043 = position.amount;
    item.method_1214 = position.method_1214;
    item.subject_1212 = position.subject_1212;
    item.vat_1199 = position.vat_1199;
    receipt.items.push_back(std::move(item));
    base::Money& paid = position.payment_tag == 1031 ? receipt.payments.cash_1031
                                                     : receipt.payments.electronic_1081;
    paid = paid + position.amount;
  }
  return receipt;
}

void WriteContent(const FiscalOrder& order, int type_1054, base::JsonWriter* writer) {
  base::JsonWriter& json = *writer;
  json.BeginObject().Key("type").Int(type_1054).Key("positions").BeginArray();
  for (const FiscalPosition& position : order.positions) {
    const std::string quantity = base::FormatQuantity(position.quantity);
    json.BeginObject().Key("tax").Int(position.vat_1199).Key("text").String(position.name);
    json.Key("price").Raw(Roubles(position.price)).Key("quantity");
    json.Raw(quantity.find('.') == std::string::npos ? quantity + ".0" : quantity);
    json.Key("paymentMethodType").Int(position.method_1214);
    json.Key("paymentSubjectType").Int(position.subject_1212).EndObject();
  }
  json.EndArray().Key("checkClose").BeginObject().Key("payments").BeginArray();
  for (const FiscalPosition& position : order.positions) {
    json.BeginObject().Key("type").Int(position.payment_tag == 1031 ? 1 : 2);
    json.Key("amount").Raw(Roubles(position.amount)).EndObject();
  }
  json.EndArray().EndObject().Key("ffdVersion").Int(2);
  json.Key("customerContact").String(order.contact).EndObject();
}

std::string Roubles(base::Money money) {
  std::string text = base::FormatMoney(money);
  if (text.ends_with('0')) text.pop_back();
  return text;
}

}  // namespace fiscalgate::emulator::begateway
