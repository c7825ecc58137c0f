#include "lib/protocol/orangedata/content.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/fields.h"
#include "lib/ffd/totals.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using base::JsonWriter;

constexpr int kFfd105 = 2, kFfd12 = 4;           // ffdVersion
constexpr std::string_view kNoContact = "none";  // documented: phone, e-mail or none

struct Name {
  int tag;
  std::string_view key;
};
// What PutFields writes: the agent, the supplier, the buyer and the smaller groups.
constexpr Name kNames[] = {
    {1005, "paymentOperatorAddress"},
    {1016, "paymentOperatorINN"},
    {1026, "paymentOperatorName"},
    {1044, "paymentAgentOperation"},
    {1073, "paymentAgentPhoneNumbers"},
    {1074, "paymentOperatorPhoneNumbers"},
    {1075, "paymentTransferOperatorPhoneNumbers"},
    {1082, "amount"},
    {1085, "name"},
    {1086, "value"},
    {1171, "phoneNumbers"},
    {1225, "name"},
    {1227, "name"},
    {1228, "inn"},
    {1236, "type"},
    {1237, "id"},
    {1238, "additionalInfo"},
    {1243, "birthDate"},
    {1244, "citizenship"},
    {1245, "identityDocumentCode"},
    {1246, "identityDocumentData"},
    {1254, "address"},
    {1262, "foivId"},
    {1263, "causeDocumentDate"},
    {1264, "causeDocumentNumber"},
    {1265, "value"},
    {1271, "id"},
    {1272, "value"},
    {1273, "date"},
};

std::string_view KeyOf(int tag) {
  const auto found = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const Name& name) { return name.tag == tag; });
  return found == std::end(kNames) ? std::string_view() : found->key;
}

std::string Two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// "2026-01-15T00:00:00"
std::string IsoTime(const ffd::DateTime& time) {
  constexpr int kMinute = 60, kHour = 3600;
  const std::chrono::year_month_day date(time.day);
  return std::to_string(static_cast<int>(date.year())) + "-" +
         Two(static_cast<int>(static_cast<unsigned>(date.month()))) + "-" +
         Two(static_cast<int>(static_cast<unsigned>(date.day()))) + "T" +
         Two(time.seconds / kHour) + ":" + Two(time.seconds % kHour / kMinute) + ":" +
         Two(time.seconds % kMinute);
}

}  // namespace

void ContentWriter::Word(int tag, const std::string& text) { Text(KeyOf(tag), text); }

void ContentWriter::Words(int tag, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json_.Key(KeyOf(tag)).BeginArray();
  for (const std::string& text : texts) json_.String(text);
  json_.EndArray();
}

void ContentWriter::Byte(int tag, std::int64_t number) { json_.Key(KeyOf(tag)).Int(number); }
void ContentWriter::Money(int tag, base::Money sum) { Sum(KeyOf(tag), sum); }
void ContentWriter::Seconds(int tag, const ffd::DateTime& time) {
  json_.Key(KeyOf(tag)).String(IsoTime(time));
}

// As it will be printed: the provider would drop what is not in the register's alphabet.
void ContentWriter::Text(std::string_view key, const std::string& text) {
  if (!text.empty()) json_.Key(key).String(ffd::AsPrinted(text));
}

void ContentWriter::Number(std::string_view key, int tag, int value) {
  if (!mapping_.WriteMember(key, tag, value, &json_)) is_whole_ = false;
}

void ContentWriter::Sum(std::string_view key, base::Money sum) {
  json_.Key(key).Raw(base::FormatMoney(sum));
}

bool ContentWriter::WriteReceipt(const ffd::Receipt& receipt) {
  json_.BeginObject();
  json_.Key("ffdVersion").Int(IsNewest() ? kFfd12 : kFfd105);
  Number("type", 1054, receipt.type_1054);
  if (receipt.IsCorrection()) WriteBasis(receipt);
  WritePositions(receipt);
  WriteCheckClose(receipt);
  const std::string& contact = receipt.buyer_contact_1008;
  json_.Key("customerContact").String(contact.empty() ? kNoContact : std::string_view(contact));
  if (receipt.given_total_1020) Sum("totalSum", *receipt.given_total_1020);
  Text("cashier", receipt.cashier_name_1021);
  Text("cashierINN", receipt.cashier_inn_1203);
  Text("additionalAttribute", receipt.attribute_1192);
  WritePlace(receipt);
  if (receipt.extras) WriteExtras(*receipt.extras);
  json_.EndObject();
  return is_whole_;
}

