// What is asked, and when. What answers mean is in conversation_answers.cpp.
#include "lib/protocol/begateway/conversation.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/begateway/outcome.h"

namespace fiscalgate::protocol::begateway {
namespace {

bool HasDone(const std::vector<task::CommandResult>& results, int index) {
  return std::any_of(results.begin(), results.end(), [&](const task::CommandResult& result) {
    return result.index == index && result.state == task::CommandState::kDone;
  });
}

}  // namespace

Notes Conversation::FirstNotes() const {
  Notes notes;
  notes.merchant = merchant_.fingerprint;
  notes.api = order_.api();
  notes.request_id = RequestIdOf(talk_.head.task.id, notes.round);
  notes.made_at = talk_.now;
  return notes;
}

std::optional<Move> Conversation::Open() {
  auto package = ReadCloudPackage(talk_.head, merchant_.register_);
  const bool is_whole = package.ok() && package->card_command && package->card_data != nullptr;
  const std::string& kept = talk_.head.task.notes;
  if (!is_whole) {
    return Over{UnknownOutcome(nullptr, "сохранённый пакет не читается", ""), kept};
  }
  package_.emplace(std::move(package).value());
  order_ = ReadOrder(*package_->card_data, package_->is_card_return, "", nullptr);
  if (kept.empty()) {
    notes_ = FirstNotes();
    // By another provider, which the register was at.
    if (HasDone(talk_.head.results, package_->receipt_command.index)) {
      return Over{UnknownOutcome(nullptr, "чек уже напечатан, а записи о нём нет", ""), kept};
    }
    if (!HasDone(talk_.head.results, package_->card_command->index)) return std::nullopt;
    return Over{UnknownOutcome(nullptr, "оплата уже проведена, а записи о ней нет", ""), kept};
  }
  auto notes = ReadNotes(kept);
  if (!notes) {
    return Over{UnknownOutcome(nullptr, "записи о разговоре с сервисом не читаются", ""), kept};
  }
  notes_ = std::move(*notes);
  const bool was_posted = notes_.posts > 0 || notes_.round > 1;
  if (!was_posted) notes_.merchant = merchant_.fingerprint;
  if (notes_.merchant == merchant_.fingerprint) return std::nullopt;
  return Over{
      UnknownOutcome(nullptr,
                     "начато с другими shop_id, test или currency: верните их и повторите задание "
                     "или проверьте оплату в кабинете сервиса",
                     ""),
      kept};
}

Move Conversation::Next() {
  if (auto stop = Open()) return std::move(*stop);
  return notes_.is_over ? Resume() : AskAgain();
}

Move Conversation::AskAgain() {
  switch (notes_.phase) {
    case Phase::kReady:
      return Post();
    case Phase::kPosted:
    case Phase::kSearching:
      return Search();
    case Phase::kPage:
      return AskPage();
    case Phase::kAsking:
      break;
  }
  return AskByUid();
}

// An operator has it tried again. What was paid is asked about; what was not is begun anew, but for
// something of ours that the provider may know all the same.
Move Conversation::Resume() {
  notes_.is_over = false;
  if (notes_.is_paid) return AskByUid();
  const bool was_posted = notes_.posts > 0 || notes_.round > 1;
  RememberFailed();
  NewRound();
  return was_posted ? Search() : Post();
}

void Conversation::RememberFailed() {
  constexpr std::size_t kMaxFailed = 50;
  if (!notes_.uid.empty()) notes_.failed.push_back(notes_.uid);
  if (notes_.failed.size() > kMaxFailed) notes_.failed.erase(notes_.failed.begin());
}

void Conversation::NewRound() {
  ++notes_.round;
  notes_.request_id = RequestIdOf(talk_.head.task.id, notes_.round);
  notes_.made_at = talk_.now;
  notes_.posts = notes_.flips = 0;
  notes_.phase = Phase::kReady;
  notes_.api = order_.api();
  notes_.uid.clear();
  notes_.token.clear();
  notes_.payment_url.clear();
  notes_.refusal.clear();
  notes_.is_page_over = notes_.is_page_open = false;
}

Move Conversation::Ask(http::Request request) const {
  protocol::Ask ask;
  ask.options = merchant_.options;
  ask.options.fresh_connection = request.method == "POST";
  ask.request = std::move(request);
  ask.notes = WriteNotes(notes_);
  ask.state = State();
  return ask;
}

Move Conversation::Post() {
  if (notes_.posts == 0) notes_.made_at = talk_.now;
  auto request = FirstRequest(merchant_, order_, *package_->receipt, talk_.head.task,
                              {notes_.request_id, notes_.round});
  if (!request.ok()) {
    const std::string why = "запрос сервису не составить: " + request.error().what;
    if (notes_.posts > 0) return Unknown(why);
    return NotPaid(why, "invalid_receipt");
  }
  ++notes_.posts;
  notes_.posted_at = talk_.now;
  notes_.none_since = {};
  notes_.phase = Phase::kPosted;
  return Ask(std::move(request).value());
}

Move Conversation::Search() {
  notes_.phase = Phase::kSearching;
  return Ask(ByTrackingId(merchant_.wire, notes_.api, talk_.head.task.id));
}

Move Conversation::AskByUid() {
  notes_.phase = Phase::kAsking;
  return Ask(ByUid(merchant_.wire, notes_.api, notes_.uid));
}

Move Conversation::AskPage() {
  notes_.phase = Phase::kPage;
  return Ask(CheckoutStatusRequest(merchant_.wire, notes_.token));
}

// ---- how a call ends

task::State Conversation::State() const {
  const bool is_known = !notes_.uid.empty() || !notes_.token.empty();
  const bool was_waiting = talk_.head.task.state == task::State::kWaiting;
  return is_known || was_waiting ? task::State::kWaiting : task::State::kSending;
}

// Posts and searches change the notes by turns: there pauses grow by the posts.
base::Milliseconds Conversation::Pause() const {
  return AskAgainPause(std::max(talk_.asks, notes_.posts - 1));
}

Move Conversation::Wait(std::string reason, std::optional<base::Milliseconds> pause) const {
  return Later{WriteNotes(notes_), State(), pause.value_or(Pause()),
               base::Truncate(reason, base::kMaxErrorBytes), false};
}

Move Conversation::Trouble(std::string reason, std::optional<base::Milliseconds> pause) const {
  return Later{WriteNotes(notes_), State(), pause.value_or(Pause()),
               base::Truncate(reason, base::kMaxErrorBytes), true};
}

Move Conversation::End(task::Outcome outcome) {
  notes_.is_over = true;
  notes_.payment_url.clear();
  return Over{std::move(outcome), WriteNotes(notes_)};
}

Move Conversation::NotPaid(std::string error, std::string_view error_code) {
  return End(NotPaidOutcome(*package_, std::move(error), error_code));
}

// The notes stay in their phase: asked again, the provider may know better.
Move Conversation::Unknown(std::string error) {
  return Over{UnknownOutcome(&*package_, std::move(error), notes_.is_paid ? notes_.uid : ""),
              WriteNotes(notes_)};
}

}  // namespace fiscalgate::protocol::begateway
