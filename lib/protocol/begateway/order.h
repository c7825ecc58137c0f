// What the card command of a package asks for: which way the money goes, and what the provider is
// to be told of it. Plain values; pure; any thread.
//
// The data of bnkCardPayment: "sum", and one of "card_token", "method" ({"type", ...}),
// "authorization_uid" (of money held before), or none of them: the buyer pays on the provider's
// page. Of bnkCardReturn: "sum", "rrn" (the uid of the payment, as its result had it), "reason",
// and "method" if it was no card. Of both: "description", "language", "return_url", "customer",
// "billing_address". Anything else is a fault.
#pragma once

#include <string>

#include "lib/base/json.h"
#include "lib/ffd/fault.h"
#include "lib/protocol/begateway/codec.h"
#include "lib/protocol/begateway/merchant.h"

namespace fiscalgate::protocol::begateway {

struct Order {
  Operation operation = Operation::kPayment;
  bool is_page = false;  // the buyer chooses how to pay on the provider's page
  std::string card_token, parent_uid, reason;
  std::string description, language, return_url;
  Texts method, customer, billing_address;

  Api api() const { return method.empty() ? Api::kCards : Api::kAlternative; }
};

// `path` is where the data stand; faults may be nullptr where they were found none before.
Order ReadOrder(const base::JsonValue& data, bool is_return, const std::string& path,
                ffd::Faults* faults);

struct RequestKey {
  std::string_view request_id;
  int round = 1;  // later ones have another external id too
};
// The first request of the conversation: a transaction, or a page. Errors: those of the codec, and
// of what cannot be written (any more).
base::Result<http::Request> FirstRequest(const Merchant& merchant, const Order& order,
                                         const ffd::Receipt& receipt, const task::Task& task,
                                         const RequestKey& key);

}  // namespace fiscalgate::protocol::begateway
