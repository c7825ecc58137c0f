// What comes back: what each answer, or its lack, makes of the conversation.
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/driver_errors.h"
#include "lib/protocol/orangedata/account.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using task::ErrorClass;
using task::State;
using namespace std::chrono_literals;

constexpr std::string_view kWho = "Orange Data";
// An accepted document may not be found at once.
constexpr base::Milliseconds kCreatedPatience = 10min;
// An answer to the post was lost, and a repeat of it refused.
constexpr base::Milliseconds kDoubtPatience = 1min;
constexpr int kMaxExpired = 10;  // ids in a row; each waits for longer than the one before

std::string Joined(const std::vector<std::string>& errors) {
  std::string all;
  for (const std::string& error : errors) all += (all.empty() ? "" : "; ") + error;
  return base::Truncate(all, base::kMaxErrorBytes);
}

Trouble TroubleWith(const http::Answer& answer, const std::vector<std::string>& errors,
                    std::optional<std::chrono::seconds> retry_after) {
  Trouble trouble = TroubleOf(kWho, answer, Joined(errors));
  trouble.retry_after = retry_after;
  return trouble;
}

// "2 «Чай», 5 «Сахар»": people count from 1.
std::string PositionsOf(const std::vector<MarkingFault>& faults, const ffd::Receipt* receipt) {
  constexpr std::size_t kShownName = 64;
  std::string all;
  for (const MarkingFault& fault : faults) {
    if (all.size() > base::kMaxErrorBytes / 2) return all + "...";
    if (!all.empty()) all += ", ";
    all += std::to_string(fault.position + 1);
    if (receipt == nullptr || std::cmp_greater_equal(fault.position, receipt->items.size()))
      continue;
    const std::string& name = receipt->items[static_cast<std::size_t>(fault.position)].name_1030;
    all += " «" + base::Truncate(name, kShownName) + "»";
  }
  return all;
}

}  // namespace

Move OrangeDataAccount::OnAnswer(const Talk& talk, const http::Answer& answer) const {
  auto notes = ReadNotes(talk.head.task.notes, talk.head.task.id);
  if (!notes.ok()) return Unreadable(talk, notes.error().what);
  switch (notes->stage) {
    case Stage::kPost:
      return OnPosted(talk, std::move(notes).value(), answer);
    case Stage::kAsk:
    case Stage::kVerify:
      return OnStatus(talk, std::move(notes).value(), answer);
    case Stage::kFailed:
    case Stage::kConflict:
      break;
  }
  return Unreadable(talk, "an answer came to a conversation that was over");
}

Move OrangeDataAccount::OnPosted(const Talk& talk, Notes notes, const http::Answer& answer) const {
  SubmitAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) read = ReadSubmitAnswer(answer.response);
  switch (read.outcome) {
    case SubmitOutcome::kAccepted:
      notes.stage = Stage::kAsk;
      notes.created = true;
      return Later{WriteNotes(notes), State::kWaiting, AskAgainPause(0), "", false};
    case SubmitOutcome::kExists:
      notes.exists = true;
      return AskStatus(talk, std::move(notes), Stage::kAsk);
    case SubmitOutcome::kRefused:
      notes.refusal = Joined(read.errors);
      return AskStatus(talk, std::move(notes), Stage::kVerify);
    case SubmitOutcome::kUnauthorized:
    case SubmitOutcome::kBusy:
      break;
    case SubmitOutcome::kUnclear:
      notes.doubt = notes.doubt || answer.delivery != http::Delivery::kNotSent;
      break;
  }
  return AskAgain(talk, WriteNotes(notes), StateOf(talk, false),
                  TroubleWith(answer, read.errors, read.retry_after));
}

Move OrangeDataAccount::OnStatus(const Talk& talk, Notes notes, const http::Answer& answer) const {
  StatusAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) {
    read = ReadStatusAnswer(answer.response, notes.endpoint);
  }
  Trouble trouble = TroubleWith(answer, read.errors, read.retry_after);
  switch (read.outcome) {
    case StatusOutcome::kDone:
      return OnDone(talk, std::move(notes), read);
    case StatusOutcome::kQueued:
      notes.stage = Stage::kAsk;
      notes.exists = notes.exists || !notes.created;
      notes.missing_since = {};
      return AskAgain(talk, WriteNotes(notes), State::kWaiting, {});
    case StatusOutcome::kNotFound:
      return OnMissing(talk, std::move(notes), std::move(trouble));
    case StatusOutcome::kMarkingFailed:
      return OnMarkingFailed(talk, std::move(notes), read);
    case StatusOutcome::kExpired:
      return OnExpired(talk, notes);
    case StatusOutcome::kUnauthorized:
    case StatusOutcome::kBusy:
    case StatusOutcome::kUnclear:
      break;
  }
  return AskAgain(talk, WriteNotes(notes), StateOf(talk, notes.created || notes.exists),
                  std::move(trouble));
}

