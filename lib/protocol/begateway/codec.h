// The wire form of beGateway towards the shop's side: transactions with fiscalization by card token
// or alternative method, the token of the provider's own payment page, and questions. For the
// provider (writes requests) and the emulator. What comes back is in answer.h. Pure; any thread.
// README.md has the certainty of each line.
//
// No card data: a request whose body would hold any is an Error that does not quote it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/base/decimal.h"
#include "lib/base/result.h"
#include "lib/http/message.h"
#include "lib/protocol/begateway/fiscalization.h"
#include "lib/protocol/begateway/profile.h"

namespace fiscalgate::protocol::begateway {

// Of one register.
struct Account {
  std::string gateway_url, checkout_url, api_url;  // of a profile, or the register's own
  std::string shop_id;
  base::Secret secret_key;
  bool test = false;
};
Account AccountOf(const Profile& profile, std::string shop_id, base::Secret secret_key);
// Errors: kInvalid: which setting is missing.
base::Status CheckAccount(const Account& account);

enum class Operation {
  kPayment,
  kAuthorization,  // holds the money; its capture takes it and may be fiscalised
  kCapture,
  kVoid,
  kRefund,
};
std::string_view OperationName(Operation operation);  // "payment", as answers call it

// Members that are "" are left out. The order of the texts is that of the documents' sample.
using Texts = std::vector<std::pair<std::string, std::string>>;

struct TransactionRequest {
  Operation operation = Operation::kPayment;
  base::Money amount;  // sent in kopecks
  std::string currency = "RUB";
  std::string description;  // at most 255
  std::string tracking_id;  // at most 255; not unique there: see FindOurs
  std::string language;
  std::string notification_url, return_url;
  Texts billing_address;  // first_name, last_name, country, city, state, zip, address, phone
  std::string card_token;
  Texts method;            // instead of a card: {"type", "erip"} ...; goes to the api's host
  Texts customer;          // email, ip, phone
  std::string parent_uid;  // capture, void, refund
  std::string reason;      // refund: required there
  // Of cards. The provider refuses the same sum of the same card, or of the same parent, within
  // half a minute.
  bool duplicate_check = true;
  std::optional<Fiscalization> fiscalization;
};

// POST. `request_id` is the header RequestID: for 24 hours the same id is one request (documented,
// for host-to-host transactions only; for alternative methods nothing says so). Errors: kInvalid:
// what is missing or too long, an amount that the positions do not come to, card data.
base::Result<http::Request> SubmitRequest(const Account& account, const TransactionRequest& request,
                                          std::string_view request_id);

// A payment page of the provider: the answer has a token and the address for the buyer.
struct CheckoutRequest {
  Operation operation = Operation::kPayment;  // or kAuthorization
  base::Money amount;
  std::string currency = "RUB";
  std::string description, tracking_id, language;
  std::string success_url, decline_url, fail_url, cancel_url, notification_url;
  Texts customer;
  std::optional<Fiscalization> fiscalization;  // in the checkout: inferred for Orange Data
};
base::Result<http::Request> CheckoutTokenRequest(const Account& account,
                                                 const CheckoutRequest& request);

// GET, without Content-Type, which the gateway refuses.
enum class Api { kCards, kAlternative };
http::Request ByUid(const Account& account, Api api, std::string_view uid);
http::Request ByTrackingId(const Account& account, Api api, std::string_view tracking_id);
http::Request CheckoutStatusRequest(const Account& account, std::string_view token);

}  // namespace fiscalgate::protocol::begateway
