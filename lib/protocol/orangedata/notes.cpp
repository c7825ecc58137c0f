#include "lib/protocol/orangedata/notes.h"

#include <array>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/note_reader.h"

namespace fiscalgate::protocol::orangedata {
namespace {

constexpr std::string_view kProvider = "orangedata";
constexpr int kVersion = 1;
constexpr int kMaxTurns = 1'000'000;
// In the order of the enums.
constexpr std::array<std::string_view, 5> kStages = {"post", "ask", "verify", "failed", "conflict"};
constexpr std::array<std::string_view, 3> kEndpoints = {"documents", "corrections", "correction12"};

void Flag(std::string_view key, bool flag, base::JsonWriter* json) {
  if (flag) json->Key(key).Bool(true);
}
void Number(std::string_view key, std::int64_t number, base::JsonWriter* json) {
  if (number != 0) json->Key(key).Int(number);
}

bool IsBodyOf(std::string_view body, std::string_view id) {
  const auto document = base::ParseJson(body);
  return document.ok() && document->root().FindText("id") == id;
}

}  // namespace

std::string DocumentId(std::string_view task_id, int turn) {
  std::string id(task_id);
  if (turn > 1) id += "-" + std::to_string(turn);
  return id;
}

std::string WriteNotes(const Notes& notes) {
  base::JsonWriter json;
  json.BeginObject().Key("provider").String(kProvider).Key("version").Int(kVersion);
  json.Key("stage").String(kStages[static_cast<std::size_t>(notes.stage)]);
  json.Key("turn").Int(notes.turn).Key("id").String(notes.id);
  json.Key("endpoint").String(kEndpoints[static_cast<std::size_t>(notes.endpoint)]);
  if (!notes.place.empty()) json.Key("place").String(notes.place);
  Flag("doubt", notes.doubt, &json);
  Flag("created", notes.created, &json);
  Flag("exists", notes.exists, &json);
  Number("expired", notes.expired, &json);
  if (!notes.refusal.empty()) json.Key("refusal").String(notes.refusal);
  Number("missing_since", base::ToMillis(notes.missing_since), &json);
  json.Key("body").Raw(notes.body).EndObject();
  return json.Take();
}

base::Result<Notes> ReadNotes(std::string_view text, std::string_view task_id) {
  const auto document = base::ParseJson(text);
  if (!document.ok()) return document.error();
  NoteReader reader(document->root());
  const bool is_ours = document->root().FindText("provider") == kProvider;
  const bool is_known = reader.Number("version") == kVersion;
  if (!is_ours) return base::Error{base::Code::kInvalid, "they are another provider's"};
  if (!is_known) return base::Error{base::Code::kInvalid, "they are of another version"};
  Notes notes;
  notes.stage = static_cast<Stage>(reader.Word("stage", kStages));
  notes.turn = static_cast<int>(reader.Number("turn", kMaxTurns));
  notes.id = reader.Text("id");
  notes.endpoint = static_cast<Endpoint>(reader.Word("endpoint", kEndpoints));
  notes.place = reader.Text("place");
  notes.doubt = reader.Flag("doubt");
  notes.created = reader.Flag("created");
  notes.exists = reader.Flag("exists");
  notes.expired = static_cast<int>(reader.Number("expired", kMaxTurns));
  notes.refusal = base::Truncate(reader.Text("refusal"), base::kMaxErrorBytes);
  notes.missing_since = reader.Time("missing_since");
  notes.body = reader.Raw("body");
  reader.Demand(notes.turn >= 1 && notes.id == DocumentId(task_id, notes.turn));
  reader.Demand(IsBodyOf(notes.body, notes.id));
  if (!reader.is_good()) return base::Error{base::Code::kInvalid, "a value is missing or wrong"};
  return notes;
}

}  // namespace fiscalgate::protocol::orangedata
