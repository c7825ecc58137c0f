#include <algorithm>
#include <utility>

#include "fcgi/emulator/cloud/fields.h"
#include "fcgi/emulator/orangedata/document.h"
#include "fcgi/emulator/orangedata/position.h"
#include "lib/ffd/dates.h"

namespace fiscalgate::emulator::orangedata {
namespace {

using base::JsonValue;
using cloud::Fields;
using cloud::Need;

constexpr std::int64_t kFfd105 = 2, kFfd12 = 4;
constexpr std::int64_t kCash = 1, kPrepaid = 14, kCredit = 15, kOther = 16;

bool IsContact(std::string_view text) {
  if (text == "none" || text.find('@') != std::string_view::npos) return true;
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() >= 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void ReadContact(Fields* fields, Need need, ffd::Receipt* receipt) {
  const std::string contact = fields->Text("customerContact", 64, need);
  if (!contact.empty() && !IsContact(contact)) {
    fields->Wrong("customerContact", "ожидается телефон, e-mail или none");
  }
  if (contact != "none") receipt->buyer_contact_1008 = contact;
}

// The number of the bit in tag 1055.
int ReadTaxation(Fields* fields, Need need) {
  constexpr std::int64_t kNone = -1;
  const std::int64_t number = fields->Whole("taxationSystem", 0, 5, kNone, need);
  return number == kNone ? 0 : 1 << number;
}

void ReadBasis(Fields* fields, Need number_need, ffd::Receipt* receipt) {
  ffd::ReceiptExtras& extras = ffd::ExtrasOf(*receipt);
  extras.correction_type_1173 =
      static_cast<int>(fields->Whole("correctionType", 0, 1, 0, Need::kRequired));
  ffd::CorrectionBasis& basis = extras.correction_1174.emplace();
  const std::string date = fields->Text("causeDocumentDate", 64, Need::kRequired);
  basis.date_1178 = ffd::ParseDate(date);
  if (!date.empty() && !basis.date_1178) fields->Wrong("causeDocumentDate", "ожидается дата");
  basis.number_1179 = fields->Text("causeDocumentNumber", 32, number_need);
}

// Vending, transport, and who sells.
void ReadPlace(Fields* fields, ffd::Receipt* receipt) {
  receipt->sender_email_1117 = fields->Text("senderEmail", 64);
  receipt->automat_1036 = fields->Text("automatNumber", 20);
  receipt->address_1009 = fields->Text("settlementAddress", 243);
  receipt->place_1187 = fields->Text("settlementPlace", 243);
  receipt->zone_1011 = static_cast<int>(fields->Whole("timeZone", 1, 11));
  receipt->internet_1125 = fields->Flag("isInternetStore");
}

void AddPayment(std::int64_t type, base::Money sum, ffd::Payments* paid) {
  base::Money* place = &paid->electronic_1081;  // 2, and the further cards and wallets up to 13
  if (type == kCash) place = &paid->cash_1031;
  if (type == kPrepaid) place = &paid->prepayment_1215;
  if (type == kCredit) place = &paid->credit_1216;
  if (type == kOther) place = &paid->barter_1217;
  *place = *place + sum;
}

void ReadCheckClose(const JsonValue& content, Document* document) {
  Fields fields(content, "content.", &document->errors);
  const JsonValue* const close = fields.Object("checkClose", Need::kRequired);
  if (close == nullptr) return;
  Fields closing(*close, "content.checkClose.", &document->errors);
  // Required by the description, missing in a document that was seen to be printed.
  document->receipt.taxation_1055 = ReadTaxation(&closing, Need::kOptional);
  const JsonValue* const payments = closing.List("payments", Need::kRequired);
  if (payments == nullptr) return;
  for (std::size_t i = 0; i < payments->items.size(); ++i) {
    Fields payment(payments->items[i], "content.checkClose.payments[" + std::to_string(i) + "].",
                   &document->errors);
    const std::int64_t type = payment.Whole("type", 1, 16, 0, Need::kRequired);
    AddPayment(type, payment.Sum("amount", Need::kRequired), &document->receipt.payments);
  }
}

void CheckSums(const JsonValue& content, Document* document) {
  Fields fields(content, "content.", &document->errors);
  const base::Money total = document->receipt.Total();
  if (fields.Has("totalSum") && fields.Sum("totalSum") != total) {
    fields.Wrong("totalSum", "не равна сумме позиций");
  }
  const ffd::Payments& paid = document->receipt.payments;
  if (paid.Total() < total) fields.Wrong("checkClose", "сумма оплат меньше суммы позиций");
  if (total < paid.NonCash()) {
    fields.Wrong("checkClose", "сумма безналичных оплат больше суммы позиций");
  }
}

void ReadBuyer(Fields* fields, bool is_newest, Document* document) {
  ffd::Buyer buyer;
  if (!is_newest) {
    buyer.name_1227 = fields->Text("customer", 243);
    buyer.inn_1228 = fields->Digits("customerINN", 10, 12);
  } else if (const JsonValue* info = fields->Object("customerInfo")) {
    Fields inner(*info, "content.customerInfo.", &document->errors);
    buyer.name_1227 = inner.Text("name", 239);
    buyer.inn_1228 = inner.Digits("inn", 10, 12);
    inner.Text("birthDate", 10);
    inner.Digits("citizenship", 1, 3);
    inner.Text("identityDocumentCode", 2);
    inner.Text("identityDocumentData", 64);
    inner.Text("address", 239);
  }
  if (!buyer.name_1227.empty()) ffd::ExtrasOf(document->receipt).buyer_1256 = std::move(buyer);
}

void ReadPositions(const JsonValue& content, bool is_newest, Document* document) {
  Fields fields(content, "content.", &document->errors);
  const JsonValue* const positions = fields.List("positions", Need::kRequired);
  if (positions == nullptr) return;
  for (std::size_t i = 0; i < positions->items.size(); ++i) {
    Fields position(positions->items[i], "content.positions[" + std::to_string(i) + "].",
                    &document->errors);
    ffd::Item item = ReadPosition(&position, is_newest, &document->errors);
    if (item.extras && !item.extras->marking_code_2000.empty()) {
      document->marked.push_back({static_cast<std::int64_t>(i), item.extras->marking_code_2000});
    }
    document->receipt.items.push_back(std::move(item));
  }
}

}  // namespace

void ReadContent(const JsonValue& content, Kind kind, Document* document) {
  Fields fields(content, "content.", &document->errors);
  ffd::Receipt& receipt = document->receipt;
  const std::int64_t version = fields.Whole("ffdVersion", kFfd105, kFfd12, kFfd105);
  const bool is_newest = version == kFfd12;
  if (version != kFfd105 && !is_newest) fields.Wrong("ffdVersion", "ожидается 2 или 4");
  if (kind == Kind::kCorrection12) {
    if (!is_newest) fields.Wrong("ffdVersion", "ожидается 4");
    ReadBasis(&fields, Need::kOptional, &receipt);
  }
  receipt.type_1054 = static_cast<int>(fields.Whole("type", 1, 4, 0, Need::kRequired));
  ReadContact(&fields, Need::kRequired, &receipt);
  receipt.cashier_name_1021 = fields.Text("cashier", 64);
  receipt.cashier_inn_1203 = fields.Digits("cashierINN", 12, 12);
  receipt.attribute_1192 = fields.Text("additionalAttribute", 16);
  ReadPlace(&fields, &receipt);
  ReadBuyer(&fields, is_newest, document);
  ReadPositions(content, is_newest, document);
  ReadCheckClose(content, document);
  if (document->errors.empty()) CheckSums(content, document);
}

void ReadOldCorrection(const JsonValue& content, Document* document) {
  Fields fields(content, "content.", &document->errors);
  ffd::Receipt& receipt = document->receipt;
  if (fields.Whole("ffdVersion", kFfd105, kFfd12, kFfd105) != kFfd105) {
    fields.Wrong("ffdVersion", "ожидается 2");
  }
  receipt.type_1054 = static_cast<int>(fields.Whole("type", 1, 3, 0, Need::kRequired));
  if (receipt.type_1054 == 2) fields.Wrong("type", "ожидается 1 или 3");
  ReadBasis(&fields, Need::kRequired, &receipt);
  const base::Money total = fields.Sum("totalSum", Need::kRequired);
  receipt.given_total_1020 = total;
  receipt.payments = {fields.Sum("cashSum"), fields.Sum("eCashSum"), fields.Sum("prepaymentSum"),
                      fields.Sum("postpaymentSum"), fields.Sum("otherPaymentTypeSum")};
  for (int number = 1; number <= 10; ++number) {
    fields.Sum("tax" + std::to_string(number) + "Sum");
  }
  receipt.taxation_1055 = ReadTaxation(&fields, Need::kRequired);
  ReadContact(&fields, Need::kOptional, &receipt);
  ReadPlace(&fields, &receipt);
  if (document->errors.empty() && receipt.payments.Total() != total) {
    fields.Wrong("totalSum", "не равна сумме оплат");
  }
}

}  // namespace fiscalgate::emulator::orangedata
