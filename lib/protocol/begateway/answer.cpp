#include "lib/protocol/begateway/answer.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/begateway/transaction_reader.h"
#include "lib/protocol/json_pointer.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;

constexpr std::size_t kMaxErrors = 50, kMaxTransactions = 100;

// "errors": texts, lists of texts, or objects of such, to any depth the JSON reader takes.
void ReadErrors(const JsonValue& value, const std::string& field, std::vector<AnswerError>* out) {
  if (out->size() >= kMaxErrors) return;
  const std::string_view text = ScalarText(&value);
  if (!text.empty()) out->push_back({KeptText(field), KeptText(text)});
  for (const JsonValue& item : value.items) ReadErrors(item, field, out);
  for (const auto& [key, member] : value.members) {
    ReadErrors(member, field + (field.empty() ? "" : "/") + std::string(key), out);
  }
}

// {"response": {"message", "errors"}} of the older kind, {"message", "errors", "code" or
// "error_code"} of the newer. False if it is neither.
bool ReadRefusal(const JsonValue& root, Answer* answer) {
  const JsonValue* const older = root.Find("response");
  const JsonValue& body = older != nullptr && older->is_object() ? *older : root;
  answer->message = KeptText(ScalarText(body.Find("message")));
  answer->code = KeptText(ScalarText(body.Find("code")));
  if (answer->code.empty()) answer->code = KeptText(ScalarText(body.Find("error_code")));
  if (const JsonValue* errors = body.Find("errors")) ReadErrors(*errors, "", &answer->errors);
  if (answer->message.empty())
    answer->message = KeptText(ScalarText(body.Find("friendly_message")));
  return !answer->message.empty() || !answer->errors.empty();
}

bool ReadOne(const JsonValue& object, Answer* answer) {
  auto transaction = ReadTransaction(object);
  if (!transaction) return false;
  answer->transactions.push_back(std::move(*transaction));
  answer->kind = AnswerKind::kTransactions;
  return true;
}

// A list is only understood as a whole: the one that cannot be read may be ours.
bool ReadList(const JsonValue& list, Answer* answer) {
  if (!list.is_array() || list.items.size() > kMaxTransactions) return false;
  for (const JsonValue& item : list.items) {
    const JsonValue* const inner = item.Find("transaction");
    if (!ReadOne(inner == nullptr ? item : *inner, answer)) {
      answer->transactions.clear();
      answer->kind = AnswerKind::kUnclear;
      return false;
    }
  }
  answer->kind = AnswerKind::kTransactions;
  return true;
}

bool Flag(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = object.Find(key);
  return value != nullptr && value->boolean;
}

bool ReadCheckout(const JsonValue& object, Answer* answer) {
  Checkout& checkout = answer->checkout;
  checkout.token = KeptText(ScalarText(object.Find("token")));
  if (checkout.token.empty()) return false;
  checkout.redirect_url = AddressOf(object.Find("redirect_url"));
  checkout.status = KeptText(ScalarText(object.Find("status")));
  checkout.message = KeptText(ScalarText(object.Find("message")));
  checkout.is_finished = Flag(object, "finished");
  checkout.is_expired = Flag(object, "expired") || checkout.status == "expired";
  for (const char* place : {"/gateway_response/payment/uid", "/gateway_response/authorization/uid",
                            "/gateway_response/uid", "/transaction/uid"}) {
    if (checkout.uid.empty()) checkout.uid = KeptText(ScalarText(FindAt(object, place)));
  }
  answer->kind = AnswerKind::kCheckout;
  return true;
}

bool ReadSuccess(const JsonValue& root, Answer* answer) {
  if (const JsonValue* one = root.Find("transaction")) return ReadOne(*one, answer);
  if (const JsonValue* list = root.Find("transactions")) return ReadList(*list, answer);
  if (const JsonValue* checkout = root.Find("checkout")) return ReadCheckout(*checkout, answer);
  return ReadOne(root, answer);  // the third version's answers are flat
}

AnswerKind KindOf(int status, bool is_refusal) {
  switch (status) {
    case 401:
    case 403:
      return AnswerKind::kUnauthorized;
    case 425:
    case 429:
    case 503:
      return AnswerKind::kBusy;
    case 404:
      return is_refusal ? AnswerKind::kNotFound : AnswerKind::kUnclear;
    default:
      break;
  }
  const bool is_told = status == 200 || status == 400 || status == 422;
  return is_refusal && is_told ? AnswerKind::kRefused : AnswerKind::kUnclear;
}

// Lower is better.
int Rank(const Transaction& transaction) {
  if (transaction.payment == PaymentState::kSuccessful) return 0;
  return IsFinal(transaction.payment) ? 2 : 1;
}

bool PasswordFits(std::string_view authorization, const Account& account) {
  constexpr std::string_view kBasic = "Basic ";
  if (authorization.size() < kBasic.size() ||
      !base::EqualsIgnoreCase(authorization.substr(0, kBasic.size()), kBasic)) {
    return false;
  }
  const auto pair = base::Base64DecodeLenient(base::Trim(authorization.substr(kBasic.size())));
  const base::Secret expected(account.shop_id + ":" + account.secret_key.Reveal());
  return pair && !account.secret_key.empty() && base::ConstantTimeEqual(*pair, expected.Reveal());
}

}  // namespace

Answer ReadAnswer(const http::Response& response) {
  Answer answer;
  answer.retry_after = RetryAfter(response.headers);
  const auto document = base::ParseJson(response.body);
  if (!document.ok()) {
    answer.kind = KindOf(response.status, false);
    return answer;
  }
  const JsonValue& root = document->root();
  // A declined payment may come with a status of an error: the transaction counts.
  if (response.status < 500 && response.status >= 200 && ReadSuccess(root, &answer)) return answer;
  const bool is_refusal = ReadRefusal(root, &answer);
  answer.kind = KindOf(response.status, is_refusal);
  return answer;
}

const Transaction* FindOurs(const Answer& answer, Operation operation, std::string_view tracking_id,
                            base::Money amount, std::string_view currency) {
  const Transaction* best = nullptr;
  for (const Transaction& one : answer.transactions) {
    const bool is_ours = one.type == OperationName(operation) && one.tracking_id == tracking_id &&
                         one.amount == amount && one.currency == currency;
    // Newest come first (documented): of equals the first stays.
    if (is_ours && (best == nullptr || Rank(one) < Rank(*best))) best = &one;
  }
  return best;
}

Genuineness CheckNotification(const http::Headers& headers, std::string_view body,
                              const Account& account, const base::RsaPublicKey* public_key) {
  const std::string_view signature = http::FindHeader(headers, "Content-Signature");
  if (!signature.empty() && public_key != nullptr) {
    const auto bytes = base::Base64DecodeLenient(signature);
    return bytes && public_key->Verify(body, *bytes) ? Genuineness::kGenuine
                                                     : Genuineness::kWrongSignature;
  }
  const std::string_view authorization = http::FindHeader(headers, "Authorization");
  if (authorization.empty()) return Genuineness::kUnsigned;
  return PasswordFits(authorization, account) ? Genuineness::kGenuine : Genuineness::kWrongPassword;
}

std::optional<Transaction> ReadNotification(std::string_view body) {
  const auto document = base::ParseJson(body);
  if (!document.ok()) return std::nullopt;
  const JsonValue* const inner = document->root().Find("transaction");
  return ReadTransaction(inner == nullptr ? document->root() : *inner);
}

}  // namespace fiscalgate::protocol::begateway
