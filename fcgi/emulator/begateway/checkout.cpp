#include "fcgi/emulator/begateway/checkout.h"

#include "lib/base/crypto.h"
#include "lib/base/text.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::emulator::begateway {
namespace {

constexpr std::string_view kKind = "checkout";
constexpr std::size_t kTokenBytes = 32;

// The card that the buyer would have typed.
Card CardOf(const std::string& token) {
  Card card;
  card.stamp = base::HexEncode(base::Sha256(token));
  card.brand = "visa";
  card.first_1 = "4";
  card.last_4 = "0000";
  card.bin = "420000";
  card.bin_8 = "42000000";
  return card;
}

std::string WithParameters(const std::string& address, const base::FormFields& fields) {
  if (address.empty()) return "";
  return address + (address.find('?') == std::string::npos ? "?" : "&") + base::BuildForm(fields);
}

std::string_view StatusOf(const Checkout& checkout, bool is_expired, const View* view) {
  if (view != nullptr) return StatusName(view->transaction.status);
  if (checkout.cancelled) return "canceled";
  return is_expired ? "expired" : "";
}

void WriteOrder(const Transaction& payment, base::JsonWriter& json) {
  json.Key("order").BeginObject().Key("amount").Int(payment.amount.kopecks);
  json.Key("currency").String(payment.currency).Key("description").String(payment.description);
  json.Key("tracking_id");
  payment.tracking_id.empty() ? json.Null() : json.String(payment.tracking_id);
  json.EndObject();
}

}  // namespace

Checkouts::Checkouts(cloud::Cloud& cloud, Book& book) : cloud_(cloud), book_(book) {}

base::Status Checkouts::Load(const Shop& shop) {
  for (const cloud::Record& record : cloud_.ledger->records()) {
    if (record.kind != kKind) continue;
    const auto document = base::ParseJson(record.request);
    if (!document) return base::Error{base::Code::kMalformed, "a payment page cannot be read"};
    Complaints ignored;  // it was checked when it came
    Checkout checkout{record.key, ReadCheckoutOrder(document->root(), shop, &ignored),
                      record.registered_at};
    checkouts_.emplace(record.key, std::move(checkout));
  }
  for (const auto& [uid, transaction] : book_.all()) {
    const auto page = checkouts_.find(transaction.checkout_token);
    if (page != checkouts_.end()) page->second.uid = uid;
  }
  return base::Ok();
}

base::Result<const Checkout*> Checkouts::Make(std::string_view body, const Shop& shop,
                                              Complaints* complaints) {
  const auto document = base::ParseJson(body);
  if (!document) {
    complaints->Add("request", "is not JSON");
    complaints->set_status(400);
    return document.error();
  }
  CheckoutOrder order = ReadCheckoutOrder(document->root(), shop, complaints);
  // It is kept as it came.
  if (!protocol::FindCardData(document->root(), "").empty()) {
    complaints->Add("base", "Card data do not belong here");
  }
  if (!complaints->empty()) return base::Error{base::Code::kInvalid, complaints->Message()};
  cloud::Record record;
  record.key = base::HexEncode(base::RandomBytes(kTokenBytes));
  record.kind = kKind;
  record.request = body;
  record.registered_at = record.due_at = cloud_.clock.Now();
  record.fate = cloud::Fate::kNothing;
  Checkout checkout{record.key, std::move(order), record.registered_at};
  const std::string token = record.key;
  if (auto put = cloud_.ledger->Put(std::move(record)); !put) return put.error();
  return &checkouts_.emplace(token, std::move(checkout)).first->second;
}

const Checkout* Checkouts::Find(const std::string& token) const {
  const auto found = checkouts_.find(token);
  return found == checkouts_.end() ? nullptr : &found->second;
}

bool Checkouts::IsExpired(const Checkout& checkout) const {
  const auto age = cloud_.clock.Now() - checkout.made_at;
  return checkout.uid.empty() && age >= std::chrono::seconds(cloud_.numbers.Get(kExpireS));
}

base::Status Checkouts::Decide(const std::string& token, Press press) {
  const auto found = checkouts_.find(token);
  if (found == checkouts_.end()) return base::Ok();
  Checkout& checkout = found->second;
  if (!checkout.uid.empty() || checkout.cancelled || IsExpired(checkout)) return base::Ok();
  if (press == Press::kCancel) {
    checkout.cancelled = true;
    return base::Ok();
  }
  Submitted submitted{checkout.order.payment, false};
  submitted.transaction.checkout_token = token;
  submitted.transaction.card = CardOf(token);
  submitted.transaction.plan = press == Press::kPay ? Plan::kApprove : Plan::kDecline;
  Complaints none;
  const auto view = book_.Submit(std::move(submitted), &none);
  if (!view) return view.error();
  checkout.uid = view->transaction.uid;
  return base::Ok();
}

std::string MadeBody(const Checkout& checkout, const Site& site) {
  base::JsonWriter json;
  json.BeginObject().Key("checkout").BeginObject().Key("token").String(checkout.token);
  json.Key("redirect_url").String(site.public_url + "/v2/checkout?token=" + checkout.token);
  json.EndObject().EndObject();
  return json.Take();
}

std::string CheckoutBody(const Checkout& checkout, bool is_expired, const View* view,
                         const Site& site) {
  const std::string_view status = StatusOf(checkout, is_expired, view);
  base::JsonWriter json;
  json.BeginObject().Key("checkout").BeginObject().Key("token").String(checkout.token);
  json.Key("redirect_url").String(site.public_url + "/v2/checkout?token=" + checkout.token);
  json.Key("shop_id").String(site.shop.id);
  json.Key("transaction_type").String(KindName(checkout.order.kind));
  json.Key("test").Bool(checkout.order.payment.test).Key("status");
  status.empty() ? json.Null() : json.String(status);
  json.Key("finished").Bool(view != nullptr).Key("expired").Bool(is_expired);
  WriteOrder(checkout.order.payment, json);
  json.Key("gateway_response");
  if (view == nullptr) {
    json.Null();
  } else {
    WriteTransaction(*view, site, &json.BeginObject().Key(KindName(checkout.order.kind)));
    json.EndObject();
  }
  json.EndObject().EndObject();
  return json.Take();
}

std::string ReturnAddress(const Checkout& checkout, const View* view) {
  const CheckoutOrder& order = checkout.order;
  const auto first = [&order](const std::string& a, const std::string& b) {
    return a.empty() ? (b.empty() ? order.return_url : b) : a;
  };
  if (view == nullptr) return first(order.cancel_url, "");
  const bool is_paid = view->transaction.status == Status::kSuccessful;
  return WithParameters(
      is_paid ? first(order.success_url, "") : first(order.decline_url, order.fail_url),
      {{"token", checkout.token},
       {"status", std::string(StatusName(view->transaction.status))},
       {"uid", view->transaction.uid}});
}

std::string ReturnAddress(const View& view) {
  return WithParameters(view.transaction.return_url,
                        {{"status", std::string(StatusName(view.transaction.status))},
                         {"uid", view.transaction.uid}});
}

}  // namespace fiscalgate::emulator::begateway
