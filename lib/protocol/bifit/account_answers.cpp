// What comes back: what each answer, or its lack, makes of the conversation.
#include <algorithm>
#include <utility>

#include "lib/protocol/bifit/account.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate::protocol::bifit {
namespace {

using task::ErrorClass;
using task::State;

constexpr std::string_view kWho = "БИФИТ";
// A document that was registered and is not found: then somebody has to look.
constexpr std::chrono::hours kMissingPatience{1};

// 1 minute, 2, 4, ... an hour.
constexpr base::Milliseconds kLongestReloadPause = std::chrono::minutes(60);
base::Milliseconds ReloadPause(int reloads) {
  constexpr int kDoublings = 6;
  const std::chrono::minutes pause(1 << std::clamp(reloads, 0, kDoublings));
  return std::min<base::Milliseconds>(pause, kLongestReloadPause);
}

// A failed document may be fiscalised again as it is, so that only a receipt that is wrong asks for
// another one.
Failure FailureOf(std::string error) {
  const ErrorCause cause = CauseOf(error);
  const bit::DriverError& known = bit::ClassifyDriverError(error);
  Failure failure{std::move(error), known.code, ErrorClass::kCallOperator};
  if (cause == ErrorCause::kLicence) failure.code = "access";
  if (cause == ErrorCause::kDriveLimit) failure.code = "fn_full";
  if (cause == ErrorCause::kWrongData && known.error_class != ErrorClass::kFixReceipt) {
    failure.code = "invalid_receipt";
  }
  const bit::DriverError* const chosen = bit::FindDriverError(failure.code);
  if (chosen != nullptr && chosen->error_class == ErrorClass::kFixReceipt) {
    failure.error_class = ErrorClass::kFixReceipt;
  }
  return failure;
}

Trouble TroubleWith(const http::Answer& answer, std::string_view error,
                    std::optional<std::chrono::seconds> retry_after) {
  Trouble trouble = TroubleOf(kWho, answer, error);
  trouble.retry_after = retry_after;
  return trouble;
}

}  // namespace

std::string BifitAccount::Clean(const Talk& talk, std::string error) const {
  std::vector<std::string_view> secrets = {settings_.connector_token.Reveal(),
                                           settings_.broker_token.Reveal()};
  if (talk.session != nullptr) {
    secrets.push_back(talk.session->access.Reveal());
    secrets.push_back(talk.session->refresh.Reveal());
  }
  return WithoutSecrets(std::move(error), secrets);
}

Move BifitAccount::OnAnswer(const Talk& talk, const http::Answer& answer) const {
  auto notes = ReadNotes(talk.head.task.notes);
  if (!notes.ok()) return Unreadable(talk, notes.error().what);
  switch (notes->stage) {
    case Stage::kPost:
      return OnPosted(talk, std::move(notes).value(), answer);
    case Stage::kAsk:
      return OnDocument(talk, std::move(notes).value(), answer);
    case Stage::kReload:
      return OnReloaded(talk, std::move(notes).value(), answer);
    case Stage::kRefused:
    case Stage::kFailed:
      break;
  }
  return Unreadable(talk, "an answer came to a conversation that was over");
}

Move BifitAccount::OnPosted(const Talk& talk, Notes notes, const http::Answer& answer) const {
  RegisterAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) read = ReadRegisterAnswer(answer.response);
  const std::string error = Clean(talk, read.error);
  switch (read.outcome) {
    case RegisterOutcome::kRegistered:
      notes.stage = Stage::kAsk;
      notes.document = read.document;
      return Later{WriteNotes(notes), State::kWaiting, AskAgainPause(0), "", false};
    case RegisterOutcome::kUnauthorized:
      return Renew{};
    case RegisterOutcome::kRefused:
      return OnRefused(talk, std::move(notes), error);
    case RegisterOutcome::kForbidden:
    case RegisterOutcome::kBusy:
      break;
    case RegisterOutcome::kUnclear:
      notes.doubt = notes.doubt || answer.delivery != http::Delivery::kNotSent;
      break;
  }
  return AskAgain(talk, WriteNotes(notes), StateOf(talk, false),
                  TroubleWith(answer, error, read.retry_after));
}

// A repeat may be refused because the document is there, which nobody has documented.
Move BifitAccount::OnRefused(const Talk& talk, Notes notes, const std::string& error) const {
  notes.stage = Stage::kRefused;
  if (notes.doubt) {
    return Unknown(WriteNotes(notes),
                   "БИФИТ отклонил чек после потерянного ответа, проверьте по ссылке " +
                       OfflineLink(settings_.url, notes.key) + ": " + error);
  }
  const bit::DriverError& known = bit::ClassifyDriverError(error);
  const bool fits = known.error_class == ErrorClass::kFixReceipt;
  return Failed(talk, register_,
                {"БИФИТ отклонил чек: " + error, fits ? known.code : "invalid_receipt",
                 ErrorClass::kFixReceipt},
                WriteNotes(notes));
}

