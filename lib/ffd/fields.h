// Goes through the fields a register stores for a receipt, in one fixed order, for whoever counts
// or writes them. Pure; any thread.
//
// `Out` has Byte(tag, n), Var(tag, n), Money(tag, m), Quantity(tag, q), Seconds(tag, t),
// Text(tag, utf8), Fixed(tag, utf8), Bytes(tag, raw), Group(tag, index, fields) and Item(index,
// fields); `fields` is called once and writes what stands inside.
#pragma once

#include <string>

#include "lib/ffd/group_fields.h"
#include "lib/ffd/receipt.h"
#include "lib/ffd/totals.h"

namespace fiscalgate::ffd {

// What 1163 holds of a marking code: a kind (1300, 1305 ...) and a value.
struct ProductCode {
  int tag;
  std::string value;
};
ProductCode ProductCodeOf(const std::string& marking_code);
// The bytes in what was posted under 1162: base64, or as they are.
std::string NomenclatureBytes(const std::string& posted);

template <typename Out>
class FieldVisitor {
 public:
  FieldVisitor(FfdVersion version, Out& out) : version_(version), out_(out) {}

  void Visit(const Receipt& receipt, const Totals& totals) {
    out_.Byte(1054, receipt.type_1054);
    out_.Byte(1055, receipt.taxation_1055);
    if (receipt.zone_1011 != 0) out_.Byte(1011, receipt.zone_1011);
    if (receipt.internet_1125) out_.Byte(1125, 1);
    Word(1008, receipt.buyer_contact_1008);
    Word(1021, receipt.cashier_name_1021);
    Padded(1203, receipt.cashier_inn_1203);
    Word(1009, receipt.address_1009);
    Word(1187, receipt.place_1187);
    Word(1036, receipt.automat_1036);
    Word(1117, receipt.sender_email_1117);
    Word(1192, receipt.attribute_1192);
    for (std::size_t i = 0; i < receipt.items.size(); ++i) {
      out_.Item(static_cast<int>(i), [&] { VisitItem(receipt.items[i]); });
    }
    Sums(receipt, totals);
    if (receipt.extras) VisitExtras(*receipt.extras);
  }

  // For PutFields.
  void Word(int tag, const std::string& text) {
    if (!text.empty()) out_.Text(tag, text);
  }
  void Padded(int tag, const std::string& text) {
    if (!text.empty()) out_.Fixed(tag, text);
  }
  void Words(int tag, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) Word(tag, text);
  }
  void Byte(int tag, int number) { out_.Byte(tag, number); }
  void Money(int tag, base::Money money) { out_.Money(tag, money); }
  void Seconds(int tag, const DateTime& time) { out_.Seconds(tag, time); }

 private:
  bool IsNewest() const { return version_ == FfdVersion::k12; }
  void VisitItem(const Item& item) {
    Word(1030, item.name_1030);
    out_.Money(1079, item.price_1079);
    out_.Quantity(1023, item.quantity_1023);
    out_.Money(1043, item.sum_1043);
    out_.Byte(1199, item.vat_1199);
    out_.Byte(1214, item.method_1214);
    out_.Byte(1212, item.subject_1212);
    if (IsNewest()) out_.Byte(2108, item.unit_2108);
    Word(1191, item.attribute_1191);
    if (item.extras) VisitItemExtras(item, *item.extras);
  }

  void VisitItemExtras(const Item& item, const ItemExtras& extras) {
    if (item.given.Has(1198)) out_.Money(1198, extras.unit_vat_1198);
    if (item.given.Has(1200)) out_.Money(1200, extras.vat_amount_1200);
    if (item.given.Has(1229)) out_.Money(1229, extras.excise_1229);
    Padded(1230, extras.country_1230);
    Word(1231, extras.customs_1231);
    if (extras.agent_type_1222 != 0) out_.Byte(1222, extras.agent_type_1222);
    if (extras.agent_1223 && !extras.agent_1223->given.IsEmpty()) {
      out_.Group(1223, 0, [&] { PutFields(*extras.agent_1223, *this); });
    }
    if (extras.supplier_1224 && !extras.supplier_1224->given.IsEmpty()) {
      out_.Group(1224, 0, [&] { PutFields(*extras.supplier_1224, *this); });
    }
    Padded(1226, extras.supplier_inn_1226);
    IsNewest() ? VisitMarking(item, extras) : VisitOldGoods(extras);
  }

