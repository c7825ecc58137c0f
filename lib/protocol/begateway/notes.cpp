#include "lib/protocol/begateway/notes.h"

#include <algorithm>
#include <array>

#include "lib/base/crypto.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"

namespace fiscalgate::protocol::begateway {
namespace {

using base::JsonValue;

constexpr std::int64_t kVersion = 1;
constexpr std::array<std::string_view, 5> kPhases = {"ready", "posted", "searching", "page",
                                                     "asking"};
constexpr std::string_view kCards = "cards", kAlternative = "alternative";
constexpr int kMaxCount = 1'000'000;

// Reads members and remembers whether each was what it should be.
class Members {
 public:
  explicit Members(const JsonValue& object) : object_(object) {}

  std::string Text(std::string_view key) {
    const JsonValue* const value = object_.Find(key);
    is_whole_ = is_whole_ && value != nullptr && value->is_string();
    return is_whole_ ? std::string(value->text) : std::string();
  }
  bool Flag(std::string_view key) {
    const JsonValue* const value = object_.Find(key);
    is_whole_ = is_whole_ && value != nullptr && value->kind == base::JsonKind::kBool;
    return is_whole_ && value->boolean;
  }
  std::int64_t Number(std::string_view key) {
    const JsonValue* const value = object_.Find(key);
    const auto number = WholeNumber(value);
    is_whole_ = is_whole_ && value != nullptr && value->is_number() && number;
    return is_whole_ ? *number : 0;
  }
  int Count(std::string_view key) {
    const std::int64_t number = Number(key);
    is_whole_ = is_whole_ && number <= kMaxCount;
    return is_whole_ ? static_cast<int>(number) : 0;
  }
  base::WallTime Time(std::string_view key) { return base::FromMillis(Number(key)); }
  std::vector<std::string> Texts(std::string_view key) {
    const JsonValue* const value = object_.Find(key);
    is_whole_ = is_whole_ && value != nullptr && value->is_array();
    std::vector<std::string> texts;
    for (const JsonValue& item : is_whole_ ? value->items : std::span<const JsonValue>()) {
      is_whole_ = is_whole_ && item.is_string();
      texts.emplace_back(item.text);
    }
    return texts;
  }
  void Demand(bool is_so) { is_whole_ = is_whole_ && is_so; }
  bool is_whole() const { return is_whole_; }

 private:
  const JsonValue& object_;
  bool is_whole_ = true;
};

void ReadNames(Members& members, Notes* notes) {
  const std::string phase = members.Text("phase"), api = members.Text("api");
  const auto found = std::find(kPhases.begin(), kPhases.end(), phase);
  members.Demand(found != kPhases.end() && (api == kCards || api == kAlternative));
  if (!members.is_whole()) return;
  notes->phase = static_cast<Phase>(found - kPhases.begin());
  notes->api = api == kCards ? Api::kCards : Api::kAlternative;
}

// Whether what the phase stands on is there.
bool HangsTogether(const Notes& notes) {
  const bool was_posted = notes.posts > 0 || notes.round > 1;
  return !notes.merchant.empty() && notes.round > 0 && !notes.request_id.empty() &&
         (notes.phase != Phase::kPosted || notes.posts > 0) &&
         (notes.phase != Phase::kSearching || was_posted) &&
         (notes.phase != Phase::kPage || !notes.token.empty()) &&
         (notes.phase != Phase::kAsking || !notes.uid.empty()) &&
         (!notes.is_paid || !notes.uid.empty());
}

}  // namespace

std::string WriteNotes(const Notes& notes) {
  base::JsonWriter json;
  json.BeginObject().Key("v").Int(kVersion).Key("merchant").String(notes.merchant);
  json.Key("phase").String(kPhases[static_cast<std::size_t>(notes.phase)]);
  json.Key("api").String(notes.api == Api::kCards ? kCards : kAlternative);
  json.Key("round").Int(notes.round).Key("request_id").String(notes.request_id);
  json.Key("made_at").Int(base::ToMillis(notes.made_at));
  json.Key("posted_at").Int(base::ToMillis(notes.posted_at)).Key("posts").Int(notes.posts);
  json.Key("none_since").Int(base::ToMillis(notes.none_since));
  json.Key("uid").String(notes.uid).Key("token").String(notes.token);
  json.Key("payment_url").String(notes.payment_url).Key("paid").Bool(notes.is_paid);
  json.Key("page_over").Bool(notes.is_page_over).Key("over").Bool(notes.is_over);
  json.Key("page_open").Bool(notes.is_page_open);
  json.Key("flips").Int(notes.flips).Key("refusal").String(notes.refusal);
  json.Key("failed").BeginArray();
  for (const std::string& uid : notes.failed) json.String(uid);
  json.EndArray().EndObject();
  return json.Take();
}

std::optional<Notes> ReadNotes(std::string_view text) {
  const auto document = base::ParseJson(text);
  if (!document.ok()) return std::nullopt;
  Members members(document->root());
  Notes notes;
  members.Demand(members.Number("v") == kVersion);
  ReadNames(members, &notes);
  notes.merchant = members.Text("merchant");
  notes.round = members.Count("round");
  notes.request_id = members.Text("request_id");
  notes.made_at = members.Time("made_at");
  notes.posted_at = members.Time("posted_at");
  notes.posts = members.Count("posts");
  notes.none_since = members.Time("none_since");
  notes.uid = members.Text("uid");
  notes.token = members.Text("token");
  notes.payment_url = members.Text("payment_url");
  notes.is_paid = members.Flag("paid");
  notes.is_page_over = members.Flag("page_over");
  notes.is_over = members.Flag("over");
  notes.is_page_open = members.Flag("page_open");
  notes.flips = members.Count("flips");
  notes.refusal = members.Text("refusal");
  notes.failed = members.Texts("failed");
  if (!members.is_whole() || !HangsTogether(notes)) return std::nullopt;
  return notes;
}

std::string RequestIdOf(std::string_view task_id, int round) {
  constexpr std::size_t kDashes[] = {8, 13, 18, 23};
  std::string bytes =
      base::Sha256("begateway/" + std::string(task_id) + "/" + std::to_string(round)).substr(0, 16);
  // A UUID of the eighth version (RFC 9562): its bits are its maker's own.
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x80);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = base::HexEncode(bytes);
  for (const std::size_t at : kDashes) text.insert(at, 1, '-');
  return text;
}

}  // namespace fiscalgate::protocol::begateway
