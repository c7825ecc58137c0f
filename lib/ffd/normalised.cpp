#include "lib/ffd/normalised.h"

#include "lib/ffd/cp866.h"
#include "lib/ffd/group_fields.h"
#include "lib/ffd/tags.h"

namespace fiscalgate::ffd {
namespace {

using base::JsonWriter;

constexpr int kSecondsInMinute = 60, kMinutesInHour = 60;

class Writer {
 public:
  explicit Writer(JsonWriter* json) : json_(*json) {}

  void Write(const Receipt& receipt) {
    json_.BeginObject();
    if (receipt.is_bso) json_.Key("1000").String("БСО");
    Byte(1054, receipt.type_1054);
    Byte(1055, receipt.taxation_1055);
    Word(1008, receipt.buyer_contact_1008);
    Word(1021, receipt.cashier_name_1021);
    Word(1203, receipt.cashier_inn_1203);
    Word(1009, receipt.address_1009);
    Word(1187, receipt.place_1187);
    Word(1036, receipt.automat_1036);
    Word(1117, receipt.sender_email_1117);
    Word(1192, receipt.attribute_1192);
    if (receipt.zone_1011 != 0) Byte(1011, receipt.zone_1011);
    if (receipt.internet_1125) Byte(1125, 1);
    json_.Key("electronically").Bool(receipt.electronic);
    if (receipt.extras) WriteExtras(*receipt.extras, receipt.given);
    if (!receipt.items.empty() || !receipt.IsCorrection()) WriteItems(receipt.items);
    WritePayments(receipt.payments);
    Money(1020, receipt.given_total_1020.value_or(receipt.Total()));
    json_.EndObject();
  }

  // For PutFields. Texts are as printed: what is not in CP866 is replaced.
  void Word(int tag, const std::string& text) {
    if (!text.empty()) Key(tag).String(AsPrinted(text));
  }
  void Padded(int tag, const std::string& text) { Word(tag, text); }
  void Words(int tag, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    Key(tag).BeginArray();
    for (const std::string& text : texts) json_.String(AsPrinted(text));
    json_.EndArray();
  }
  void Byte(int tag, std::int64_t number) { Key(tag).Int(number); }
  void Money(int tag, base::Money sum) { Key(tag).Raw(base::FormatMoney(sum)); }
  // "15.01.2026", or with the time where there is one.
  void Seconds(int tag, const DateTime& time) {
    std::string text = FormatDay(time.day);
    if (time.seconds != 0) {
      const int minutes = time.seconds / kSecondsInMinute;
      const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
      text += " " + two(minutes / kMinutesInHour) + ":" + two(minutes % kMinutesInHour) + ":" +
              two(time.seconds % kSecondsInMinute);
    }
    Key(tag).String(text);
  }

 private:
  JsonWriter& Key(int tag) { return json_.Key(FindTag(tag)->key); }
  // Codes of goods: not printed, and never changed.
  void Code(int tag, const std::string& code) {
    if (!code.empty()) Key(tag).String(code);
  }

  void WriteItems(const std::vector<Item>& items) {
    json_.Key("purchases").BeginArray();
    for (const Item& item : items) WriteItem(item);
    json_.EndArray();
  }

  void WriteItem(const Item& item) {
    json_.BeginObject();
    Key(1030).String(AsPrinted(item.name_1030));
    Money(1079, item.price_1079);
    Key(1023).Raw(base::FormatQuantity(item.quantity_1023));
    Money(1043, item.sum_1043);
    Byte(1199, item.vat_1199);
    Byte(1214, item.method_1214);
    Byte(1212, item.subject_1212);
    if (item.given.Has(2108)) Byte(2108, item.unit_2108);
    Word(1191, item.attribute_1191);
    if (item.extras) WriteItemExtras(*item.extras, item.given);
    json_.EndObject();
  }

