#include "lib/protocol/begateway/transaction_reader.h"

#include <algorithm>
#include <array>

#include "lib/base/limits.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/orangedata/codec.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;

constexpr int kRefundKind = 2;

struct PaymentWord {
  std::string_view word;
  PaymentState state;
};
constexpr PaymentWord kPaymentWords[] = {
    {"successful", PaymentState::kSuccessful}, {"incomplete", PaymentState::kIncomplete},
    {"pending", PaymentState::kPending},       {"failed", PaymentState::kFailed},
    {"expired", PaymentState::kExpired},       {"error", PaymentState::kError},
    {"deleted", PaymentState::kError},
};

struct FiscalWord {
  std::string_view word;
  FiscalState state;
};
constexpr FiscalWord kFiscalWords[] = {
    {"successful", FiscalState::kDone}, {"incomplete", FiscalState::kPending},
    {"pending", FiscalState::kPending}, {"failed", FiscalState::kFailed},
    {"error", FiscalState::kError},     {"expired", FiscalState::kError},
    {"deleted", FiscalState::kError},
};

std::string Said(const JsonValue& object, std::string_view key) {
  return KeptText(ScalarText(object.Find(key)));
}

base::Money MinorUnits(const JsonValue* value) {
  const auto units = WholeNumber(value);
  return units && *units <= base::kMaxKopecks ? base::Money{*units} : base::Money{};
}

// What the gateway says of the receipt itself must be what the fiscal service said.
bool Agrees(const JsonValue& receipt, const ffd::FiscalMark& mark) {
  const auto number = WholeNumber(receipt.Find("receipt_num"));
  const std::string_view sign = ScalarText(receipt.Find("ofd_id"));
  return (!number || *number == mark.fd_1040) && (sign.empty() || sign == mark.fpd_1077);
}

void ReadReceipt(const JsonValue& receipt, Fiscal* fiscal) {
  fiscal->ofd_qr_code = AddressOf(receipt.Find("ofd_qr_code"));
  fiscal->ofd_link = Said(receipt, "ofd_link");
  const JsonValue* const info = receipt.Find("receipt_info");
  if (info == nullptr || !info->is_object()) return;
  if (info->raw.size() <= base::kMaxJsonBytes) fiscal->receipt_info = info->raw;
  auto mark = orangedata::ReadMark(*info);
  if (!mark || !Agrees(receipt, *mark)) return;
  if (const auto total = WholeNumber(receipt.Find("total_amount"))) mark->total_1020 = {*total};
  if (info->Find("content") == nullptr && fiscal->type == "refund") {
    mark->receipt_type_1054 = kRefundKind;
  }
  fiscal->mark = std::move(mark);
}

// {"payment": {"rrn": ...}}: the details stand under the name of the operation.
void ReadBank(const JsonValue& object, Transaction* transaction) {
  const JsonValue* const details = object.Find(transaction->type);
  if (details == nullptr) return;
  transaction->rrn = Said(*details, "rrn");
  transaction->auth_code = Said(*details, "auth_code");
  transaction->ref_id = Said(*details, "ref_id");
}

}  // namespace

std::string AddressOf(const JsonValue* value) {
  const std::string_view text = ScalarText(value);
  const bool is_address = text.starts_with("https://") || text.starts_with("http://");
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c != '"' && c != '<' && c != '>' && c != '\\' && c != '\x7F';
  });
  const bool fits = is_address && is_plain && text.size() <= base::kMaxUrlBytes;
  return fits ? std::string(text) : std::string();
}

Fiscal ReadFiscal(const JsonValue* object) {
  Fiscal fiscal;
  if (object == nullptr || !object->is_object() || object->members.empty()) return fiscal;
  fiscal.status = Said(*object, "status");
  fiscal.id = Said(*object, "id");
  fiscal.external_id = Said(*object, "external_id");
  fiscal.type = Said(*object, "type");
  fiscal.code = Said(*object, "code");
  fiscal.message = Said(*object, "message");
  fiscal.state = FiscalState::kUnclear;
  for (const FiscalWord& word : kFiscalWords) {
    if (word.word == fiscal.status) fiscal.state = word.state;
  }
  const JsonValue* const receipts = object->Find("receipts");
  if (receipts != nullptr && !receipts->items.empty()) ReadReceipt(receipts->items[0], &fiscal);
  if (fiscal.state != FiscalState::kDone) fiscal.mark.reset();
  if (fiscal.state == FiscalState::kDone && !fiscal.mark) fiscal.state = FiscalState::kUnclear;
  return fiscal;
}

std::optional<Transaction> ReadTransaction(const JsonValue& object) {
  Transaction out;
  out.uid = Said(object, "uid");
  if (out.uid.empty()) out.uid = Said(object, "id");
  out.status = Said(object, "status");
  if (out.uid.empty() || out.status.empty()) return std::nullopt;
  for (const PaymentWord& word : kPaymentWords) {
    if (word.word == out.status) out.payment = word.state;
  }
  out.type = Said(object, "type");
  out.currency = Said(object, "currency");
  out.tracking_id = Said(object, "tracking_id");
  out.parent_uid = Said(object, "parent_uid");
  out.message = Said(object, "message");
  out.code = Said(object, "code");
  out.amount = MinorUnits(object.Find("amount"));
  const JsonValue* const test = object.Find("test");
  out.test = test != nullptr && test->boolean;
  out.redirect_url = AddressOf(object.Find("redirect_url"));
  out.receipt_url = AddressOf(object.Find("receipt_url"));
  ReadBank(object, &out);
  out.fiscal = ReadFiscal(object.Find("fiscalization"));
  return out;
}

std::string_view PaymentStateName(PaymentState state) {
  constexpr std::array<std::string_view, 7> kNames = {
      "successful", "incomplete", "pending", "failed", "expired", "error", "unclear"};
  return kNames[static_cast<std::size_t>(state)];
}

bool IsFinal(PaymentState state) {
  return state == PaymentState::kSuccessful || state == PaymentState::kFailed ||
         state == PaymentState::kExpired || state == PaymentState::kError;
}

std::string_view FiscalStateName(FiscalState state) {
  constexpr std::array<std::string_view, 6> kNames = {"none",   "pending", "done",
                                                      "failed", "error",   "unclear"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace fiscalgate::protocol::begateway
