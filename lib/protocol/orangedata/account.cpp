// What goes out: the beginning of a conversation, its repeats, the look at devices.
#include "lib/protocol/orangedata/account.h"

#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"

namespace fiscalgate::protocol::orangedata {
namespace {

constexpr std::size_t kShownDevices = 10;

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return base::Truncate(all, base::kMaxErrorBytes);
}

std::string Place(const Account& account) {
  std::string_view url = account.base_url;
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url) + " " + account.inn;
}

}  // namespace

OrangeDataAccount::OrangeDataAccount(AccountSettings settings, base::RsaPrivateKey key,
                                     Mapping mapping, task::Register of)
    : settings_(std::move(settings)),
      key_(std::move(key)),
      mapping_(std::move(mapping)),
      register_(std::move(of)) {}

ffd::Faults OrangeDataAccount::Check(const bit::ReadPackageResult& package) const {
  return CheckCloudPackage(package, CardCommands::kRefused, register_.ffd_version, mapping_);
}

CloudLinks OrangeDataAccount::LinksOf(const task::Task& task, const task::Package&) const {
  const auto notes = ReadNotes(task.notes, task.id);
  return {"", ReceiptPage(settings_.account, notes.ok() ? notes->id : task.id)};
}

base::Result<Notes> OrangeDataAccount::Write(const Talk& talk, int turn) const {
  const auto package = ReadCloudPackage(talk.head, register_);
  if (!package.ok()) return package.error();
  const std::string why_not = WhyNotPrintedHere(talk.head, *package);
  if (!why_not.empty()) return base::Error{base::Code::kConflict, why_not};
  Notes notes;
  notes.turn = turn;
  notes.id = DocumentId(talk.head.task.id, turn);
  notes.endpoint = EndpointOf(*package->receipt, register_.ffd_version);
  auto body = WriteDocument(settings_.account, notes.id, *package->receipt, register_.ffd_version,
                            mapping_);
  if (!body.ok()) return body.error();
  notes.body = std::move(body).value();
  // What could not be read after a restart is not sent.
  const auto again = ReadNotes(WriteNotes(notes), talk.head.task.id);
  if (!again.ok()) return again.error();
  return notes;
}

// Nothing is under this id yet: whatever is wrong, it failed.
Move OrangeDataAccount::Begin(const Talk& talk, int turn, std::string notes_if_not) const {
  auto notes = Write(talk, turn);
  if (notes.ok()) return Post(talk, std::move(notes).value());
  return Failed(talk, register_,
                {"чек нельзя передать Orange Data: " + notes.error().what, "register_error"},
                std::move(notes_if_not));
}

http::SendOptions OrangeDataAccount::Options() const {
  http::SendOptions options;
  options.total_timeout = std::chrono::milliseconds(register_.timeout_ms);
  options.max_answer_bytes = base::kMaxAnswerBytes;
  options.client_certificate = settings_.client_certificate;
  options.client_key = settings_.client_key;
  options.trusted_authorities = settings_.trusted_authorities;
  return options;
}

Move OrangeDataAccount::Post(const Talk& talk, Notes notes) const {
  notes.stage = Stage::kPost;
  notes.place = Place(settings_.account);
  Ask ask;
  ask.request = SubmitRequest(settings_.account, notes.endpoint, notes.body, key_);
  ask.options = Options();
  ask.notes = WriteNotes(notes);
  ask.state = StateOf(talk, false);
  return ask;
}

Move OrangeDataAccount::AskStatus(const Talk& talk, Notes notes, Stage stage) const {
  notes.stage = stage;
  Ask ask;
  ask.request = StatusRequest(settings_.account, notes.endpoint, notes.id);
  ask.options = Options();
  ask.notes = WriteNotes(notes);
  ask.state = StateOf(talk, notes.created || notes.exists);
  return ask;
}

Move OrangeDataAccount::Next(const Talk& talk) const {
  const task::Task& task = talk.head.task;
  if (task.notes.empty()) return Begin(talk, 1, "");
  auto read = ReadNotes(task.notes, task.id);
  if (!read.ok()) return Unreadable(talk, read.error().what);
  Notes notes = std::move(read).value();
  // Where it is not known nothing is proven by that.
  const bool is_known = (notes.created || notes.exists) && notes.stage != Stage::kFailed;
  if (is_known && !notes.place.empty() && notes.place != Place(settings_.account)) {
    return Unknown(task.notes, "начато с другими url или inn: верните «" + notes.place +
                                   "» и повторите задание или проверьте чек в личном кабинете");
  }
  switch (notes.stage) {
    case Stage::kPost:
      return Post(talk, std::move(notes));
    case Stage::kAsk:
      break;
    case Stage::kVerify:
      return AskStatus(talk, std::move(notes), Stage::kVerify);
    case Stage::kFailed:  // an operator wants it tried again
      return Begin(talk, notes.turn + 1, task.notes);
    case Stage::kConflict:
      break;
  }
  return AskStatus(talk, std::move(notes), Stage::kAsk);
}

std::optional<Query> OrangeDataAccount::HealthQuery(const Session*) const {
  return Query{DevicesRequest(settings_.account), Options()};
}

Health OrangeDataAccount::OnHealth(const http::Answer& answer) const {
  Health health;
  DevicesAnswer read;
  if (answer.delivery == http::Delivery::kAnswered) read = ReadDevicesAnswer(answer.response);
  if (!read.is_read) {
    health.text = TroubleOf("Orange Data", answer, Joined(read.errors)).reason;
    return health;
  }
  health.is_well = !read.devices.empty();
  std::vector<std::string> shown;
  for (const Device& device : read.devices) {
    if (shown.size() == kShownDevices) break;
    const std::string named = device.serial + (device.state.empty() ? "" : ": " + device.state);
    shown.push_back(device.serial.empty() && device.state.empty() ? device.raw : named);
  }
  health.text = "касс в группе: " + std::to_string(read.devices.size());
  if (!shown.empty()) health.text += " (" + Joined(shown) + ")";
  return health;
}

}  // namespace fiscalgate::protocol::orangedata