  void WriteItemExtras(const ItemExtras& extras, const TagSet& given) {
    if (given.Has(1198)) Money(1198, extras.unit_vat_1198);
    if (given.Has(1200)) Money(1200, extras.vat_amount_1200);
    if (given.Has(1229)) Money(1229, extras.excise_1229);
    Word(1197, extras.unit_name_1197);
    Code(1162, extras.code_1162);
    Word(1230, extras.country_1230);
    Word(1231, extras.customs_1231);
    if (extras.agent_type_1222 != 0) Byte(1222, extras.agent_type_1222);
    if (extras.agent_1223) InObject(1223, [&] { PutFields(*extras.agent_1223, *this); });
    if (extras.supplier_1224) InObject(1224, [&] { PutFields(*extras.supplier_1224, *this); });
    Word(1226, extras.supplier_inn_1226);
    Code(2000, extras.marking_code_2000);
    for (const auto& [tag, number] :
         {std::pair(2003, extras.status_2003), std::pair(2100, extras.code_type_2100),
          std::pair(2102, extras.mode_2102)}) {
      if (given.Has(tag)) Byte(tag, number);
    }
    if (extras.fraction_1291) {
      InObject(1291, [&] {
        Byte(1293, extras.fraction_1291->numerator_1293);
        Byte(1294, extras.fraction_1291->denominator_1294);
      });
    }
    WriteIndustries(1260, extras.industries_1260);
  }

  template <typename Write>
  void InObject(int tag, Write write) {
    Key(tag).BeginObject();
    write();
    json_.EndObject();
  }

  void WriteIndustries(int tag, const std::vector<Industry>& list) {
    if (list.empty()) return;
    Key(tag).BeginArray();
    for (const Industry& one : list) {
      json_.BeginObject();
      PutFields(one, *this);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WritePayments(const Payments& payments) {
    json_.Key("payments").BeginObject();
    PutFields(payments, *this);
    json_.EndObject();
  }

  void WriteExtras(const ReceiptExtras& extras, const TagSet& given) {
    if (extras.correction_type_1173) Byte(1173, *extras.correction_type_1173);
    if (extras.correction_1174) InObject(1174, [&] { WriteBasis(*extras.correction_1174); });
    Word(1018, extras.user_inn_1018);
    if (extras.agent_type_1057 != 0) Byte(1057, extras.agent_type_1057);
    if (extras.agent) PutFields(*extras.agent, *this);
    if (extras.supplier) PutFields(*extras.supplier, *this);
    WriteSums(extras, given);
    WriteBuyer(extras, given);
    if (extras.user_attribute_1084) {
      InObject(1084, [&] { PutFields(*extras.user_attribute_1084, *this); });
    }
    if (extras.operation_1270) InObject(1270, [&] { PutFields(*extras.operation_1270, *this); });
    WriteIndustries(1261, extras.industries_1261);
    WriteCashless(extras.cashless_1234);
  }

  void WriteSums(const ReceiptExtras& extras, const TagSet& given) {
    for (const auto& [tag, sum] :
         {std::pair(1102, extras.vat_1102), std::pair(1103, extras.vat_1103),
          std::pair(1104, extras.turnover_1104), std::pair(1105, extras.turnover_1105),
          std::pair(1106, extras.vat_1106), std::pair(1107, extras.vat_1107)}) {
      if (given.Has(tag)) Money(tag, sum);
    }
  }

  void WriteBasis(const CorrectionBasis& basis) {
    if (basis.date_1178) Seconds(1178, *basis.date_1178);
    Word(1179, basis.number_1179);
    Word(1177, basis.description_1177);
  }

  // Before FFD 1.2 its two tags stand in the receipt itself.
  void WriteBuyer(const ReceiptExtras& extras, const TagSet& given) {
    if (!extras.buyer_1256) return;
    const Buyer& buyer = *extras.buyer_1256;
    if (given.Has(1227) || given.Has(1228)) return PutNameAndInn(buyer, *this);
    InObject(1256, [&] { PutFields(buyer, *this); });
  }

  void WriteCashless(const std::vector<CashlessDetail>& list) {
    if (list.empty()) return;
    Key(1234).BeginArray();
    for (const CashlessDetail& one : list) {
      json_.BeginObject();
      PutFields(one, *this);
      json_.EndObject();
    }
    json_.EndArray();
  }

  JsonWriter& json_;
};

}  // namespace

void WriteNormalisedReceipt(const Receipt& receipt, JsonWriter* writer) {
  Writer(writer).Write(receipt);
}

}  // namespace fiscalgate::ffd
