#include "lib/task/task.h"

#include <algorithm>

namespace fiscalgate::task {

std::string_view StateName(State state) {
  switch (state) {
    case State::kQueued:
      return "queued";
    case State::kSending:
      return "sending";
    case State::kWaiting:
      return "waiting";
    case State::kDone:
      return "done";
    case State::kFailed:
      return "failed";
    case State::kUnknown:
      return "unknown";
    case State::kCancelled:
      return "cancelled";
  }
  return "";
}

std::optional<State> StateFromName(std::string_view name) {
  for (const State state : {State::kQueued, State::kSending, State::kWaiting, State::kDone,
                            State::kFailed, State::kUnknown, State::kCancelled}) {
    if (StateName(state) == name) return state;
  }
  return std::nullopt;
}

bool IsFinal(State state) {
  return state == State::kDone || state == State::kFailed || state == State::kCancelled;
}

bool IsAllowed(State from, State to) {
  const bool is_outcome = to == State::kDone || to == State::kFailed || to == State::kUnknown;
  switch (from) {
    case State::kQueued:
      return to == State::kSending || to == State::kCancelled || to == State::kDone ||
             to == State::kFailed;
    case State::kSending:
      return is_outcome || to == State::kWaiting || to == State::kQueued;
    case State::kWaiting:
      return is_outcome;
    case State::kUnknown:
      return to == State::kDone || to == State::kFailed || to == State::kQueued;
    case State::kFailed:
      return to == State::kQueued;
    case State::kDone:
    case State::kCancelled:
      return false;
  }
  return false;
}

std::string_view ErrorClassName(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kNone:
      return "";
    case ErrorClass::kRetryLater:
      return "retry_later";
    case ErrorClass::kFixReceipt:
      return "fix_receipt";
    case ErrorClass::kCallOperator:
      return "call_operator";
  }
  return "";
}

bool PaidWithoutReceipt(const std::vector<CommandResult>& results) {
  const auto any = [&](std::string_view type, bool done) {
    return std::any_of(results.begin(), results.end(), [&](const CommandResult& result) {
      return result.type == type && (result.state == CommandState::kDone) == done;
    });
  };
  return any("bnkCardPayment", true) && any("kktReceiptFiscalization", false) &&
         !any("bnkCardReturn", true);
}

std::string_view CommandStateName(CommandState state) {
  switch (state) {
    case CommandState::kDone:
      return "done";
    case CommandState::kFailed:
      return "failed";
    case CommandState::kNotRun:
      return "not_run";
  }
  return "";
}

std::string_view AttemptKindName(AttemptKind kind) {
  switch (kind) {
    case AttemptKind::kSend:
      return "send";
    case AttemptKind::kAsk:
      return "ask";
  }
  return "";
}

}  // namespace fiscalgate::task
