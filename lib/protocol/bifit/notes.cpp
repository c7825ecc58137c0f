#include "lib/protocol/bifit/notes.h"

#include <algorithm>
#include <array>

#include "lib/base/json.h"
#include "lib/protocol/note_reader.h"

namespace fiscalgate::protocol::bifit {
namespace {

constexpr std::string_view kProvider = "bifit";
constexpr int kVersion = 1;
constexpr std::size_t kKeyDigits = 64;
constexpr int kMaxReloads = 1'000'000;
// In the order of Stage.
constexpr std::array<std::string_view, 5> kStages = {"post", "ask", "reload", "refused", "failed"};

bool IsKey(std::string_view key) {
  return key.size() == kKeyDigits && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool HasDocument(Stage stage) { return stage != Stage::kPost && stage != Stage::kRefused; }

void Flag(std::string_view key, bool flag, base::JsonWriter* json) {
  if (flag) json->Key(key).Bool(true);
}
void Number(std::string_view key, std::int64_t number, base::JsonWriter* json) {
  if (number != 0) json->Key(key).Int(number);
}

}  // namespace

std::string WriteNotes(const Notes& notes) {
  base::JsonWriter json;
  json.BeginObject().Key("provider").String(kProvider).Key("version").Int(kVersion);
  json.Key("stage").String(kStages[static_cast<std::size_t>(notes.stage)]);
  json.Key("key").String(notes.key);
  if (!notes.url.empty()) json.Key("url").String(notes.url);
  Flag("doubt", notes.doubt, &json);
  Number("document", notes.document, &json);
  Number("reloads", notes.reloads, &json);
  Number("reload_at", base::ToMillis(notes.reload_at), &json);
  Flag("owed", notes.owed, &json);
  Flag("closed", notes.closed, &json);
  Flag("renewed", notes.renewed, &json);
  Number("missing_since", base::ToMillis(notes.missing_since), &json);
  json.Key("body").Raw(notes.body).EndObject();
  return json.Take();
}

base::Result<Notes> ReadNotes(std::string_view text) {
  const auto document = base::ParseJson(text);
  if (!document.ok()) return document.error();
  NoteReader reader(document->root());
  const bool is_ours = document->root().FindText("provider") == kProvider;
  const bool is_known = reader.Number("version") == kVersion;
  if (!is_ours) return base::Error{base::Code::kInvalid, "they are another provider's"};
  if (!is_known) return base::Error{base::Code::kInvalid, "they are of another version"};
  Notes notes;
  notes.stage = static_cast<Stage>(reader.Word("stage", kStages));
  notes.key = reader.Text("key");
  notes.url = reader.Text("url");
  notes.doubt = reader.Flag("doubt");
  notes.document = reader.Number("document");
  notes.reloads = static_cast<int>(reader.Number("reloads", kMaxReloads));
  notes.reload_at = reader.Time("reload_at");
  notes.owed = reader.Flag("owed");
  notes.closed = reader.Flag("closed");
  notes.renewed = reader.Flag("renewed");
  notes.missing_since = reader.Time("missing_since");
  notes.body = reader.Raw("body");
  reader.Demand(IsKey(notes.key) && HasDocument(notes.stage) == (notes.document > 0));
  if (!reader.is_good()) return base::Error{base::Code::kInvalid, "a value is missing or wrong"};
  return notes;
}

}  // namespace fiscalgate::protocol::bifit
