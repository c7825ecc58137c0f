#include <algorithm>

#include "lib/base/text.h"
#include "lib/protocol/begateway/codec.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonWriter;

constexpr std::size_t kMaxText = 255;

base::Error Invalid(std::string_view what) {
  return {base::Code::kInvalid, "beGateway: " + std::string(what)};
}

std::string Url(std::string_view host, std::string_view path) {
  while (host.ends_with('/')) host.remove_suffix(1);
  return std::string(host).append(path);
}

http::Request Authorized(const Account& account, const char* method, std::string url) {
  http::Request request;
  request.method = method;
  request.url = std::move(url);
  const base::Secret pair(account.shop_id + ":" + account.secret_key.Reveal());
  request.headers = {{"Authorization", "Basic " + base::Base64Encode(pair.Reveal())},
                     {"Accept", "application/json"}};
  return request;
}

base::Result<http::Request> Post(const Account& account, std::string url, std::string body) {
  const auto document = base::ParseJson(body);
  if (!document.ok()) return Invalid("the request is too large");
  if (!FindCardData(document->root(), "").empty()) return Invalid("card data are never sent");
  http::Request request = Authorized(account, "POST", std::move(url));
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

std::string_view PathOf(Operation operation) {
  switch (operation) {
    case Operation::kAuthorization:
      return "/transactions/authorizations";
    case Operation::kCapture:
      return "/transactions/captures";
    case Operation::kVoid:
      return "/transactions/voids";
    case Operation::kRefund:
      return "/transactions/refunds";
    case Operation::kPayment:
      break;
  }
  return "/transactions/payments";
}

bool IsFirst(Operation operation) {
  return operation == Operation::kPayment || operation == Operation::kAuthorization;
}

base::Status CheckAmount(base::Money amount, const std::optional<Fiscalization>& fiscalization) {
  if (amount.kopecks <= 0) return Invalid("the amount is not above zero");
  if (!fiscalization) return base::Ok();
  base::Money sum;
  for (const Position& position : fiscalization->positions) sum = sum + position.amount;
  if (sum != amount) return Invalid("the positions do not come to the amount");
  return base::Ok();
}

base::Status Check(const TransactionRequest& request) {
  if (auto status = CheckAmount(request.amount, request.fiscalization); !status.ok()) return status;
  const bool is_long =
      request.description.size() > 4 * kMaxText || request.tracking_id.size() > kMaxText;
  if (is_long) return Invalid("the description or the tracking id is too long");
  if (!IsFirst(request.operation)) {
    if (request.parent_uid.empty()) return Invalid("the uid of the first transaction is missing");
    const bool is_bare = request.operation == Operation::kRefund && request.reason.empty();
    return is_bare ? base::Status(Invalid("a refund needs a reason")) : base::Ok();
  }
  if (request.description.empty() || request.currency.empty()) {
    return Invalid("the description or the currency is missing");
  }
  if (request.card_token.empty() == request.method.empty()) {
    return Invalid("a card token or an alternative method is needed, and not both");
  }
  return base::Ok();
}

void Text(std::string_view key, const std::string& text, JsonWriter& json) {
  if (!text.empty()) json.Key(key).String(text);
}

void Group(std::string_view key, const Texts& texts, JsonWriter& json) {
  if (texts.empty()) return;
  json.Key(key).BeginObject();
  for (const auto& [name, text] : texts) Text(name, text, json);
  json.EndObject();
}

void WriteFiscal(const std::optional<Fiscalization>& fiscalization, JsonWriter& json) {
  if (fiscalization) WriteFiscalization(*fiscalization, &json.Key("fiscalization"));
}

void WriteFirst(const Account& account, const TransactionRequest& request, JsonWriter& json) {
  // A text in the documents' sample, a number in the other operations'.
  json.Key("amount").String(std::to_string(request.amount.kopecks));
  Text("currency", request.currency, json);
  Text("description", request.description, json);
  Text("tracking_id", request.tracking_id, json);
  Text("language", request.language, json);
  json.Key("test").Bool(account.test);
  Text("notification_url", request.notification_url, json);
  Text("return_url", request.return_url, json);
  Group("billing_address", request.billing_address, json);
  if (!request.card_token.empty()) {
    json.Key("credit_card").BeginObject().Key("token").String(request.card_token).EndObject();
  }
  Group("method", request.method, json);
  Group("customer", request.customer, json);
}

void WriteNext(const TransactionRequest& request, JsonWriter& json) {
  json.Key("parent_uid").String(request.parent_uid);
  json.Key("amount").Int(request.amount.kopecks);
  Text("reason", request.reason, json);
  Text("tracking_id", request.tracking_id, json);
  Text("notification_url", request.notification_url, json);
}

void WriteSettings(const CheckoutRequest& request, JsonWriter& json) {
  json.Key("settings").BeginObject();
  Text("success_url", request.success_url, json);
  Text("decline_url", request.decline_url, json);
  Text("fail_url", request.fail_url, json);
  Text("cancel_url", request.cancel_url, json);
  Text("notification_url", request.notification_url, json);
  Text("language", request.language, json);
  json.EndObject();
}

}  // namespace

