#include "lib/protocol/begateway/order.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/path.h"
#include "lib/http/url.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;
using ffd::FaultCode;
using ffd::Path;

constexpr std::size_t kMaxText = 255, kMaxTexts = 20;
constexpr std::string_view kReason = "Возврат покупателю";
constexpr std::array<std::string_view, 8> kAddress = {
    "first_name", "last_name", "country", "city", "state", "zip", "address", "phone"};
constexpr std::array<std::string_view, 3> kCustomer = {"email", "ip", "phone"};

// Reads the members of one object; what is wrong with them becomes faults.
class Reader {
 public:
  Reader(const JsonValue& data, const std::string& path, ffd::FaultSink* sink)
      : data_(data), path_(path), sink_(sink) {}

  std::string Text(std::string_view key, const Path& here, const JsonValue& value) {
    if (!value.is_string()) {
      Fault(here, FaultCode::kWrongType, key);
    } else if (value.text.size() > kMaxText) {
      Fault(here, FaultCode::kTooLong, std::to_string(kMaxText));
    } else {
      return std::string(value.text);
    }
    return {};
  }
  std::string Text(std::string_view key) {
    const JsonValue* const value = Given(key);
    return value == nullptr ? std::string() : Text(key, Path(Path(path_), key), *value);
  }
  std::string Url(std::string_view key) {
    const JsonValue* const value = Given(key);
    if (value == nullptr) return {};
    const Path root(path_), here(root, key);
    if (value->is_string() && http::Url::Parse(value->text).ok()) return std::string(value->text);
    Fault(here, FaultCode::kWrongType, "URL");
    return {};
  }
  // In the order of `known`; as posted if there is no such list.
  Texts Group(std::string_view key, std::span<const std::string_view> known) {
    const JsonValue* const group = Given(key);
    if (group == nullptr) return {};
    const Path root(path_), here(root, key);
    if (!group->is_object() || group->members.size() > kMaxTexts) {
      Fault(here, FaultCode::kWrongType, "object");
      return {};
    }
    Texts texts;
    for (const auto& [name, value] : group->members) {
      const bool is_known =
          known.empty() || std::find(known.begin(), known.end(), name) != known.end();
      const Path member(here, name);
      if (!is_known) Fault(member, FaultCode::kNotExpressible, {});
      if (!is_known || value.is_null()) continue;
      texts.emplace_back(std::string(name), Text(name, member, value));
    }
    std::stable_sort(texts.begin(), texts.end(), [&](const auto& a, const auto& b) {
      return std::find(known.begin(), known.end(), a.first) <
             std::find(known.begin(), known.end(), b.first);
    });
    return texts;
  }
  void Fault(const Path& here, FaultCode code, std::string_view detail) {
    if (sink_ != nullptr) sink_->Add(here, code, detail);
  }
  void Fault(std::string_view key, FaultCode code, std::string_view detail) {
    const Path root(path_);
    Fault(Path(root, key), code, detail);
  }
  // No member but these.
  void Allow(std::span<const std::string_view> keys) {
    for (const auto& [key, value] : data_.members) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        Fault(key, FaultCode::kNotExpressible, {});
      }
    }
  }

 private:
  const JsonValue* Given(std::string_view key) const {
    const JsonValue* const value = data_.Find(key);
    const bool is_empty = value == nullptr || value->is_null() ||
                          (value->is_string() && base::Trim(value->text).empty());
    return is_empty ? nullptr : value;
  }
  const JsonValue& data_;
  const std::string& path_;
  ffd::FaultSink* const sink_;
};

void ReadReturn(Reader& reader, Order* order) {
  constexpr std::array<std::string_view, 9> kMembers = {
      "sum",      "rrn",        "reason",   "method",         "description",
      "language", "return_url", "customer", "billing_address"};
  reader.Allow(kMembers);
  order->operation = Operation::kRefund;
  order->parent_uid = reader.Text("rrn");
  order->reason = reader.Text("reason");
  if (order->reason.empty()) order->reason = kReason;
}

void ReadPayment(Reader& reader, Order* order) {
  constexpr std::array<std::string_view, 9> kMembers = {
      "sum",      "card_token", "authorization_uid", "method",         "description",
      "language", "return_url", "customer",          "billing_address"};
  reader.Allow(kMembers);
  order->card_token = reader.Text("card_token");
  order->parent_uid = reader.Text("authorization_uid");
  const int ways = static_cast<int>(!order->card_token.empty()) +
                   static_cast<int>(!order->parent_uid.empty()) +
                   static_cast<int>(!order->method.empty());
  if (ways > 1) {
    reader.Fault(order->parent_uid.empty() ? "card_token" : "authorization_uid",
                 FaultCode::kNotExpressible, {});
  }
  order->is_page = ways == 0;
  if (!order->parent_uid.empty()) order->operation = Operation::kCapture;
}