bool ContentWriter::WriteOldCorrection(const ffd::Receipt& receipt) {
  json_.BeginObject();
  json_.Key("ffdVersion").Int(kFfd105);
  Number("type", 1054, receipt.type_1054);
  WriteBasis(receipt);
  WriteOldSums(receipt);
  Number("taxationSystem", 1055, receipt.taxation_1055);
  const std::string& contact = receipt.buyer_contact_1008;
  json_.Key("customerContact").String(contact.empty() ? kNoContact : std::string_view(contact));
  WritePlace(receipt);
  json_.EndObject();
  return is_whole_;
}

void ContentWriter::WriteBasis(const ffd::Receipt& receipt) {
  if (!receipt.extras) return;
  if (receipt.extras->correction_type_1173) {
    json_.Key("correctionType").Int(*receipt.extras->correction_type_1173);
  }
  const auto& basis = receipt.extras->correction_1174;
  if (!basis) return;
  if (basis->date_1178) json_.Key("causeDocumentDate").String(IsoTime(*basis->date_1178));
  Text("causeDocumentNumber", basis->number_1179);
}

void ContentWriter::WriteOldSums(const ffd::Receipt& receipt) {
  const ffd::Payments& paid = receipt.payments;
  Sum("totalSum", receipt.given_total_1020.value_or(receipt.Total()));
  Sum("cashSum", paid.cash_1031);
  Sum("eCashSum", paid.electronic_1081);
  Sum("prepaymentSum", paid.prepayment_1215);
  Sum("postpaymentSum", paid.credit_1216);
  Sum("otherPaymentTypeSum", paid.barter_1217);
  if (!receipt.extras) return;
  const ffd::ReceiptExtras& extras = *receipt.extras;
  // tax<N>Sum has numbers of its own, not those of tag 1199 (documented).
  const std::array<std::pair<int, base::Money>, 6> kSums = {{{1, extras.vat_1102},
                                                             {2, extras.vat_1103},
                                                             {3, extras.turnover_1104},
                                                             {4, extras.turnover_1105},
                                                             {5, extras.vat_1106},
                                                             {6, extras.vat_1107}}};
  for (const auto& [number, sum] : kSums) {
    if (sum.kopecks != 0) Sum("tax" + std::to_string(number) + "Sum", sum);
  }
}

void ContentWriter::WriteCheckClose(const ffd::Receipt& receipt) {
  const ffd::Payments& paid = receipt.payments;
  const std::array<std::pair<int, base::Money>, 5> kKinds = {{{1031, paid.cash_1031},
                                                              {1081, paid.electronic_1081},
                                                              {1215, paid.prepayment_1215},
                                                              {1216, paid.credit_1216},
                                                              {1217, paid.barter_1217}}};
  json_.Key("checkClose").BeginObject().Key("payments").BeginArray();
  for (const auto& [tag, sum] : kKinds) {
    if (sum.kopecks == 0) continue;
    json_.BeginObject();
    Number("type", tag, kCarried);
    Sum("amount", sum);
    json_.EndObject();
  }
  json_.EndArray();
  Number("taxationSystem", 1055, receipt.taxation_1055);
  if (receipt.extras) WriteCashless(receipt.extras->cashless_1234);
  json_.EndObject();
}

void ContentWriter::WriteCashless(const std::vector<ffd::CashlessDetail>& list) {
  if (list.empty()) return;
  json_.Key("electronicPaymentsInfo").BeginObject().Key("payments").BeginArray();
  for (const ffd::CashlessDetail& detail : list) {
    json_.BeginObject();
    PutFields(detail, *this);
    json_.EndObject();
  }
  json_.EndArray().EndObject();
}

void ContentWriter::WritePlace(const ffd::Receipt& receipt) {
  Text("senderEmail", receipt.sender_email_1117);
  Text("automatNumber", receipt.automat_1036);
  Text("settlementAddress", receipt.address_1009);
  Text("settlementPlace", receipt.place_1187);
  if (receipt.zone_1011 != 0) json_.Key("timeZone").Int(receipt.zone_1011);
  if (receipt.internet_1125) json_.Key("isInternetStore").Bool(true);
}

