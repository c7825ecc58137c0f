#include "fcgi/emulator/orangedata/position.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/protocol/orangedata/mapping_table.h"

namespace fiscalgate::emulator::orangedata {
namespace {

using base::JsonValue;
using cloud::Fields;
using cloud::Need;

constexpr std::int64_t kMaxByte = 255;
constexpr int kDefaultMethod = 4, kDefaultSubject = 1;

// The tag's value of a number on the wire; the whole table is taken, inferred rates too.
int ReadNamed(Fields* fields, std::string_view key, int tag, int otherwise, Need need) {
  const std::int64_t number = fields->Whole(key, 0, kMaxByte, otherwise, need);
  const std::string word = std::to_string(number);
  for (const protocol::MappingRow& row : protocol::orangedata::Table().rows) {
    if (row.tag == tag && row.tag_value != protocol::kCarried && row.value == word) {
      return row.tag_value;
    }
  }
  if (fields->Has(key)) fields->Wrong(key, "недопустимое значение");
  return otherwise;
}

bool IsNomenclature(const std::string& text) {
  constexpr std::size_t kMin = 8, kMax = 32;
  const auto bytes = base::Base64DecodeLenient(text);
  return bytes && bytes->size() >= kMin && bytes->size() <= kMax;
}

void ReadMarking(Fields* fields, bool is_newest, ffd::Item* item) {
  if (!is_newest) {
    const std::string code = fields->Text("nomenclatureCode", 44);
    if (!code.empty() && !IsNomenclature(code)) {
      fields->Wrong("nomenclatureCode", "ожидается base64 от 8 до 32 байт");
    }
    fields->Text("unitOfMeasurement", 16);
    if (fields->Has("itemCode")) fields->Wrong("itemCode", "только для ffdVersion 4");
    return;
  }
  item->unit_2108 = static_cast<int>(fields->Whole("quantityMeasurementUnit", 0, kMaxByte));
  if (fields->Has("nomenclatureCode")) fields->Wrong("nomenclatureCode", "только для ffdVersion 2");
  const std::string code = fields->Text("itemCode", 223);
  if (code.empty()) return;
  ffd::ItemExtras& extras = ffd::ExtrasOf(*item);
  extras.marking_code_2000 = code;
  extras.status_2003 =
      static_cast<int>(fields->Whole("plannedStatus", 1, kMaxByte, 0, Need::kRequired));
  constexpr int kLastStatus = 6;
  if (extras.status_2003 > kLastStatus && extras.status_2003 != kMaxByte) {
    fields->Wrong("plannedStatus", "ожидается от 1 до 6 или 255");
  }
}

void ReadFraction(Fields* fields, std::vector<std::string>* errors, ffd::Item* item) {
  const JsonValue* const object = fields->Object("fractionalQuantity");
  if (object == nullptr) return;
  Fields parts(*object, fields->Path("fractionalQuantity."), errors);
  constexpr std::int64_t kMax = 1'000'000;
  ffd::Fraction fraction;
  fraction.numerator_1293 = parts.Whole("numerator", 1, kMax, 0, Need::kRequired);
  fraction.denominator_1294 = parts.Whole("denominator", 2, kMax, 0, Need::kRequired);
  if (fraction.numerator_1293 >= fraction.denominator_1294) {
    parts.Wrong("numerator", "ожидается меньше знаменателя");
  }
  ffd::ExtrasOf(*item).fraction_1291 = fraction;
}

void ReadAgent(Fields* fields, std::vector<std::string>* errors, ffd::Item* item) {
  constexpr std::int64_t kAllBits = 127;
  const auto type = static_cast<int>(fields->Whole("agentType", 1, kAllBits));
  if (type != 0) ffd::ExtrasOf(*item).agent_type_1222 = type;
  const std::string inn = fields->Digits("supplierINN", 10, 12);
  if (!inn.empty()) ffd::ExtrasOf(*item).supplier_inn_1226 = inn;
  if (const JsonValue* supplier = fields->Object("supplierInfo")) {
    Fields info(*supplier, fields->Path("supplierInfo."), errors);
    info.Text("name", 239);
    info.Texts("phoneNumbers", 19);
  }
  if (const JsonValue* agent = fields->Object("agentInfo")) {
    Fields info(*agent, fields->Path("agentInfo."), errors);
    for (const std::string_view key : {"paymentTransferOperatorPhoneNumbers",
                                       "paymentAgentPhoneNumbers", "paymentOperatorPhoneNumbers"}) {
      info.Texts(key, 19);
    }
    info.Text("paymentAgentOperation", 24);
    info.Text("paymentOperatorName", 64);
    info.Text("paymentOperatorAddress", 243);
    info.Digits("paymentOperatorINN", 10, 12);
  }
}

}  // namespace

ffd::Item ReadPosition(Fields* fields, bool is_newest, std::vector<std::string>* errors) {
  ffd::Item item;
  item.quantity_1023 = fields->Amount("quantity");
  item.price_1079 = fields->Sum("price", Need::kRequired);
  item.name_1030 = fields->Text("text", 128, Need::kRequired);
  item.vat_1199 = ReadNamed(fields, "tax", 1199, 0, Need::kRequired);
  item.method_1214 = ReadNamed(fields, "paymentMethodType", 1214, kDefaultMethod, Need::kOptional);
  item.subject_1212 =
      ReadNamed(fields, "paymentSubjectType", 1212, kDefaultSubject, Need::kOptional);
  item.attribute_1191 = fields->Text("additionalAttribute", 64);
  fields->Sum("excise");
  fields->Sum("unitTaxSum");
  fields->Digits("manufacturerCountryCode", 1, 3);
  fields->Text("customsDeclarationNumber", 32);
  ReadMarking(fields, is_newest, &item);
  ReadFraction(fields, errors, &item);
  ReadAgent(fields, errors, &item);
  const auto sum = base::Multiply(item.price_1079, item.quantity_1023);
  if (sum) {
    item.sum_1043 = *sum;
  } else {
    fields->Wrong("price", "стоимость позиции слишком велика");
  }
  return item;
}

}  // namespace fiscalgate::emulator::orangedata
