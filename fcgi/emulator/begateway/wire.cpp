#include "fcgi/emulator/begateway/wire.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/begateway/transaction_reader.h"

namespace fiscalgate::emulator::begateway {
namespace {

using base::JsonValue;
using protocol::ScalarText;

constexpr std::size_t kMaxText = 255;
constexpr std::string_view kBlank = "can't be blank";

// nullptr-safe.
const JsonValue* Member(const JsonValue* object, std::string_view key) {
  return object == nullptr ? nullptr : object->Find(key);
}

class Reader {
 public:
  Reader(const JsonValue& object, Complaints* complaints)
      : object_(object), complaints_(complaints) {}

  // In characters, not bytes.
  void Text(std::string_view key, bool is_required, std::string* out) {
    const std::string_view text = ScalarText(object_.Find(key));
    if (text.empty() && is_required) complaints_->Add(key, kBlank);
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    const auto tail = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
    if (text.size() - tail > kMaxText) {
      complaints_->Add(key, "is too long (maximum is 255 characters)");
    }
    *out = text;
  }

  void Amount(base::Money* out) {
    const JsonValue* const value = object_.Find("amount");
    if (value == nullptr || ScalarText(value).empty()) return complaints_->Add("amount", kBlank);
    const auto amount = protocol::WholeNumber(value);
    if (!amount || *amount > base::kMaxKopecks) {
      return complaints_->Add("amount", "is not a number of minor units");
    }
    if (*amount == 0) return complaints_->Add("amount", "must be greater than 0");
    *out = {*amount};
  }

  void Currency(std::string* out) {
    Text("currency", true, out);
    const bool is_code = out->size() == 3 && std::all_of(out->begin(), out->end(), [](char c) {
                           return c >= 'A' && c <= 'Z';
                         });
    if (!out->empty() && !is_code) complaints_->Add("currency", "is invalid");
  }

  void Url(std::string_view key, std::string* out) {
    const std::string_view text = ScalarText(object_.Find(key));
    *out = protocol::begateway::AddressOf(object_.Find(key));
    if (!text.empty() && out->empty()) complaints_->Add(key, "is invalid");
  }

  bool Flag(std::string_view key, bool otherwise) const {
    const JsonValue* const value = object_.Find(key);
    return value != nullptr && value->kind == base::JsonKind::kBool ? value->boolean : otherwise;
  }

