#include "lib/protocol/begateway/outcome.h"

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/bit/driver_errors.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::protocol::begateway {
namespace {

using task::CommandResult;
using task::CommandState;

void Text(std::string_view key, std::string_view text, base::JsonWriter* json) {
  if (!text.empty()) json->Key(key).String(text);
}

// For the shop's papers, as a terminal would print it.
std::string SlipOf(const Transaction& transaction, bool is_return) {
  std::string slip = is_return ? "ВОЗВРАТ\n" : "ОПЛАТА\n";
  slip += "СУММА: " + base::FormatMoney(transaction.amount) + " " + transaction.currency + "\n";
  slip += "ОПЕРАЦИЯ: " + transaction.uid + "\n";
  if (!transaction.rrn.empty()) slip += "RRN: " + transaction.rrn + "\n";
  if (!transaction.auth_code.empty()) slip += "КОД АВТОРИЗАЦИИ: " + transaction.auth_code + "\n";
  if (transaction.test) slip += "ТЕСТОВАЯ ОПЕРАЦИЯ\n";
  return slip;
}

// "rrn" is what a return of this payment has to name.
std::string CardWords(const Transaction& transaction, bool is_return) {
  base::JsonWriter json;
  json.BeginObject().Key("rrn").String(transaction.uid);
  Text("bank_rrn", transaction.rrn, &json);
  Text("auth_code", transaction.auth_code, &json);
  Text("ref_id", transaction.ref_id, &json);
  Text("receipt_url", transaction.receipt_url, &json);
  json.Key("slip").String(SlipOf(transaction, is_return)).EndObject();
  return json.Take();
}

// What the provider passed on of the fiscal service, unless there is something in it that must not
// be kept, or too much.
void ReceiptInfo(const std::string& info, base::JsonWriter* json) {
  if (info.empty() || info.size() > base::kKeptEvidenceBytes) return;
  const auto document = base::ParseJson(info);
  if (!document.ok() || !FindCardData(document->root(), "").empty()) return;
  json->Key("receipt_info").Raw(info);
}

std::string ReceiptWords(const Fiscal& fiscal) {
  base::JsonWriter json;
  json.BeginObject();
  Text("fiscalization_id", fiscal.id, &json);
  Text("fiscalization_status", fiscal.status, &json);
  Text("ofd_qr_code", fiscal.ofd_qr_code, &json);
  Text("ofd_link", fiscal.ofd_link, &json);
  ReceiptInfo(fiscal.receipt_info, &json);
  json.EndObject();
  return json.Take();
}

CommandResult Card(const CloudPackage& package, CommandState state, std::string text,
                   std::string raw = {}) {
  return ResultOf(*package.card_command, state, std::move(text), std::move(raw));
}

CommandResult CardDone(const CloudPackage& package, const Transaction& transaction) {
  return Card(package, CommandState::kDone, transaction.message,
              CardWords(transaction, package.is_card_return));
}

}  // namespace

task::Outcome DoneOutcome(const CloudPackage& package, const Transaction& transaction) {
  ffd::FiscalMark mark = *transaction.fiscal.mark;
  CompleteMark(*package.receipt, &mark);
  task::Outcome outcome;
  outcome.state = task::State::kDone;
  outcome.commands.push_back(CardDone(package, transaction));
  outcome.commands.push_back(ResultOf(package.receipt_command, CommandState::kDone,
                                      transaction.fiscal.message, ReceiptWords(transaction.fiscal),
                                      std::move(mark)));
  return outcome;
}

task::Outcome NotPaidOutcome(const CloudPackage& package, std::string error,
                             std::string_view error_code) {
  task::Outcome outcome;
  outcome.state = task::State::kFailed;
  outcome.error = base::Truncate(error, base::kMaxErrorBytes);
  const bit::DriverError* const known = bit::FindDriverError(error_code);
  if (known != nullptr) outcome.error_code = known->code;
  if (known != nullptr) outcome.error_class = known->error_class;
  outcome.commands.push_back(Card(package, CommandState::kFailed, outcome.error));
  outcome.commands.push_back(ResultOf(package.receipt_command, CommandState::kNotRun, ""));
  return outcome;
}

task::Outcome NotPrintedOutcome(const CloudPackage& package, const Transaction& transaction,
                                std::string_view why) {
  const Fiscal& fiscal = transaction.fiscal;
  std::string said = fiscal.message.empty() ? std::string(why) : fiscal.message;
  if (!fiscal.code.empty()) said += " (" + fiscal.code + ")";
  const bit::DriverError& known = bit::ClassifyDriverError(said);
  task::Outcome outcome;
  outcome.state = task::State::kFailed;
  outcome.error = base::Truncate((package.is_card_return ? "деньги возвращены, чек не пробит: "
                                                         : "оплачено, чек не пробит: ") +
                                     said,
                                 base::kMaxErrorBytes);
  outcome.error_code = known.code;
  outcome.error_class = known.error_class;
  outcome.commands.push_back(CardDone(package, transaction));
  outcome.commands.push_back(
      ResultOf(package.receipt_command, CommandState::kFailed, said, ReceiptWords(fiscal)));
  return outcome;
}

task::Outcome UnknownOutcome(const CloudPackage* package, std::string error,
                             const std::string& paid_uid) {
  task::Outcome outcome;
  outcome.state = task::State::kUnknown;
  outcome.error = base::Truncate(error, base::kMaxErrorBytes);
  if (package == nullptr || paid_uid.empty()) return outcome;
  base::JsonWriter json;
  json.BeginObject().Key("rrn").String(paid_uid).EndObject();
  outcome.commands.push_back(Card(*package, CommandState::kDone, "", json.Take()));
  return outcome;
}

std::string RefusalText(const Answer& answer) {
  std::string text = answer.message;
  for (const AnswerError& error : answer.errors) {
    // The message mostly is the errors' texts already.
    if (text.size() >= base::kMaxErrorBytes || text.find(error.text) != std::string::npos) continue;
    text +=
        (text.empty() ? "" : "; ") + error.field + (error.field.empty() ? "" : ": ") + error.text;
  }
  if (!answer.code.empty()) text += " (" + answer.code + ")";
  return KeptText(text.empty() ? "причина не названа" : text);
}

}  // namespace fiscalgate::protocol::begateway
