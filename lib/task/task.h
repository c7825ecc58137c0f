// The words of the work itself: Task, Attempt, Outcome, and the states between them. Plain values.
//
//   queued -> sending -> done | failed | unknown        waiting = a provider took it and is asked
//   until it answers
//              \-> waiting -> done | failed | unknown   unknown -> done | failed | queued, only by
//              proof or by an operator
//   sending -> queued   only when it is proven that nothing was sent
//   waiting and sending go on for ever where the provider is asked by notes (protocol/cloud.h): a
//   restart does not make them unknown
//   queued -> cancelled
//   sending -> queued   also when the register proved that it printed nothing, once
//   queued -> failed    only when its deadline has passed
//   queued -> done | failed   only by proof that came after an operator had it queued again
//   failed -> queued    only by an operator, who has it tried again
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/ffd/fiscal_mark.h"

namespace fiscalgate::task {

enum class State { kQueued, kSending, kWaiting, kDone, kFailed, kUnknown, kCancelled };

std::string_view StateName(State state);  // "queued"
std::optional<State> StateFromName(std::string_view name);
bool IsFinal(State state);             // done, failed, cancelled
bool IsAllowed(State from, State to);  // the diagram above

using TaskSeq = std::int64_t;  // row number: order within a lane, never shown
using ShopKey = std::int64_t;
using RegisterKey = std::int64_t;
using GroupKey = std::int64_t;

// Not a shop: who the gateway's own tasks belong to (see Service).
inline constexpr ShopKey kGatewayShop = 0;

// The order within a lane: by priority, then by acceptance. Fixed when the task is accepted.
enum class Priority { kService = 0, kRefund = 1, kOrdinary = 2 };

// What the gateway, or an operator through it, has a register do for itself. Each is one command
// that may be repeated without harm.
enum class Service { kOpenShift, kCloseShift, kXReport };

// What a failure asks for.
enum class ErrorClass { kNone, kRetryLater, kFixReceipt, kCallOperator };
std::string_view ErrorClassName(ErrorClass error_class);  // "retry_later"; "" for none

// What a shop posted, as accepted: immutable.
struct Package {
  std::string commands;  // JSON list of commands, as posted (one receipt object is wrapped)
  std::string callback_success, callback_failed;
  std::string prog_url;  // BIT_PROG_URL if it was posted and allowed, else empty
};

struct NewTask {
  std::string id;  // base::NewId
  ShopKey shop = 0;
  RegisterKey register_key = 0;
  std::string order_id;      // BIT_ORDER_ID
  std::string content_hash;  // 32 bytes: what makes "the same content"
  Package package;
  base::WallTime accepted_at;
  Priority priority = Priority::kOrdinary;
  std::optional<base::WallTime> deadline_at;  // not sent after it
  GroupKey group = 0;                         // whose token was posted; 0: the register's own
  bool wants_number = false;                  // the next of the register's count
};

struct Task {
  TaskSeq seq = 0;
  std::string id;
  ShopKey shop = 0;
  RegisterKey register_key = 0;
  std::string order_id;
  State state = State::kQueued;
  std::string lease;        // token of the running attempt; empty when none runs
  int attempts = 0;         // attempts that may have reached the register
  std::string wait_reason;  // why it is still queued, for people
  std::string error;        // of failed and unknown
  std::string notes;        // the provider's own memory between steps
  base::WallTime accepted_at;
  base::WallTime changed_at;
  Priority priority = Priority::kOrdinary;
  std::optional<base::WallTime> deadline_at;
  GroupKey group = 0;
  int repeats = 0;         // times it was sent again after the register refused it unprinted
  std::string error_code;  // of failed: a stable name from the dictionary of errors, or empty
  ErrorClass error_class = ErrorClass::kNone;
  bool paid_without_receipt =
      false;  // of failed: the card was charged, the receipt was not printed
  // Of a task for a cloud register:
  std::int64_t number = 0;               // in the register's count; 0 = it has none
  int asks = 0;                          // requests since the notes last changed
  std::optional<base::WallTime> due_at;  // of sending and waiting: when its conversation goes on

  bool is_service() const { return shop == kGatewayShop; }
};

enum class CommandState { kDone, kFailed, kNotRun };
std::string_view CommandStateName(CommandState state);

struct CommandResult {
  int index = 0;           // in the posted list
  std::string name, type;  // as posted
  CommandState state = CommandState::kNotRun;
  std::string text;  // the register's words
  std::string raw;   // the register's entry, JSON, or empty
  std::optional<ffd::FiscalMark> mark;
};

// The end of one attempt. `state` is one of done, failed, unknown.
struct Outcome {
  State state = State::kUnknown;
  std::string error;
  std::vector<CommandResult> commands;
  std::string error_code = {};
  ErrorClass error_class = ErrorClass::kNone;
};

// Whether a card payment among these was done and a receipt was not printed.
bool PaidWithoutReceipt(const std::vector<CommandResult>& results);

// Why an attempt was made.
enum class AttemptKind { kSend, kAsk };
std::string_view AttemptKindName(AttemptKind kind);

struct Attempt {
  int number = 0;
  AttemptKind kind = AttemptKind::kSend;
  int tries = 1;  // connections that failed before a byte was sent are counted, not listed
  base::WallTime started_at;
  std::optional<base::WallTime> ended_at;
  std::string sent_to;  // origin only
  std::string result;   // "not_sent" | "no_answer" | "answered" | "" while running
  int http_status = 0;
  std::string detail;          // error text, truncated
  bool told_by_agent = false;  // its agent has said how it ended
};

}  // namespace fiscalgate::task
