#include "fcgi/emulator/begateway/transaction.h"
#include "lib/base/json.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::begateway {
namespace {

using base::JsonValue;
using base::JsonWriter;
using register_::FindInt;

constexpr int kLastPlan = static_cast<int>(Plan::kLaterDecline);
constexpr int kLastStatus = static_cast<int>(Status::kExpired);

// Texts that are kept under a name.
struct TextField {
  std::string_view key;
  std::string Transaction::*member;
};
constexpr TextField kTexts[] = {
    {"currency", &Transaction::currency},
    {"description", &Transaction::description},
    {"tracking_id", &Transaction::tracking_id},
    {"language", &Transaction::language},
    {"message", &Transaction::message},
    {"parent_uid", &Transaction::parent_uid},
    {"reason", &Transaction::reason},
    {"notification_url", &Transaction::notification_url},
    {"return_url", &Transaction::return_url},
    {"method_type", &Transaction::method_type},
    {"request_id", &Transaction::request_id},
    {"checkout_token", &Transaction::checkout_token},
};

void Time(std::string_view key, std::optional<base::WallTime> time, JsonWriter& json) {
  if (time) json.Key(key).Int(base::ToMillis(*time));
}

std::optional<base::WallTime> TimeOf(const JsonValue& object, std::string_view key) {
  const auto ms = FindInt(object, key);
  if (!ms) return std::nullopt;
  return base::FromMillis(*ms);
}

void Object(std::string_view key, const std::string& text, JsonWriter& json) {
  if (!text.empty()) json.Key(key).Raw(text);
}

// It was checked when it came: of the terms only the contact is taken.
bool ReadFiscal(const JsonValue& value, std::string_view order_json, Fiscal* fiscal) {
  const auto document = base::ParseJson(order_json);
  if (!document) return false;
  Complaints ignored;
  const std::string_view contact = value.FindText("contact");
  auto read = ReadFiscalOrder(&document->root(), {{}, {}, contact, {}}, &ignored);
  if (!read) return false;
  fiscal->id = value.FindText("id");
  fiscal->order = *std::move(read);
  fiscal->order_json = order_json;
  return true;
}

bool ReadNumbers(const JsonValue& root, Transaction* out) {
  const auto status = FindInt(root, "status"), plan = FindInt(root, "plan"),
             amount = FindInt(root, "amount");
  const auto created = TimeOf(root, "created"), updated = TimeOf(root, "updated");
  if (!status || !plan || !amount || !created || !updated) return false;
  if (*status < 0 || *status > kLastStatus || *plan < 0 || *plan > kLastPlan) return false;
  out->status = static_cast<Status>(*status);
  out->plan = static_cast<Plan>(*plan);
  out->amount = {*amount};
  out->created_at = *created;
  out->updated_at = *updated;
  out->paid_at = TimeOf(root, "paid");
  out->due = TimeOf(root, "due");
  return true;
}

bool FlagOf(const JsonValue& root, std::string_view key) {
  const JsonValue* const value = root.Find(key);
  return value != nullptr && value->boolean;
}

void ReadObjects(const JsonValue& root, Transaction* out) {
  if (const JsonValue* card = root.Find("card")) out->card = ReadKeptCard(*card);
  if (const JsonValue* customer = root.Find("customer")) out->customer_json = customer->raw;
  if (const JsonValue* billing = root.Find("billing")) out->billing_json = billing->raw;
}

}  // namespace

std::string WriteNotes(const Transaction& transaction) {
  JsonWriter json;
  json.BeginObject().Key("uid").String(transaction.uid);
  json.Key("kind").String(KindName(transaction.kind));
  json.Key("status").Int(static_cast<int>(transaction.status));
  json.Key("plan").Int(static_cast<int>(transaction.plan));
  json.Key("amount").Int(transaction.amount.kopecks);
  json.Key("alternative").Bool(transaction.alternative).Key("test").Bool(transaction.test);
  for (const TextField& field : kTexts) {
    const std::string& text = transaction.*field.member;
    if (!text.empty()) json.Key(field.key).String(text);
  }
  Time("created", transaction.created_at, json);
  Time("updated", transaction.updated_at, json);
  Time("paid", transaction.paid_at, json);
  Time("due", transaction.due, json);
  if (transaction.card) WriteCard(*transaction.card, &json.Key("card"));
  Object("customer", transaction.customer_json, json);
  Object("billing", transaction.billing_json, json);
  if (transaction.fiscal) {
    json.Key("fiscal").BeginObject().Key("id").String(transaction.fiscal->id);
    json.Key("contact").String(transaction.fiscal->order.contact).EndObject();
  }
  json.EndObject();
  return json.Take();
}

std::optional<Transaction> ReadNotes(std::string_view notes, std::string_view order_json) {
  const auto document = base::ParseJson(notes, base::JsonReader::kSimdjson);
  if (!document || !document->root().is_object()) return std::nullopt;
  const JsonValue& root = document->root();
  Transaction out;
  out.uid = root.FindText("uid");
  const auto kind = KindFromName(root.FindText("kind"));
  if (out.uid.empty() || !kind || !ReadNumbers(root, &out)) return std::nullopt;
  out.kind = *kind;
  out.alternative = FlagOf(root, "alternative");
  out.test = FlagOf(root, "test");
  for (const TextField& field : kTexts) out.*field.member = root.FindText(field.key);
  ReadObjects(root, &out);
  if (const JsonValue* fiscal = root.Find("fiscal")) {
    out.fiscal.emplace();
    if (!ReadFiscal(*fiscal, order_json, &*out.fiscal)) return std::nullopt;
  }
  return out;
}

}  // namespace fiscalgate::emulator::begateway