void ContentWriter::WriteExtras(const ffd::ReceiptExtras& extras) {
  if (extras.user_attribute_1084) {
    json_.Key("additionalUserAttribute").BeginObject();
    PutFields(*extras.user_attribute_1084, *this);
    json_.EndObject();
  }
  if (extras.buyer_1256) WriteBuyer(*extras.buyer_1256);
  if (IsNewest()) {
    if (extras.operation_1270) {
      json_.Key("operationalAttribute").BeginObject();
      PutFields(*extras.operation_1270, *this);
      json_.EndObject();
    }
    if (!extras.industries_1261.empty()) {
      json_.Key("industryAttribute");
      WriteIndustry(extras.industries_1261.front());
    }
    return;
  }
  if (extras.agent_type_1057 != 0) json_.Key("agentType").Int(extras.agent_type_1057);
  if (extras.agent) PutFields(*extras.agent, *this);
  if (extras.supplier && !extras.supplier->phones_1171.empty()) {
    json_.Key("supplierPhoneNumbers").BeginArray();
    for (const std::string& phone : extras.supplier->phones_1171) json_.String(phone);
    json_.EndArray();
  }
}

void ContentWriter::WriteBuyer(const ffd::Buyer& buyer) {
  if (!IsNewest()) {
    Text("customer", buyer.name_1227);
    Text("customerINN", buyer.inn_1228);
    return;
  }
  json_.Key("customerInfo").BeginObject();
  PutFields(buyer, *this);
  json_.EndObject();
}

void ContentWriter::WriteIndustry(const ffd::Industry& industry) {
  json_.BeginObject();
  PutFields(industry, *this);
  json_.EndObject();
}

void ContentWriter::WritePositions(const ffd::Receipt& receipt) {
  json_.Key("positions").BeginArray();
  for (const ffd::Item& item : receipt.items) WritePosition(item);
  json_.EndArray();
}

void ContentWriter::WritePosition(const ffd::Item& item) {
  json_.BeginObject();
  json_.Key("quantity").Raw(base::FormatQuantity(item.quantity_1023));
  Sum("price", item.price_1079);
  Number("tax", 1199, item.vat_1199);
  Text("text", item.name_1030);
  Number("paymentMethodType", 1214, item.method_1214);
  Number("paymentSubjectType", 1212, item.subject_1212);
  if (IsNewest()) json_.Key("quantityMeasurementUnit").Int(item.unit_2108);
  Text("additionalAttribute", item.attribute_1191);
  if (item.extras) WriteGoods(item, *item.extras);
  json_.EndObject();
}

void ContentWriter::WriteGoods(const ffd::Item& item, const ffd::ItemExtras& extras) {
  if (item.given.Has(1200)) Sum("taxSum", extras.vat_amount_1200);
  if (item.given.Has(1198)) Sum("unitTaxSum", extras.unit_vat_1198);
  if (item.given.Has(1229)) Sum("excise", extras.excise_1229);
  Text("manufacturerCountryCode", extras.country_1230);
  Text("customsDeclarationNumber", extras.customs_1231);
  WriteAgent(extras);
  if (IsNewest()) return WriteMarking(extras);
  Text("unitOfMeasurement", extras.unit_name_1197);
  if (extras.code_1162.empty()) return;
  json_.Key("nomenclatureCode")
      .String(base::Base64Encode(ffd::NomenclatureBytes(extras.code_1162)));
}

void ContentWriter::WriteMarking(const ffd::ItemExtras& extras) {
  if (!extras.marking_code_2000.empty()) json_.Key("itemCode").String(extras.marking_code_2000);
  if (extras.status_2003 != 0) json_.Key("plannedStatus").Int(extras.status_2003);
  if (extras.fraction_1291) {
    json_.Key("fractionalQuantity").BeginObject();
    json_.Key("numerator").Int(extras.fraction_1291->numerator_1293);
    json_.Key("denominator").Int(extras.fraction_1291->denominator_1294);
    json_.EndObject();
  }
  if (extras.industries_1260.empty()) return;
  json_.Key("industryAttributes").BeginArray();
  for (const ffd::Industry& industry : extras.industries_1260) WriteIndustry(industry);
  json_.EndArray();
}

void ContentWriter::WriteAgent(const ffd::ItemExtras& extras) {
  if (extras.agent_type_1222 != 0) json_.Key("agentType").Int(extras.agent_type_1222);
  if (extras.agent_1223 && !extras.agent_1223->given.IsEmpty()) {
    json_.Key("agentInfo").BeginObject();
    PutFields(*extras.agent_1223, *this);
    json_.EndObject();
  }
  if (extras.supplier_1224 && !extras.supplier_1224->given.IsEmpty()) {
    json_.Key("supplierInfo").BeginObject();
    PutFields(*extras.supplier_1224, *this);
    json_.EndObject();
  }
  Text("supplierINN", extras.supplier_inn_1226);
}

}  // namespace fiscalgate::protocol::orangedata
