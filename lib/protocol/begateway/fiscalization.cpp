#include "lib/protocol/begateway/fiscalization.h"

#include "lib/base/text.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/fields.h"

namespace fiscalgate::protocol::begateway {
namespace {

constexpr std::string_view kUntaxed = "untaxed";
constexpr std::size_t kMaxText = 255;

// Reads values and remembers whether each was there.
class Values {
 public:
  explicit Values(const Mapping& mapping) : mapping_(mapping) {}

  std::string Of(int tag, int value) {
    const MappedValue found = mapping_.Find(tag, value);
    is_whole_ = is_whole_ && found;
    return std::string(found.value);
  }
  bool IsAllowed(int tag) {
    const bool is_allowed = static_cast<bool>(mapping_.FindField(tag));
    is_whole_ = is_whole_ && is_allowed;
    return is_allowed && !mapping_.FindField(tag).is_left_out;
  }
  bool is_whole() const { return is_whole_; }
  void Fail() { is_whole_ = false; }

 private:
  const Mapping& mapping_;
  bool is_whole_ = true;
};

// There is one kind of payment: the rule of the mapping has seen to that.
std::string PayMethod(const ffd::Payments& paid, Values* values) {
  const std::pair<int, base::Money> kKinds[] = {{1031, paid.cash_1031},
                                                {1081, paid.electronic_1081},
                                                {1215, paid.prepayment_1215},
                                                {1216, paid.credit_1216},
                                                {1217, paid.barter_1217}};
  std::string method;
  for (const auto& [tag, sum] : kKinds) {
    if (sum.kopecks == 0) continue;
    if (!method.empty()) values->Fail();
    method = values->Of(tag, kCarried);
  }
  return method;
}

void AddTax(const ffd::Receipt& receipt, const ffd::Item& item, Values* values,
            Position* position) {
  Tax tax;
  tax.percent = values->Of(1199, item.vat_1199);
  tax.system = values->Of(1055, receipt.taxation_1055);
  position->untaxed = tax.percent == kUntaxed;
  if (!position->untaxed) {
    position->taxes.push_back(std::move(tax));
  } else if (!tax.system.empty()) {
    values->Fail();  // an untaxed position has no place for it
  }
}

Position PositionOf(const ffd::Receipt& receipt, const ffd::Item& item,
                    const std::string& pay_method, Values* values) {
  Position position;
  position.name = ffd::AsPrinted(item.name_1030);
  position.type = values->Of(1212, item.subject_1212);
  position.pay_type = values->Of(1214, item.method_1214);
  position.pay_method = pay_method;
  position.amount = item.sum_1043;
  position.quantity = item.quantity_1023;
  if (!item.attribute_1191.empty() && values->IsAllowed(1191)) {
    position.description = ffd::AsPrinted(item.attribute_1191);
  }
  if (item.extras && !item.extras->code_1162.empty() && values->IsAllowed(1162)) {
    position.nomenclature_code = base::Base64Encode(ffd::NomenclatureBytes(item.extras->code_1162));
  }
  AddTax(receipt, item, values, &position);
  return position;
}

// "1.0", "0.357": the sample has a fraction always.
std::string QuantityText(base::Quantity quantity) {
  const std::string text = base::FormatQuantity(quantity);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

void WriteText(std::string_view key, const std::string& text, base::JsonWriter& json) {
  if (!text.empty()) json.Key(key).String(text);
}

void WritePosition(const Position& position, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("name").String(position.name);
  json.Key("type").String(position.type);
  WriteText("pay_type", position.pay_type, json);
  WriteText("pay_method", position.pay_method, json);
  json.Key("amount").Int(position.amount.kopecks);
  json.Key("quantity").Raw(QuantityText(position.quantity));
  WriteText("description", position.description, json);
  WriteText("nomenclature_code", position.nomenclature_code, json);
  json.Key("untaxed").Bool(position.untaxed);
  if (!position.taxes.empty()) {
    json.Key("taxes").BeginArray();
    for (const Tax& tax : position.taxes) {
      json.BeginObject();
      WriteText("system", tax.system, json);
      json.Key("percent").String(tax.percent).EndObject();
    }
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace

base::Result<Fiscalization> ToFiscalization(const ffd::Receipt& receipt, const Mapping& mapping,
                                            std::string_view external_id,
                                            std::string_view operator_group) {
  const auto invalid = [](std::string_view what) {
    return base::Error{base::Code::kInvalid, "beGateway: " + std::string(what)};
  };
  if (external_id.size() > kMaxText) return invalid("the external id is longer than 255");
  if (operator_group.empty() || operator_group.size() > kMaxText) {
    return invalid("the group of devices is missing or longer than 255");
  }
  Values values(mapping);
  Fiscalization out{std::string(external_id), std::string(operator_group), {}};
  values.Of(1054, receipt.type_1054);
  const std::string pay_method = PayMethod(receipt.payments, &values);
  for (const ffd::Item& item : receipt.items) {
    out.positions.push_back(PositionOf(receipt, item, pay_method, &values));
  }
  if (!values.is_whole()) return invalid("the receipt has a value without a confirmed name");
  return out;
}

void WriteFiscalization(const Fiscalization& fiscalization, base::JsonWriter* writer) {
  base::JsonWriter& json = *writer;
  json.BeginObject();
  WriteText("external_id", fiscalization.external_id, json);
  json.Key("operator").String(fiscalization.operator_group);
  json.Key("positions").BeginArray();
  for (const Position& position : fiscalization.positions) WritePosition(position, json);
  json.EndArray().EndObject();
}

}  // namespace fiscalgate::protocol::begateway