Account AccountOf(const Profile& profile, std::string shop_id, base::Secret secret_key) {
  Account account;
  account.gateway_url = profile.gateway;
  account.checkout_url = profile.checkout;
  account.api_url = profile.api;
  account.shop_id = std::move(shop_id);
  account.secret_key = std::move(secret_key);
  return account;
}

base::Status CheckAccount(const Account& account) {
  if (account.gateway_url.empty() || account.checkout_url.empty() || account.api_url.empty()) {
    return Invalid("an address is missing");
  }
  if (account.shop_id.empty() || account.shop_id.find(':') != std::string::npos) {
    return Invalid("the shop's id is missing or has a colon");
  }
  if (account.secret_key.empty()) return Invalid("the secret key is missing");
  return base::Ok();
}

std::string_view OperationName(Operation operation) {
  switch (operation) {
    case Operation::kAuthorization:
      return "authorization";
    case Operation::kCapture:
      return "capture";
    case Operation::kVoid:
      return "void";
    case Operation::kRefund:
      return "refund";
    case Operation::kPayment:
      break;
  }
  return "payment";
}

base::Result<http::Request> SubmitRequest(const Account& account, const TransactionRequest& request,
                                          std::string_view request_id) {
  if (auto status = Check(request); !status.ok()) return status.error();
  if (request_id.empty() || request_id.size() > kMaxText) return Invalid("no request id");
  JsonWriter json;
  json.BeginObject().Key("request").BeginObject();
  if (IsFirst(request.operation)) {
    WriteFirst(account, request, json);
  } else {
    WriteNext(request, json);
  }
  if (!request.duplicate_check) json.Key("duplicate_check").Bool(false);
  WriteFiscal(request.fiscalization, json);
  json.EndObject().EndObject();
  const bool is_alternative = !request.method.empty();
  const std::string host = is_alternative ? Url(account.api_url, "/beyag") : account.gateway_url;
  auto out = Post(account, Url(host, PathOf(request.operation)), json.Take());
  if (out.ok()) out->headers.emplace_back("RequestID", std::string(request_id));
  return out;
}

base::Result<http::Request> CheckoutTokenRequest(const Account& account,
                                                 const CheckoutRequest& request) {
  if (!IsFirst(request.operation)) return Invalid("a page can only pay or authorize");
  if (auto status = CheckAmount(request.amount, request.fiscalization); !status.ok()) {
    return status.error();
  }
  if (request.description.empty()) return Invalid("the description is missing");
  JsonWriter json;
  json.BeginObject().Key("checkout").BeginObject();
  json.Key("test").Bool(account.test);
  json.Key("transaction_type").String(OperationName(request.operation));
  WriteSettings(request, json);
  json.Key("order").BeginObject();
  json.Key("currency").String(request.currency);
  json.Key("amount").Int(request.amount.kopecks);
  json.Key("description").String(request.description);
  Text("tracking_id", request.tracking_id, json);
  json.EndObject();
  Group("customer", request.customer, json);
  WriteFiscal(request.fiscalization, json);
  json.EndObject().EndObject();
  auto out = Post(account, Url(account.checkout_url, "/ctp/api/checkouts"), json.Take());
  if (out.ok()) out->headers.emplace_back("X-API-Version", "2");
  return out;
}

http::Request ByUid(const Account& account, Api api, std::string_view uid) {
  const std::string id = base::PercentEncode(uid);
  return Authorized(account, "GET",
                    api == Api::kCards ? Url(account.gateway_url, "/transactions/") + id
                                       : Url(account.api_url, "/beyag/transactions/") + id);
}

http::Request ByTrackingId(const Account& account, Api api, std::string_view tracking_id) {
  const std::string id = base::PercentEncode(tracking_id);
  return Authorized(account, "GET",
                    api == Api::kCards
                        ? Url(account.gateway_url, "/v2/transactions/tracking_id/") + id
                        : Url(account.api_url, "/beyag/transactions/tracking_id/") + id);
}

http::Request CheckoutStatusRequest(const Account& account, std::string_view token) {
  http::Request request =
      Authorized(account, "GET",
                 Url(account.checkout_url, "/ctp/api/checkouts/") + base::PercentEncode(token));
  request.headers.emplace_back("X-API-Version", "2");
  return request;
}

}  // namespace fiscalgate::protocol::begateway
