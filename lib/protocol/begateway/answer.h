// What beGateway answers and notifies: transactions, whose payment and whose receipt are two
// different things, refusals in both generations of their form, and the token of a payment page.
// Pure; any thread. README.md has the certainty of each line.
//
// Everything is hostile: what cannot be understood becomes kUnclear, never "done". Texts that are
// kept hold no card number.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/crypto.h"
#include "lib/base/rsa.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/http/message.h"
#include "lib/protocol/begateway/codec.h"

namespace fiscalgate::protocol::begateway {

enum class PaymentState {
  kSuccessful,
  kIncomplete,  // the buyer has to go to redirect_url (3-D Secure)
  kPending,
  kFailed,   // declined
  kExpired,  // nobody paid in time
  kError,    // error or deleted: in the gateway itself
  kUnclear,  // a status that is not documented: ask again
};
std::string_view PaymentStateName(PaymentState state);
bool IsFinal(PaymentState state);

enum class FiscalState {
  kNone,     // the transaction has no fiscalization
  kPending,  // incomplete or pending
  kDone,     // successful, with drive, number and sign that agree with the rest
  kFailed,   // failed: the fiscal service refused
  kError,    // error, expired or deleted: in the gateway itself
  kUnclear,  // another status; or successful without the marks, or with ones that contradict each
             // other: ask again, and tell the operator
};
std::string_view FiscalStateName(FiscalState state);

struct Fiscal {
  FiscalState state = FiscalState::kNone;
  std::string status, id, external_id, type, code, message;
  std::optional<ffd::FiscalMark> mark;  // of kDone; the total is the answer's own if it says one
  std::string ofd_qr_code, ofd_link;    // addresses, http or https, else ""
  std::string receipt_info;             // as answered, to be kept; "" over kMaxJsonBytes
};

struct Transaction {
  std::string uid, type, status, currency, tracking_id, parent_uid, message, code;
  PaymentState payment = PaymentState::kUnclear;
  base::Money amount;
  bool test = false;
  std::string redirect_url, receipt_url;  // http or https, else ""
  std::string rrn, auth_code, ref_id;     // of the bank, for the shop's slip
  Fiscal fiscal;
};

enum class AnswerKind {
  kTransactions,  // one, or those found by a tracking id (none: an empty list)
  kCheckout,
  kRefused,       // 400, 422, or an error's body under another status below 500: nothing was done
  kNotFound,      // 404 of the gateway itself
  kUnauthorized,  // 401, 403
  kBusy,          // 425, 429, 503
  kUnclear,
};

struct AnswerError {
  std::string field;  // "credit_card/token"; "" of the whole
  std::string text;
};

struct Checkout {
  std::string token, redirect_url;
  // Of a question: "" until somebody has tried to pay.
  std::string status, uid, message;
  bool is_finished = false, is_expired = false;  // nobody can pay there any more
};

struct Answer {
  AnswerKind kind = AnswerKind::kUnclear;
  std::vector<Transaction> transactions;
  Checkout checkout;
  std::string message, code;
  std::vector<AnswerError> errors;
  std::optional<std::chrono::seconds> retry_after;
};
// Of any request of codec.h.
Answer ReadAnswer(const http::Response& response);

// The transaction of ours among those found by a tracking id, which others may have used: of that
// operation, amount and currency. A successful one before one that is under way before the newest
// of the rest; nullptr if there is none.
const Transaction* FindOurs(const Answer& answer, Operation operation, std::string_view tracking_id,
                            base::Money amount, std::string_view currency);

// ---- notifications

enum class Genuineness {
  kGenuine,
  kWrongSignature,
  kWrongPassword,
  kUnsigned,  // neither a signature that can be checked nor a password
};
// A notification with Content-Signature is judged by it alone if the shop's public key is known;
// else its Basic password counts. `body` is the exact bytes that came.
Genuineness CheckNotification(const http::Headers& headers, std::string_view body,
                              const Account& account, const base::RsaPublicKey* public_key);
// The transaction it tells of; nothing if it cannot be understood. Only for a genuine one; it may
// come twice or out of order, and says nothing that a question by uid would not.
std::optional<Transaction> ReadNotification(std::string_view body);

}  // namespace fiscalgate::protocol::begateway
