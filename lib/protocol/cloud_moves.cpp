#include "lib/protocol/cloud_moves.h"

#include <algorithm>
#include <utility>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/bit/commands.h"

namespace fiscalgate::protocol {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::size_t kShortestPart = 6;  // of a secret, to be taken for one

void Replace(std::string_view secret, std::string* text) {
  if (secret.size() < kShortestPart) return;
  for (std::size_t at = text->find(secret); at != std::string::npos; at = text->find(secret, at)) {
    text->replace(at, secret.size(), kHidden);
    at += kHidden.size();
  }
  for (std::size_t part = std::min(secret.size() - 1, text->size()); part >= kShortestPart;
       --part) {
    if (!text->ends_with(secret.substr(0, part))) continue;
    text->replace(text->size() - part, part, kHidden);
    return;
  }
}

bool IsTokenCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

// {"alg" and {"typ" in base64 begin so.
void HideTokens(std::string* text) {
  constexpr std::string_view kBegin = "eyJ";
  for (std::size_t at = text->find(kBegin); at != std::string::npos; at = text->find(kBegin, at)) {
    const auto end = std::find_if_not(text->begin() + static_cast<std::ptrdiff_t>(at), text->end(),
                                      IsTokenCharacter);
    text->replace(text->begin() + static_cast<std::ptrdiff_t>(at), end, kHidden);
    at += kHidden.size();
  }
}

task::CommandResult NamelessResult(task::CommandState state, std::string text) {
  task::CommandResult result;
  result.type = bit::CommandTypeName(bit::CommandType::kReceipt);
  result.state = state;
  result.text = std::move(text);
  return result;
}

}  // namespace

Trouble TroubleOf(std::string_view who, const http::Answer& answer, std::string_view error) {
  Trouble trouble;
  trouble.reason = who;
  const int status = answer.response.status;
  switch (answer.delivery) {
    case http::Delivery::kNotSent:
      trouble.reason += " недоступен: " + answer.error;
      break;
    case http::Delivery::kNoAnswer:
      trouble.reason += " не ответил: " + answer.error;
      break;
    case http::Delivery::kAnswered:
      trouble.reason += " ответил HTTP " + std::to_string(status);
      if (!error.empty()) {
        trouble.reason += ": " + std::string(error);
      } else if (status >= 200 && status < 300) {
        trouble.reason += ": ответ непонятен";
      }
      break;
  }
  trouble.reason = base::Truncate(trouble.reason, base::kMaxErrorBytes);
  trouble.is_services = answer.delivery != http::Delivery::kAnswered || status == 401 ||
                        status == 403 || status == 429 || status >= 500 ||
                        IsWebPage(answer.response.body);
  return trouble;
}

Later AskAgain(const Talk& talk, std::string notes, task::State state, Trouble trouble) {
  base::Milliseconds pause = AskAgainPause(talk.asks);
  if (trouble.retry_after) pause = std::max<base::Milliseconds>(pause, *trouble.retry_after);
  return {std::move(notes), state, pause, std::move(trouble.reason), trouble.is_services};
}

task::State StateOf(const Talk& talk, bool is_taken) {
  const bool waits = is_taken || talk.head.task.state == task::State::kWaiting;
  return waits ? task::State::kWaiting : task::State::kSending;
}

Over Unreadable(const Talk& talk, std::string_view why) {
  return Unknown(talk.head.task.notes, "записи о разговоре с провайдером не читаются (" +
                                           std::string(why) +
                                           "): проверьте у провайдера, напечатан ли чек");
}

Over Unknown(std::string notes, std::string error) {
  Over over;
  over.outcome.state = task::State::kUnknown;
  over.outcome.error = base::Truncate(error, base::kMaxErrorBytes);
  over.outcome.error_class = task::ErrorClass::kCallOperator;
  over.notes = std::move(notes);
  return over;
}

Over Done(const Talk& talk, const task::Register& register_, ffd::FiscalMark mark,
          std::string_view body, std::string notes) {
  const auto package = ReadCloudPackage(talk.head, register_);
  if (package.ok()) {
    return {DoneOutcome(*package, std::move(mark), KeptRaw(body)), std::move(notes)};
  }
  task::Outcome outcome;
  outcome.state = task::State::kDone;
  outcome.commands.push_back(NamelessResult(task::CommandState::kDone, ""));
  outcome.commands.back().mark = std::move(mark);
  return {std::move(outcome), std::move(notes)};
}

Over Failed(const Talk& talk, const task::Register& register_, Failure failure, std::string notes) {
  const auto package = ReadCloudPackage(talk.head, register_);
  if (package.ok()) {
    return {FailedOutcome(*package, std::move(failure.error), std::string(failure.code),
                          failure.error_class),
            std::move(notes)};
  }
  task::Outcome outcome;
  outcome.state = task::State::kFailed;
  outcome.error = base::Truncate(failure.error, base::kMaxErrorBytes);
  outcome.error_code = failure.code;
  outcome.error_class = failure.error_class;
  outcome.commands.push_back(NamelessResult(task::CommandState::kFailed, outcome.error));
  return {std::move(outcome), std::move(notes)};
}

std::string KeptRaw(std::string_view body) {
  if (body.size() > base::kKeptEvidenceBytes) return {};
  // As deep as it will stand within a shop's result.
  const auto within = base::ParseJson("[[" + std::string(body) + "]]");
  const bool is_object = within.ok() && within->root().items.size() == 1 &&
                         within->root().items[0].items.size() == 1 &&
                         within->root().items[0].items[0].is_object();
  return is_object ? std::string(within->root().items[0].items[0].raw) : std::string();
}

std::string WithoutSecrets(std::string text, const std::vector<std::string_view>& secrets) {
  for (const std::string_view secret : secrets) Replace(secret, &text);
  HideTokens(&text);
  return text;
}

}  // namespace fiscalgate::protocol