 private:
  const JsonValue& object_;
  Complaints* complaints_;
};

std::string ContactOf(const Transaction& transaction) {
  for (const char* key : {"email", "phone"}) {
    for (const std::string* person : {&transaction.customer_json, &transaction.billing_json}) {
      const auto document = base::ParseJson(person->empty() ? "{}" : *person);
      const std::string_view text =
          document.ok() ? ScalarText(document->root().Find(key)) : std::string_view();
      if (!text.empty()) return std::string(text);
    }
  }
  return "";
}

std::string ObjectJson(const JsonValue* value) {
  return value != nullptr && value->is_object() ? std::string(value->raw) : std::string();
}

// The vendor's own library puts it into additional_data.
const JsonValue* FiscalizationOf(const JsonValue& request) {
  const JsonValue* const direct = request.Find("fiscalization");
  return direct != nullptr ? direct : Member(request.Find("additional_data"), "fiscalization");
}

void ReadFiscal(const JsonValue* value, const Shop& shop, Transaction* out,
                Complaints* complaints) {
  const std::string contact = ContactOf(*out);
  auto order = ReadFiscalOrder(value, {out->amount, out->currency, contact, shop.inn}, complaints);
  if (!order) return;
  if (out->kind == Kind::kAuthorization || out->kind == Kind::kVoid) {
    complaints->Add("fiscalization/type", "is not supported for this transaction");
  }
  out->fiscal.emplace();
  out->fiscal->order = *std::move(order);
  out->fiscal->order_json = value->raw;
}

void ReadMethod(const JsonValue& request, Transaction* out, Complaints* complaints) {
  out->method_type = ScalarText(Member(request.Find("method"), "type"));
  if (out->method_type.empty()) complaints->Add("method/type", kBlank);
  out->plan = PlanOf(out->method_type, Plan::kLater);
}

void ReadPersons(const JsonValue& object, Transaction* out) {
  out->customer_json = ObjectJson(object.Find("customer"));
  out->billing_json = ObjectJson(object.Find("billing_address"));
}

// What a capture or a refund does not say, its first transaction has said.
void Inherit(const JsonValue& request, const Transaction& parent, Transaction* out) {
  ReadPersons(request, out);
  if (out->customer_json.empty()) out->customer_json = parent.customer_json;
  if (out->billing_json.empty()) out->billing_json = parent.billing_json;
  out->currency = parent.currency;
  out->language = parent.language;
  out->method_type = parent.method_type;
  out->card = parent.card;
}

void ReadFirst(const JsonValue& request, Reader& reader, const Terms& terms, Transaction* out,
               Complaints* complaints) {
  reader.Currency(&out->currency);
  reader.Text("description", true, &out->description);
  reader.Text("language", false, &out->language);
  reader.Url("return_url", &out->return_url);
  ReadPersons(request, out);
  if (out->alternative) return ReadMethod(request, out, complaints);
  auto card = ReadCard(request.Find("credit_card"), terms.now, terms.shop.secret_key, complaints);
  if (card) {
    out->card = std::move(card->card);
    out->plan = card->plan;
  }
}

}  // namespace

std::string_view ParentUid(const JsonValue& root) {
  return ScalarText(Member(root.Find("request"), "parent_uid"));
}

Submitted ReadSubmitted(const JsonValue& root, Kind kind, const Terms& terms,
                        Complaints* complaints) {
  Submitted out;
  Transaction& transaction = out.transaction;
  transaction.kind = kind;
  transaction.alternative = terms.alternative;
  const JsonValue* const request = root.Find("request");
  if (request == nullptr || !request->is_object()) {
    complaints->Add("request", kBlank);
    return out;
  }
  Reader reader(*request, complaints);
  reader.Amount(&transaction.amount);
  reader.Text("tracking_id", false, &transaction.tracking_id);
  reader.Url("notification_url", &transaction.notification_url);
  transaction.test = reader.Flag("test", false);
  out.duplicate_check = reader.Flag("duplicate_check", true);
  if (IsFirst(kind)) {
    ReadFirst(*request, reader, terms, &transaction, complaints);
  } else {
    reader.Text("parent_uid", true, &transaction.parent_uid);
    reader.Text("reason", kind == Kind::kRefund, &transaction.reason);
    if (terms.parent == nullptr) return out;
    Inherit(*request, *terms.parent, &transaction);
  }
  ReadFiscal(FiscalizationOf(*request), terms.shop, &transaction, complaints);
  return out;
}

CheckoutOrder ReadCheckoutOrder(const JsonValue& root, const Shop& shop, Complaints* complaints) {
  CheckoutOrder out;
  const JsonValue* const checkout = root.Find("checkout");
  const JsonValue* const order = Member(checkout, "order");
  if (order == nullptr || !order->is_object()) {
    complaints->Add("order", kBlank);
    return out;
  }
  const std::string_view kind = ScalarText(checkout->Find("transaction_type"));
  const auto named = KindFromName(kind.empty() ? "payment" : kind);
  if (!named || !IsFirst(*named))
    complaints->Add("transaction_type", "is not included in the list");
  out.kind = named.value_or(Kind::kPayment);
  out.payment.kind = out.kind;
  Reader of_order(*order, complaints);
  of_order.Amount(&out.payment.amount);
  of_order.Currency(&out.payment.currency);
  of_order.Text("description", true, &out.payment.description);
  of_order.Text("tracking_id", false, &out.payment.tracking_id);
  out.payment.test = Reader(*checkout, complaints).Flag("test", false);
  ReadPersons(*checkout, &out.payment);
  if (const JsonValue* settings = checkout->Find("settings")) {
    Reader of_settings(*settings, complaints);
    of_settings.Url("success_url", &out.success_url);
    of_settings.Url("decline_url", &out.decline_url);
    of_settings.Url("fail_url", &out.fail_url);
    of_settings.Url("cancel_url", &out.cancel_url);
    of_settings.Url("return_url", &out.return_url);
    of_settings.Url("notification_url", &out.payment.notification_url);
    of_settings.Text("language", false, &out.payment.language);
  }
  const JsonValue* const direct = checkout->Find("fiscalization");
  ReadFiscal(direct != nullptr ? direct : FiscalizationOf(*order), shop, &out.payment, complaints);
  return out;
}

}  // namespace fiscalgate::emulator::begateway
