#include "lib/ffd/normalised.h"

#include "lib/base/limits.h"
#include "lib/ffd/enumerations.h"

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
    Number(1054, receipt.type_1054);
    Number(1055, receipt.taxation_1055);
    Word(1008, receipt.buyer_contact_1008);
    Word(1021, receipt.cashier_name_1021);
    Word(1203, receipt.cashier_inn_1203);
    Word(1009, receipt.address_1009);
    Word(1187, receipt.place_1187);
    Word(1036, receipt.automat_1036);
    Word(1117, receipt.sender_email_1117);
    Word(1192, receipt.attribute_1192);
    if (receipt.zone_1011 != 0) Number(1011, receipt.zone_1011);
    if (receipt.internet_1125) Number(1125, 1);
    json_.Key("electronically").Bool(receipt.electronic);
    if (receipt.extras) WriteExtras(*receipt.extras, receipt.given);
    if (!receipt.items.empty() || !receipt.IsCorrection()) WriteItems(receipt.items);
    WritePayments(receipt.payments);
    Sum(1020, receipt.given_total_1020.value_or(receipt.Total()));
    json_.EndObject();
  }

 private:
  JsonWriter& Key(int tag) { return json_.Key(FindTag(tag)->key); }
  void Number(int tag, std::int64_t number) { Key(tag).Int(number); }
  void Sum(int tag, base::Money sum) { Key(tag).Raw(base::FormatMoney(sum)); }
  void Word(int tag, const std::string& text) {
    if (!text.empty()) Key(tag).String(text);
  }
  void Words(int tag, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    Key(tag).BeginArray();
    for (const std::string& text : texts) json_.String(text);
    json_.EndArray();
  }
  // "15.01.2026", or with the time where there is one.
  void Date(int tag, const DateTime& time) {
    std::string text = FormatDay(time.day);
    if (time.seconds != 0) {
      const int minutes = time.seconds / kSecondsInMinute;
      const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
      text += " " + two(minutes / kMinutesInHour) + ":" + two(minutes % kMinutesInHour) + ":" +
              two(time.seconds % kSecondsInMinute);
    }
    Key(tag).String(text);
  }

  void WriteItems(const std::vector<Item>& items) {
    json_.Key("purchases").BeginArray();
    for (const Item& item : items) WriteItem(item);
    json_.EndArray();
  }

  void WriteItem(const Item& item) {
    json_.BeginObject();
    Key(1030).String(item.name_1030);
    Sum(1079, item.price_1079);
    Key(1023).Raw(base::FormatQuantity(item.quantity_1023));
    Sum(1043, item.sum_1043);
    Number(1199, item.vat_1199);
    Number(1214, item.method_1214);
    Number(1212, item.subject_1212);
    if (item.given.Has(2108)) Number(2108, item.unit_2108);
    Word(1191, item.attribute_1191);
    if (item.extras) WriteItemExtras(*item.extras, item.given);
    json_.EndObject();
  }

  void WriteItemExtras(const ItemExtras& extras, const TagSet& given) {
    if (given.Has(1198)) Sum(1198, extras.unit_vat_1198);
    if (given.Has(1200)) Sum(1200, extras.vat_amount_1200);
    if (given.Has(1229)) Sum(1229, extras.excise_1229);
    Word(1197, extras.unit_name_1197);
    Word(1162, extras.code_1162);
    Word(1230, extras.country_1230);
    Word(1231, extras.customs_1231);
    if (extras.agent_type_1222 != 0) Number(1222, extras.agent_type_1222);
    if (extras.agent_1223) InObject(1223, [&] { WriteAgent(*extras.agent_1223); });
    if (extras.supplier_1224) InObject(1224, [&] { WriteSupplier(*extras.supplier_1224); });
    Word(1226, extras.supplier_inn_1226);
    Word(2000, extras.marking_code_2000);
    for (const auto& [tag, number] :
         {std::pair(2003, extras.status_2003), std::pair(2100, extras.code_type_2100),
          std::pair(2102, extras.mode_2102)}) {
      if (given.Has(tag)) Number(tag, number);
    }
    if (extras.fraction_1291) {
      InObject(1291, [&] {
        Number(1293, extras.fraction_1291->numerator_1293);
        Number(1294, extras.fraction_1291->denominator_1294);
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

  void WriteAgent(const Agent& agent) {
    Word(1044, agent.operation_1044);
    Words(1073, agent.agent_phones_1073);
    Words(1074, agent.operator_phones_1074);
    Words(1075, agent.transfer_phones_1075);
    Word(1026, agent.transfer_name_1026);
    Word(1005, agent.transfer_address_1005);
    Word(1016, agent.transfer_inn_1016);
  }

  void WriteSupplier(const Supplier& supplier) {
    Words(1171, supplier.phones_1171);
    Word(1225, supplier.name_1225);
  }

  void WriteIndustries(int tag, const std::vector<Industry>& list) {
    if (list.empty()) return;
    Key(tag).BeginArray();
    for (const Industry& one : list) {
      json_.BeginObject();
      Word(1262, one.agency_1262);
      Word(1263, one.date_1263);
      Word(1264, one.number_1264);
      Word(1265, one.value_1265);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WritePayments(const Payments& payments) {
    json_.Key("payments").BeginObject();
    Sum(1031, payments.cash_1031);
    Sum(1081, payments.electronic_1081);
    Sum(1215, payments.prepayment_1215);
    Sum(1216, payments.credit_1216);
    Sum(1217, payments.barter_1217);
    json_.EndObject();
  }

  void WriteExtras(const ReceiptExtras& extras, const TagSet& given) {
    if (extras.correction_type_1173) Number(1173, *extras.correction_type_1173);
    if (extras.correction_1174) InObject(1174, [&] { WriteBasis(*extras.correction_1174); });
    Word(1018, extras.user_inn_1018);
    if (extras.agent_type_1057 != 0) Number(1057, extras.agent_type_1057);
    if (extras.agent) WriteAgent(*extras.agent);
    if (extras.supplier) WriteSupplier(*extras.supplier);
    WriteSums(extras, given);
    WriteBuyer(extras, given);
    if (extras.user_attribute_1084) {
      InObject(1084, [&] {
        Word(1085, extras.user_attribute_1084->name_1085);
        Word(1086, extras.user_attribute_1084->value_1086);
      });
    }
    if (extras.operation_1270) InObject(1270, [&] { WriteOperation(*extras.operation_1270); });
    WriteIndustries(1261, extras.industries_1261);
    WriteCashless(extras.cashless_1234);
  }

  void WriteSums(const ReceiptExtras& extras, const TagSet& given) {
    for (const auto& [tag, sum] :
         {std::pair(1102, extras.vat_1102), std::pair(1103, extras.vat_1103),
          std::pair(1104, extras.turnover_1104), std::pair(1105, extras.turnover_1105),
          std::pair(1106, extras.vat_1106), std::pair(1107, extras.vat_1107)}) {
      if (given.Has(tag)) Sum(tag, sum);
    }
  }

  void WriteBasis(const CorrectionBasis& basis) {
    if (basis.date_1178) Date(1178, *basis.date_1178);
    Word(1179, basis.number_1179);
    Word(1177, basis.description_1177);
  }

  // Before FFD 1.2 its two tags stand in the receipt itself.
  void WriteBuyer(const ReceiptExtras& extras, const TagSet& given) {
    if (!extras.buyer_1256) return;
    const Buyer& buyer = *extras.buyer_1256;
    const auto own = [&] {
      Word(1227, buyer.name_1227);
      Word(1228, buyer.inn_1228);
    };
    if (given.Has(1227) || given.Has(1228)) return own();
    InObject(1256, [&] {
      own();
      Word(1243, buyer.birth_date_1243);
      Word(1244, buyer.citizenship_1244);
      Word(1245, buyer.document_code_1245);
      Word(1246, buyer.document_1246);
      Word(1254, buyer.address_1254);
    });
  }

  void WriteOperation(const OperationAttribute& operation) {
    if (operation.given.Has(1271)) Number(1271, operation.id_1271);
    Word(1272, operation.data_1272);
    if (operation.time_1273) Date(1273, *operation.time_1273);
  }

  void WriteCashless(const std::vector<CashlessDetail>& list) {
    if (list.empty()) return;
    Key(1234).BeginArray();
    for (const CashlessDetail& one : list) {
      json_.BeginObject();
      Sum(1082, one.sum_1082);
      if (one.given.Has(1236)) Number(1236, one.method_1236);
      Word(1237, one.id_1237);
      Word(1238, one.more_1238);
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

void WriteTotals(const Totals& totals, JsonWriter* writer) {
  writer->BeginObject().Key("total_1020").Raw(base::FormatMoney(totals.total));
  writer->Key("vat").BeginArray();
  for (const VatSum& sum : VatSums(totals)) {
    const auto rate = static_cast<std::size_t>(sum.rate);
    writer->BeginObject().Key("rate_1199").Int(sum.rate);
    writer->Key("title").String(EnumerationName(1199, sum.rate));
    writer->Key("turnover").Raw(base::FormatMoney(totals.turnover[rate]));
    writer->Key("vat").Raw(base::FormatMoney(totals.vat[rate]));
    writer->Key("tag").Int(sum.tag).EndObject();
  }
  writer->EndArray().EndObject();
}

void WriteTlvSize(const TlvSize& size, JsonWriter* writer) {
  const auto number = [&](std::string_view key, std::size_t value) {
    writer->Key(key).Int(static_cast<std::int64_t>(value));
  };
  writer->BeginObject();
  number("document", size.document);
  number("largest_item", size.largest_item);
  number("document_limit", base::kMaxDocumentTlvBytes);
  number("item_limit", base::kMaxItemTlvBytes);
  writer->EndObject();
}

}  // namespace fiscalgate::ffd