// The provider sends the receipt to whom it knows as the customer.
Texts CustomerOf(const Order& order, const ffd::Receipt& receipt) {
  const std::string& contact = receipt.buyer_contact_1008;
  const std::string_view key = contact.find('@') == std::string::npos ? "phone" : "email";
  Texts customer = order.customer;
  const auto found = std::find_if(customer.begin(), customer.end(),
                                  [&](const auto& text) { return text.first == key; });
  if (found != customer.end()) {
    found->second = contact;
  } else {
    customer.emplace_back(key, contact);
  }
  return customer;
}

std::string DescriptionOf(const Order& order, const task::Task& task) {
  if (!order.description.empty()) return order.description;
  const bool may_be_told = !task.order_id.empty() && !HasCardNumber(task.order_id);
  return may_be_told ? "Заказ " + task.order_id : "Заказ";
}

base::Result<http::Request> PageRequest(const Merchant& merchant, const Order& order,
                                        const ffd::Receipt& receipt, const task::Task& task,
                                        Fiscalization fiscalization) {
  CheckoutRequest request;
  request.amount = receipt.Total();
  request.currency = merchant.currency;
  request.description = DescriptionOf(order, task);
  request.tracking_id = task.id;
  request.language = order.language.empty() ? merchant.language : order.language;
  const std::string& back = order.return_url.empty() ? merchant.return_url : order.return_url;
  request.success_url = request.decline_url = request.fail_url = request.cancel_url = back;
  request.notification_url = merchant.notification_url;
  request.customer = CustomerOf(order, receipt);
  request.fiscalization = std::move(fiscalization);
  return CheckoutTokenRequest(merchant.wire, request);
}

}  // namespace

Order ReadOrder(const JsonValue& data, bool is_return, const std::string& path,
                ffd::Faults* faults) {
  ffd::FaultSink sink(faults);
  Reader reader(data, path, faults == nullptr ? nullptr : &sink);
  Order order;
  order.method = reader.Group("method", {});
  const bool has_type = std::any_of(order.method.begin(), order.method.end(), [](const auto& text) {
    return text.first == "type" && !text.second.empty();
  });
  if (!order.method.empty() && !has_type) {
    reader.Fault("method", FaultCode::kMissing, "type");
  }
  is_return ? ReadReturn(reader, &order) : ReadPayment(reader, &order);
  order.description = reader.Text("description");
  order.language = reader.Text("language");
  order.return_url = reader.Url("return_url");
  order.customer = reader.Group("customer", kCustomer);
  order.billing_address = reader.Group("billing_address", kAddress);
  return order;
}

base::Result<http::Request> FirstRequest(const Merchant& merchant, const Order& order,
                                         const ffd::Receipt& receipt, const task::Task& task,
                                         const RequestKey& key) {
  const std::string external_id =
      key.round == 1 ? task.id : task.id + "-" + std::to_string(key.round);
  auto fiscalization =
      ToFiscalization(receipt, merchant.mapping, external_id, merchant.operator_group);
  if (!fiscalization.ok()) return fiscalization.error();
  if (order.is_page) {
    return PageRequest(merchant, order, receipt, task, std::move(fiscalization).value());
  }
  TransactionRequest request;
  request.operation = order.operation;
  request.amount = receipt.Total();
  request.currency = merchant.currency;
  request.description = DescriptionOf(order, task);
  request.tracking_id = task.id;
  request.language = order.language.empty() ? merchant.language : order.language;
  request.notification_url = merchant.notification_url;
  request.return_url = order.return_url.empty() ? merchant.return_url : order.return_url;
  request.billing_address = order.billing_address;
  request.card_token = order.card_token;
  request.method = order.method;
  request.customer = CustomerOf(order, receipt);
  request.parent_uid = order.parent_uid;
  request.reason = order.reason;
  // Two orders may be of one card and one sum; that each is paid once is seen to here.
  request.duplicate_check = order.api() != Api::kCards;
  request.fiscalization = std::move(fiscalization).value();
  return SubmitRequest(merchant.wire, request, key.request_id);
}

}  // namespace fiscalgate::protocol::begateway
