// What goes out: the beginning of a conversation, its repeats, the log-in.
#include "lib/protocol/bifit/account.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/ffd/dates.h"

namespace fiscalgate::protocol::bifit {
namespace {

constexpr int kMoscow = 2;  // tag 1011
constexpr std::chrono::hours kMoscowOffset{3};
constexpr std::chrono::seconds kShortestLife{10};  // else renewals would follow each other
constexpr std::chrono::minutes kUnknownLife{5};    // a token that ended before is answered 401

// Four digits that only depend on the task.
std::string PinOf(std::string_view task_id) {
  constexpr std::size_t kDigits = 4;
  const std::string hash = base::Sha256(task_id);
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < sizeof(number); ++i) {
    number = number << 8 | static_cast<unsigned char>(hash[i]);
  }
  const std::string text = std::to_string(number % 10'000);
  return std::string(kDigits - text.size(), '0') + text;
}

ffd::DateTime MoscowTime(base::WallTime time) {
  const ffd::Day day = ffd::DayIn(time, kMoscow);
  const auto local = std::chrono::floor<std::chrono::seconds>(time + kMoscowOffset);
  return {day, static_cast<int>((local - day).count())};
}

base::Result<std::string> KeyOf(const task::Task& task, const ffd::Receipt& receipt) {
  return IdempotencyKey(task.number, PinOf(task.id),
                        receipt.given_total_1020.value_or(receipt.Total()),
                        MoscowTime(task.accepted_at));
}

}  // namespace

BifitAccount::BifitAccount(AccountSettings settings, Mapping mapping, task::Register of)
    : settings_(std::move(settings)), mapping_(std::move(mapping)), register_(std::move(of)) {}

ffd::Faults BifitAccount::Check(const bit::ReadPackageResult& package) const {
  ffd::Faults faults =
      CheckCloudPackage(package, CardCommands::kRefused, register_.ffd_version, mapping_);
  if (!settings_.cashier.empty()) {
    std::erase_if(faults, [](const ffd::Fault& fault) {
      return fault.code == ffd::FaultCode::kCashierNameMissing;
    });
  }
  return faults;
}

CloudLinks BifitAccount::LinksOf(const task::Task& task, const task::Package& package) const {
  CloudLinks links;
  if (const auto notes = ReadNotes(task.notes); notes.ok()) {
    links.receipt_url = OfflineLink(settings_.url, notes->key);
    return links;
  }
  const store::LaneHead head{task, package, {}};
  const auto read = ReadCloudPackage(head, register_);
  if (!read.ok()) return links;
  const auto key = KeyOf(task, *read->receipt);
  if (key.ok()) links.receipt_url = OfflineLink(settings_.url, *key);
  return links;
}

base::Result<Notes> BifitAccount::Mint(const task::Task& task, const ffd::Receipt& receipt) const {
  Notes notes;
  auto key = KeyOf(task, receipt);
  if (!key.ok()) return key.error();
  notes.key = std::move(key).value();
  ffd::Receipt complete = receipt;
  if (complete.cashier_name_1021.empty()) complete.cashier_name_1021 = settings_.cashier;
  auto body = WriteReceipt(complete, mapping_);
  if (!body.ok()) return body.error();
  notes.body = std::move(body).value();
  // What could not be read after a restart is not sent.
  const auto again = ReadNotes(WriteNotes(notes));
  if (!again.ok()) return again.error();
  return notes;
}

// Nothing was sent: whatever is wrong, it failed.
Move BifitAccount::Begin(const Talk& talk) const {
  const auto package = ReadCloudPackage(talk.head, register_);
  if (!package.ok()) {
    return Failed(talk, register_,
                  {"сохранённый пакет не читается: " + package.error().what, "register_error"}, "");
  }
  if (const std::string why = WhyNotPrintedHere(talk.head, *package); !why.empty()) {
    return Failed(talk, register_, {"чек нельзя передать БИФИТ: " + why, "register_error"}, "");
  }
  auto notes = Mint(talk.head.task, *package->receipt);
  if (!notes.ok()) {
    return Failed(talk, register_,
                  {"чек нельзя передать БИФИТ: " + notes.error().what, "register_error"}, "");
  }
  return Post(talk, std::move(notes).value());
}

http::SendOptions BifitAccount::Options() const {
  http::SendOptions options;
  options.total_timeout = std::chrono::milliseconds(register_.timeout_ms);
  options.max_answer_bytes = base::kMaxAnswerBytes;
  options.trusted_authorities = settings_.trusted_authorities;
  return options;
}

Move BifitAccount::Post(const Talk& talk, Notes notes) const {
  notes.stage = Stage::kPost;
  notes.url = settings_.url;
  Ask ask;
  ask.request = RegisterRequest(settings_.url, talk.session->access, notes.key, notes.body);
  ask.options = Options();
  ask.notes = WriteNotes(notes);
  ask.state = StateOf(talk, false);
  return ask;
}

Move BifitAccount::AskDocument(const Talk& talk, Notes notes) const {
  notes.stage = Stage::kAsk;
  Ask ask;
  ask.request = DocumentRequest(settings_.url, talk.session->access, notes.document);
  ask.options = Options();
  ask.notes = WriteNotes(notes);
  ask.state = task::State::kWaiting;
  return ask;
}

// Another service does not know the document, or has another one of that number.
bool BifitAccount::IsElsewhere(const Notes& notes) const {
  const auto stem = [](std::string_view url) {
    return url.substr(0, url.find_last_not_of('/') + 1);
  };
  const bool may_be_there = notes.document > 0 || notes.doubt;
  return may_be_there && !notes.url.empty() && stem(notes.url) != stem(settings_.url);
}

// An operator's retry posts it under its key: where it was posted before it is the same document.
Move BifitAccount::Moved(Notes notes) const {
  Notes kept;
  kept.key = std::move(notes.key);
  kept.body = std::move(notes.body);
  kept.doubt = true;
  return Unknown(WriteNotes(kept),
                 "начато по другому адресу: верните " + notes.url +
                     " или проверьте там, напечатан ли чек: " + OfflineLink(notes.url, kept.key));
}

Move BifitAccount::Next(const Talk& talk) const {
  if (talk.session == nullptr) return Renew{};
  if (talk.head.task.notes.empty()) return Begin(talk);
  auto read = ReadNotes(talk.head.task.notes);
  if (!read.ok()) return Unreadable(talk, read.error().what);
  Notes notes = std::move(read).value();
  if (IsElsewhere(notes)) return Moved(std::move(notes));
  switch (notes.stage) {
    case Stage::kPost:
    case Stage::kRefused:
      return Post(talk, std::move(notes));
    case Stage::kFailed:  // an operator wants it tried again
      notes.reloads = 0;
      notes.reload_at = {};
      notes.owed = true;
      notes.closed = notes.renewed = false;
      break;
    case Stage::kReload:  // it may have arrived: the document is asked first
    case Stage::kAsk:
      break;
  }
  return AskDocument(talk, std::move(notes));
}

Query BifitAccount::LogInQuery(const Session* last) const {
  const bool can_refresh = last != nullptr && !last->refresh.empty();
  return {can_refresh ? RefreshRequest(settings_.url, last->refresh)
                      : TokenRequest(settings_.url, settings_.connector_token),
          Options()};
}

LogIn BifitAccount::OnLogIn(const http::Answer& answer, base::WallTime now) const {
  LogIn log_in;
  if (answer.delivery != http::Delivery::kAnswered) {
    log_in.error = TroubleOf("БИФИТ, вход", answer, "").reason;
    return log_in;
  }
  TokenAnswer read = ReadTokenAnswer(answer.response);
  if (read.outcome != TokenOutcome::kGranted) {
    const std::string error =
        WithoutSecrets(std::move(read.error), {settings_.connector_token.Reveal()});
    log_in.error = TroubleOf("БИФИТ, вход", answer, error).reason;
    if (read.retry_after) log_in.retry_after = *read.retry_after;
    return log_in;
  }
  const std::chrono::seconds life =
      read.tokens.lives.count() == 0 ? kUnknownLife : std::max(read.tokens.lives, kShortestLife);
  Session session;
  session.access = std::move(read.tokens.access);
  session.refresh = std::move(read.tokens.refresh);
  session.renew_at = now + base::Milliseconds(life) * 4 / 5;
  session.ends_at = now + life;
  log_in.session = std::move(session);
  return log_in;
}

}  // namespace fiscalgate::protocol::bifit