// What the service has said 201 to is ours; of all else the echo has to tell.
Move OrangeDataAccount::OnDone(const Talk& talk, Notes notes, const StatusAnswer& read) const {
  if (notes.created || EchoMatches(read.body, notes.body)) {
    return Done(talk, register_, *read.mark, read.body, WriteNotes(notes));
  }
  notes.stage = Stage::kConflict;
  // The ids are ours: it may be this receipt after all, otherwise written.
  return Unknown(WriteNotes(notes), "у Orange Data под номером " + notes.id +
                                        " документ, не похожий на чек: ФН " + read.mark->fn_1041 +
                                        ", ФД " + std::to_string(read.mark->fd_1040) +
                                        "; выясните, чей он");
}

Move OrangeDataAccount::OnMissing(const Talk& talk, Notes notes, Trouble trouble) const {
  const bool is_verified = notes.stage == Stage::kVerify;
  const bool was_known = notes.created || notes.exists;
  // Later than now: the clock was put back.
  const bool is_set = notes.missing_since != base::WallTime() && notes.missing_since <= talk.now;
  if (!is_set) notes.missing_since = talk.now;
  base::Milliseconds patience = kCreatedPatience;
  if (is_verified && !was_known) patience = notes.doubt ? kDoubtPatience : 0min;
  if (talk.now - notes.missing_since < patience) {
    return AskAgain(talk, WriteNotes(notes), StateOf(talk, was_known), std::move(trouble));
  }
  notes.missing_since = {};
  if (is_verified) return OnRefused(talk, std::move(notes));
  // The same bytes under the same id: if it is there after all, nothing happens.
  return Post(talk, std::move(notes));
}

Move OrangeDataAccount::OnRefused(const Talk& talk, Notes notes) const {
  const std::string error = notes.refusal;
  const bit::DriverError& known = bit::ClassifyDriverError(error);
  // "Подпись не прошла проверку": nothing is wrong with the receipt.
  const bool is_signature = error.find("одпись") != std::string::npos;
  const bool fits = known.error_class == ErrorClass::kFixReceipt;
  notes.stage = Stage::kFailed;
  return Failed(talk, register_,
                {"Orange Data отклонила чек: " + error,
                 is_signature ? "access" : (fits ? known.code : "invalid_receipt"),
                 is_signature ? ErrorClass::kCallOperator : ErrorClass::kFixReceipt},
                WriteNotes(notes));
}

Move OrangeDataAccount::OnMarkingFailed(const Talk& talk, Notes notes,
                                        const StatusAnswer& read) const {
  std::string error = "код маркировки не принят";
  const auto package = ReadCloudPackage(talk.head, register_);
  const ffd::Receipt* const receipt = package.ok() ? package->receipt : nullptr;
  if (!read.marking.empty()) error += ", позиции: " + PositionsOf(read.marking, receipt);
  notes.stage = Stage::kFailed;
  return Failed(talk, register_, {std::move(error), "marking_code", ErrorClass::kFixReceipt},
                WriteNotes(notes));
}

// Unprinted for good: the next id is stored before it is posted.
Move OrangeDataAccount::OnExpired(const Talk& talk, const Notes& notes) const {
  constexpr std::string_view kReason = "Orange Data не напечатала чек вовремя";
  Notes over = notes;
  over.stage = Stage::kFailed;
  if (notes.expired >= kMaxExpired) {
    return Failed(talk, register_,
                  {std::string(kReason) + ": номеров истекло " + std::to_string(notes.expired + 1),
                   "register_error"},
                  WriteNotes(over));
  }
  auto next = Write(talk, notes.turn + 1);
  if (!next.ok()) {
    return Failed(talk, register_,
                  {std::string(kReason) + ", и заново её не отправить: " + next.error().what,
                   "register_error"},
                  WriteNotes(over));
  }
  next->expired = notes.expired + 1;
  return Later{WriteNotes(*next), StateOf(talk, true), AskAgainPause(notes.expired),
               std::string(kReason) + ": отправляется под номером " + next->id, false};
}

}  // namespace fiscalgate::protocol::orangedata
