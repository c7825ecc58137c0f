// Moves that conversations with any provider make. Pure; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/protocol/cloud.h"
#include "lib/protocol/cloud_package.h"

namespace fiscalgate::protocol {

// What was said to a question that has to be put again.
struct Trouble {
  std::string reason;  // for people; empty: all goes well, it only takes time
  bool is_services = false;
  std::optional<std::chrono::seconds> retry_after;
};
// Of an answer that is of no use, whatever it was: what came instead, in `who`'s name.
Trouble TroubleOf(std::string_view who, const http::Answer& answer, std::string_view error);

// The same once more after a growing pause, or the longer one that the service asks for.
Later AskAgain(const Talk& talk, std::string notes, task::State state, Trouble trouble);
// A conversation never goes back from waiting to sending.
task::State StateOf(const Talk& talk, bool is_taken);

// Notes that this version cannot read: whether the provider has a document is not known, so that
// nothing is sent and a person decides. The notes stay as they are.
Over Unreadable(const Talk& talk, std::string_view why);
Over Unknown(std::string notes, std::string error);

// As DoneOutcome and FailedOutcome; also where the package cannot be read any more.
Over Done(const Talk& talk, const task::Register& register_, ffd::FiscalMark mark,
          std::string_view body, std::string notes);
struct Failure {
  std::string error;
  std::string_view code;  // of the dictionary of errors
  task::ErrorClass error_class = task::ErrorClass::kCallOperator;
};
Over Failed(const Talk& talk, const task::Register& register_, Failure failure, std::string notes);

// What may be kept of an answer as CommandResult::raw: JSON that can still be read when it stands
// within a result; else "".
std::string KeptRaw(std::string_view body);

// The text without any of the secrets, whole or cut off at its end, and without what looks like a
// token.
std::string WithoutSecrets(std::string text, const std::vector<std::string_view>& secrets);

}  // namespace fiscalgate::protocol