Move BifitAccount::OnDocument(const Talk& talk, Notes notes, const http::Answer& answer) const {
  DocumentAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) {
    read = ReadDocumentAnswer(answer.response, settings_.shape);
  }
  const std::string error = Clean(talk, read.error);
  Trouble trouble = TroubleWith(answer, error, read.retry_after);
  switch (read.outcome) {
    case DocumentOutcome::kDone:
      return Done(talk, register_, *read.mark, read.body, WriteNotes(notes));
    case DocumentOutcome::kPending:
      notes.missing_since = {};
      return AskAgain(talk, WriteNotes(notes), State::kWaiting, {});
    case DocumentOutcome::kFailed:
      notes.missing_since = {};
      return OnDocumentFailed(talk, std::move(notes), error.empty() ? read.status : error);
    case DocumentOutcome::kNotFound:
      return OnMissing(talk, std::move(notes), std::move(trouble));
    case DocumentOutcome::kUnauthorized:
      return Renew{};
    case DocumentOutcome::kBusy:
    case DocumentOutcome::kUnclear:
      break;
  }
  return AskAgain(talk, WriteNotes(notes), State::kWaiting, std::move(trouble));
}

Move BifitAccount::OnMissing(const Talk& talk, Notes notes, Trouble trouble) const {
  // Later than now: the clock was put back.
  const bool is_set = notes.missing_since != base::WallTime() && notes.missing_since <= talk.now;
  if (!is_set) notes.missing_since = talk.now;
  if (talk.now - notes.missing_since < kMissingPatience) {
    return AskAgain(talk, WriteNotes(notes), State::kWaiting, std::move(trouble));
  }
  const std::string document = std::to_string(notes.document);
  notes.missing_since = {};  // whoever has it tried again gives it another hour
  return Unknown(WriteNotes(notes), "БИФИТ не находит документ " + document +
                                        ", который сам зарегистрировал: проверьте по ссылке " +
                                        OfflineLink(settings_.url, notes.key));
}

bool BifitAccount::MayReload(const Notes& notes, ErrorCause cause) const {
  if (settings_.broker_token.empty() || notes.closed) return false;
  if (notes.owed) return true;
  return settings_.reloads_itself && Passes(cause) && notes.reloads < settings_.reload_limit;
}

Move BifitAccount::OnDocumentFailed(const Talk& talk, Notes notes, const std::string& error) const {
  const bool may_reload = MayReload(notes, CauseOf(error));
  const bool is_first = notes.reloads == 0 && notes.reload_at == base::WallTime();
  if (may_reload && is_first && !notes.owed) notes.reload_at = talk.now + ReloadPause(0);
  // The clock was put back.
  if (notes.reload_at > talk.now + kLongestReloadPause) notes.reload_at = talk.now;
  // After a reload the old error may still be shown for a while.
  if (talk.now < notes.reload_at) {
    return Later{WriteNotes(notes), State::kWaiting,
                 std::min(notes.reload_at - talk.now, kLongestReloadPause),
                 "БИФИТ, документ в ошибке: " + error, false};
  }
  if (may_reload) return Reload(talk, std::move(notes));
  notes.stage = Stage::kFailed;
  Failure failure = FailureOf(error);
  if (notes.owed) failure.error += " (broker_token не задан: повторите в личном кабинете)";
  return Failed(talk, register_, std::move(failure), WriteNotes(notes));
}

Move BifitAccount::Reload(const Talk& talk, Notes notes) const {
  if (talk.session == nullptr) return Renew{};
  notes.stage = Stage::kReload;
  notes.owed = false;
  ++notes.reloads;
  notes.reload_at = talk.now + ReloadPause(notes.reloads);
  Ask ask;
  ask.request =
      ReloadRequest(settings_.url, talk.session->access, settings_.broker_token, {notes.document});
  ask.options = Options();
  ask.options.fresh_connection = true;  // the one request that has no key
  ask.notes = WriteNotes(notes);
  ask.state = State::kWaiting;
  return ask;
}

// Whatever came back: the document is asked next, and tells what has become of it.
Move BifitAccount::OnReloaded(const Talk& talk, Notes notes, const http::Answer& answer) const {
  ReloadAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) read = ReadReloadAnswer(answer.response);
  Trouble trouble = TroubleOf(kWho, answer, Clean(talk, read.error));
  notes.stage = Stage::kAsk;
  bool was_not_run = answer.delivery == http::Delivery::kNotSent;
  if (read.outcome == ReloadOutcome::kUnauthorized) {
    was_not_run = !notes.renewed;
    notes.closed = notes.renewed;
    notes.renewed = true;
  }
  if (read.outcome == ReloadOutcome::kRefused) {
    notes.closed = true;
    trouble.is_services = false;  // 403 speaks of the broker's token
  }
  if (read.outcome == ReloadOutcome::kAccepted) {
    notes.renewed = false;
    trouble = {};
  }
  if (was_not_run) {
    notes.owed = true;
    --notes.reloads;
    notes.reload_at = talk.now;
  }
  return AskAgain(talk, WriteNotes(notes), State::kWaiting, std::move(trouble));
}

}  // namespace fiscalgate::protocol::bifit
