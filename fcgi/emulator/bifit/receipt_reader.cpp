#include "fcgi/emulator/bifit/receipt_reader.h"

#include "fcgi/emulator/cloud/fields.h"

namespace fiscalgate::emulator::bifit {
namespace {

using base::JsonValue;
using cloud::Fields;
using cloud::Need;
using protocol::Mapping;

constexpr std::size_t kMaxWord = 64, kMaxName = 128;

std::string_view NameIn(const Mapping& mapping, const protocol::MappingRow& row) {
  const protocol::MappedValue found = mapping.Find(row.tag, row.tag_value);
  return found && !found.value.empty() ? found.value : row.value;
}

int ReadNamed(Fields* fields, std::string_view key, int tag, const Mapping& mapping) {
  const std::string word = fields->Text(key, kMaxWord, Need::kRequired);
  if (word.empty()) return 0;
  for (const protocol::MappingRow& row : mapping.table().rows) {
    if (row.tag == tag && row.tag_value != protocol::kCarried && NameIn(mapping, row) == word) {
      return row.tag_value;
    }
  }
  fields->Wrong(key, "недопустимое значение");
  return 0;
}

ffd::Item ReadItem(Fields* fields, const Mapping& mapping) {
  ffd::Item item;
  item.method_1214 = ReadNamed(fields, "calculationMethod", 1214, mapping);
  item.subject_1212 = ReadNamed(fields, "paymentSubject", 1212, mapping);
  item.name_1030 = fields->Text("name", kMaxName, Need::kRequired);
  item.price_1079 = fields->Sum("price", Need::kRequired);
  item.quantity_1023 = fields->Amount("quantity");
  item.vat_1199 = ReadNamed(fields, "vat", 1199, mapping);
  item.sum_1043 = fields->Sum("total", Need::kRequired);
  if (base::Multiply(item.price_1079, item.quantity_1023) != item.sum_1043) {
    fields->Wrong("total", "не равна произведению цены и количества");
  }
  return item;
}

base::Money* PlaceOf(std::string_view key, const Mapping& mapping, ffd::Payments* paid) {
  const std::pair<int, base::Money*> kKinds[] = {{1031, &paid->cash_1031},
                                                 {1081, &paid->electronic_1081},
                                                 {1215, &paid->prepayment_1215},
                                                 {1216, &paid->credit_1216},
                                                 {1217, &paid->barter_1217}};
  for (const protocol::MappingRow& row : mapping.table().rows) {
    if (row.group != "payment" || NameIn(mapping, row) != key) continue;
    for (const auto& [tag, place] : kKinds) {
      if (tag == row.tag) return place;
    }
  }
  return nullptr;
}

void ReadPayments(Fields* fields, const Mapping& mapping, ReadReceipt* out) {
  const JsonValue* const payments = fields->Object("payments", Need::kRequired);
  if (payments == nullptr) return;
  Fields inner(*payments, "payments.", &out->errors);
  for (const base::JsonMember& member : payments->members) {
    base::Money* const place = PlaceOf(member.key, mapping, &out->receipt.payments);
    if (place == nullptr) {
      inner.Wrong(member.key, "недопустимое значение");
    } else {
      *place = inner.Sum(member.key, Need::kRequired);
    }
  }
}

void ReadItems(Fields* fields, const Mapping& mapping, ReadReceipt* out) {
  const JsonValue* const items = fields->List("items", Need::kRequired);
  if (items == nullptr) return;
  for (std::size_t i = 0; i < items->items.size(); ++i) {
    Fields item(items->items[i], "items[" + std::to_string(i) + "].", &out->errors);
    out->receipt.items.push_back(ReadItem(&item, mapping));
  }
}

void ReadPeople(Fields* fields, ReadReceipt* out) {
  if (const JsonValue* cashier = fields->Object("cashier", Need::kRequired)) {
    Fields inner(*cashier, "cashier.", &out->errors);
    out->receipt.cashier_name_1021 = inner.Text("name", kMaxWord, Need::kRequired);
    out->receipt.cashier_inn_1203 = inner.Digits("inn", 12, 12);
  }
  if (const JsonValue* client = fields->Object("client")) {
    Fields inner(*client, "client.", &out->errors);
    out->receipt.buyer_contact_1008 = inner.Text("address", kMaxWord);
  }
}

}  // namespace

ReadReceipt ReadPostedReceipt(const JsonValue& root, const Mapping& mapping) {
  ReadReceipt out;
  Fields fields(root, "", &out.errors);
  out.receipt.type_1054 = ReadNamed(&fields, "type", 1054, mapping);
  out.receipt.taxation_1055 = ReadNamed(&fields, "taxSystem", 1055, mapping);
  ReadPeople(&fields, &out);
  ReadItems(&fields, mapping, &out);
  const base::Money total = fields.Sum("total", Need::kRequired);
  ReadPayments(&fields, mapping, &out);
  if (!out.errors.empty()) return out;
  if (total != out.receipt.Total()) fields.Wrong("total", "не равна сумме позиций");
  if (total != out.receipt.payments.Total()) fields.Wrong("payments", "не равны сумме чека");
  return out;
}

}  // namespace fiscalgate::emulator::bifit