  void VisitOldGoods(const ItemExtras& extras) {
    Word(1197, extras.unit_name_1197);
    if (!extras.code_1162.empty()) out_.Bytes(1162, NomenclatureBytes(extras.code_1162));
  }

  // 1163 and 2106 are the register's, of the code.
  void VisitMarking(const Item& item, const ItemExtras& extras) {
    if (!extras.marking_code_2000.empty()) {
      const ProductCode code = ProductCodeOf(extras.marking_code_2000);
      out_.Group(1163, 0, [&] { out_.Bytes(code.tag, code.value); });
      out_.Byte(2106, 0);
    }
    if (item.given.Has(2102)) out_.Byte(2102, extras.mode_2102);
    if (extras.fraction_1291) {
      const Fraction& part = *extras.fraction_1291;
      out_.Group(1291, 0, [&] {
        out_.Text(1292, std::to_string(part.numerator_1293) + "/" +
                            std::to_string(part.denominator_1294));
        out_.Var(1293, part.numerator_1293);
        out_.Var(1294, part.denominator_1294);
      });
    }
    VisitIndustries(1260, extras.industries_1260);
  }

  void VisitIndustries(int tag, const std::vector<Industry>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      out_.Group(tag, static_cast<int>(i), [&] { PutFields(list[i], *this); });
    }
  }

  void Sums(const Receipt& receipt, const Totals& totals) {
    out_.Money(1020, receipt.given_total_1020.value_or(totals.total));
    PutFields(receipt.payments, *this);
    constexpr int kList = 1115;
    const std::vector<VatSum> sums = VatSums(totals);
    bool has_list = false;
    for (const VatSum& sum : sums) {
      if (sum.tag != kList) out_.Money(sum.tag, sum.sum);
      has_list |= sum.tag == kList;
    }
    if (!has_list) return;
    out_.Group(kList, 0, [&] {
      for (const VatSum& sum : sums) {
        if (sum.tag != kList) continue;
        out_.Group(1119, 0, [&] {
          out_.Byte(1199, sum.rate);
          out_.Money(1120, sum.sum);
        });
      }
    });
  }

  void VisitExtras(const ReceiptExtras& extras) {
    if (extras.correction_type_1173) out_.Byte(1173, *extras.correction_type_1173);
    if (extras.correction_1174) {
      out_.Group(1174, 0, [&] {
        if (extras.correction_1174->date_1178)
          out_.Seconds(1178, *extras.correction_1174->date_1178);
        Word(1179, extras.correction_1174->number_1179);
      });
    }
    if (extras.user_attribute_1084) {
      out_.Group(1084, 0, [&] { PutFields(*extras.user_attribute_1084, *this); });
    }
    if (extras.buyer_1256) {
      IsNewest() ? out_.Group(1256, 0, [&] { PutFields(*extras.buyer_1256, *this); })
                 : PutNameAndInn(*extras.buyer_1256, *this);
    }
    VisitCashless(extras.cashless_1234);
    IsNewest() ? VisitNewest(extras) : VisitOldAgent(extras);
  }

  void VisitCashless(const std::vector<CashlessDetail>& list) {
    if (list.empty()) return;
    out_.Group(1234, 0, [&] {
      for (std::size_t i = 0; i < list.size(); ++i) {
        out_.Group(1235, static_cast<int>(i), [&] { PutFields(list[i], *this); });
      }
    });
  }

  void VisitOldAgent(const ReceiptExtras& extras) {
    if (extras.agent_type_1057 != 0) out_.Byte(1057, extras.agent_type_1057);
    if (extras.agent) PutFields(*extras.agent, *this);
    if (extras.supplier) Words(1171, extras.supplier->phones_1171);
  }

  void VisitNewest(const ReceiptExtras& extras) {
    VisitIndustries(1261, extras.industries_1261);
    if (extras.operation_1270) {
      out_.Group(1270, 0, [&] { PutFields(*extras.operation_1270, *this); });
    }
  }

  const FfdVersion version_;
  Out& out_;
};

}  // namespace fiscalgate::ffd
