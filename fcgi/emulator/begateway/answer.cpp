#include "fcgi/emulator/begateway/answer.h"

#include "fcgi/emulator/begateway/answer_fiscal.h"
#include "lib/base/crypto.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::begateway {
namespace {

using base::JsonWriter;

constexpr int kGatewayId = 2956;

void Text(std::string_view key, std::string_view text, JsonWriter& json) {
  json.Key(key);
  text.empty() ? json.Null() : json.String(text);
}

void Time(std::string_view key, std::optional<base::WallTime> time, JsonWriter& json) {
  json.Key(key);
  time ? json.String(base::FormatUtc(*time)) : json.Null();
}

void WriteHead(const Transaction& one, JsonWriter& json) {
  json.Key("uid").String(one.uid).Key("status").String(StatusName(one.status));
  json.Key("amount").Int(one.amount.kopecks).Key("currency").String(one.currency);
  Text("description", one.description, json);
  json.Key("type").String(KindName(one.kind)).Key("payment_method_type");
  json.String(one.alternative ? one.method_type : "credit_card");
  Text("tracking_id", one.tracking_id, json);
  Text("message", one.message, json);
  json.Key("test").Bool(one.test);
  Time("created_at", one.created_at, json);
  Time("updated_at", one.updated_at, json);
  Time("paid_at", one.paid_at, json);
  for (const char* key :
       {"expired_at", "recurring_type", "closed_at", "settled_at", "manually_corrected_at"}) {
    json.Key(key).Null();
  }
  Text("language", one.language, json);
}

void WriteLinks(const Transaction& one, const Site& site, JsonWriter& json) {
  const std::string stamp =
      base::HexEncode(base::HmacSha256(site.shop.secret_key.Reveal(), one.uid));
  json.Key("receipt_url");
  json.String(site.public_url + "/customer/transactions/" + one.uid + "/" + stamp +
              (one.language.empty() ? "" : "?language=" + base::PercentEncode(one.language)));
  json.Key("status_code").Null();
  json.Key("gateway").BeginObject().Key("iframe").Bool(true).EndObject();
  json.Key("mute_notifications").Null().Key("id").String(one.uid);
}

std::string Approved(Kind kind) {
  std::string name(KindName(kind));
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name + " was approved";
}

// Twelve digits, as banks have, of the uid.
std::string Rrn(const Transaction& one) {
  constexpr std::size_t kDigits = 12;
  std::string out;
  for (const char c : base::Sha256(one.uid).substr(0, kDigits)) {
    out += static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
  }
  return out;
}

// What the bank said, under the name of the operation.
void WriteBank(const Transaction& one, JsonWriter& json) {
  if (IsOpen(one.status) || one.status == Status::kExpired) return;
  const bool is_paid = one.status == Status::kSuccessful;
  json.Key(KindName(one.kind)).BeginObject();
  Text("auth_code", is_paid ? "654321" : "", json);
  json.Key("bank_code").String(is_paid ? "05" : "99").Key("rrn").String(Rrn(one));
  json.Key("ref_id").String("777888");
  json.Key("message").String(is_paid ? Approved(one.kind) : one.message);
  json.Key("amount").Int(one.amount.kopecks).Key("currency").String(one.currency);
  json.Key("billing_descriptor").String("TEST GATEWAY BILLING DESCRIPTOR");
  json.Key("gateway_id").Int(kGatewayId).Key("status").String(StatusName(one.status)).EndObject();
  if (one.alternative || !IsFirst(one.kind)) return;
  json.Key("avs_cvc_verification").BeginObject();
  for (const char* kind : {"avs_verification", "cvc_verification"}) {
    json.Key(kind).BeginObject().Key("result_code").String("1").EndObject();
  }
  json.EndObject();
}

// Those members that the samples show; what was not given is null.
template <typename Keys>
void WritePerson(std::string_view name, const std::string& source, const Keys& keys,
                 JsonWriter& json) {
  const auto document = base::ParseJson(source.empty() ? "{}" : source);
  if (!document.ok()) return;
  json.Key(name).BeginObject();
  for (const char* key : keys) Text(key, document->root().FindText(key), json);
  json.EndObject();
}

void WritePersons(const Transaction& one, JsonWriter& json) {
  constexpr const char* kCustomer[] = {"ip", "email", "device_id", "birth_date"};
  constexpr const char* kBilling[] = {"first_name", "last_name", "address", "country",
                                      "city",       "zip",       "state",   "phone"};
  WritePerson("customer", one.customer_json, kCustomer, json);
  WritePerson("billing_address", one.billing_json, kBilling, json);
}

void WriteMembers(const View& view, const Site& site, JsonWriter& json) {
  const Transaction& one = view.transaction;
  WriteHead(one, json);
  if (one.card) WriteCard(*one.card, &json.Key("credit_card"));
  WriteLinks(one, site, json);
  if (!IsFirst(one.kind)) json.Key("parent_uid").String(one.parent_uid);
  if (one.kind == Kind::kRefund) json.Key("reason").String(one.reason);
  // A payment that failed has no receipt, nor will it have one.
  const bool may_print = one.status == Status::kSuccessful || IsOpen(one.status);
  if (one.fiscal && may_print) WriteFiscalization(view, site, &json.Key("fiscalization"));
  if (IsFirst(one.kind)) {
    json.Key("redirect_url").String(site.public_url + "/process/" + one.uid);
  }
  WriteBank(one, json);
  WritePersons(one, json);
}

std::string_view CodeOf(Status status) {
  switch (status) {
    case Status::kSuccessful:
      return "S.0000";
    case Status::kIncomplete:
      return "P.0001";
    case Status::kPending:
      return "P.9999";
    case Status::kFailed:
    case Status::kExpired:
      break;
  }
  return "F.0100";
}

}  // namespace

void WriteTransaction(const View& view, const Site& site, JsonWriter* writer) {
  writer->BeginObject();
  WriteMembers(view, site, *writer);
  writer->EndObject();
}

std::string TransactionBody(const View& view, const Site& site, Form form) {
  JsonWriter json;
  json.BeginObject();
  if (form == Form::kThird) {
    WriteMembers(view, site, json);
    json.Key("code").String(CodeOf(view.transaction.status));
    Text("friendly_message", view.transaction.message, json);
  } else {
    WriteTransaction(view, site, &json.Key("transaction"));
  }
  json.EndObject();
  return json.Take();
}

std::string ListBody(const std::vector<View>& views, const Site& site) {
  JsonWriter json;
  json.BeginObject().Key("transactions").BeginArray();
  for (const View& view : views) WriteTransaction(view, site, &json);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace fiscalgate::emulator::begateway
