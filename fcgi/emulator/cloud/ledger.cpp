#include "fcgi/emulator/cloud/ledger.h"

#include <array>
#include <optional>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::cloud {
namespace {

constexpr std::array<std::string_view, 4> kFates = {"print", "fail", "expire", "nothing"};

std::optional<Fate> FateFromName(std::string_view name) {
  for (std::size_t i = 0; i < kFates.size(); ++i) {
    if (kFates[i] == name) return static_cast<Fate>(i);
  }
  return std::nullopt;
}

// The request does not change and is not written again.
std::string WriteLine(const Record& record, bool with_request) {
  base::JsonWriter writer;
  writer.BeginObject().Key("key").String(record.key).Key("number").Int(record.number);
  writer.Key("kind").String(record.kind);
  writer.Key("at_ms").Int(base::ToMillis(record.registered_at));
  writer.Key("due_ms").Int(base::ToMillis(record.due_at));
  writer.Key("fate").String(kFates[static_cast<std::size_t>(record.fate)]);
  writer.Key("round").Int(record.round);
  if (!record.error.empty()) writer.Key("error").String(record.error);
  if (!record.notes.empty()) writer.Key("notes").Raw(record.notes);
  if (with_request) writer.Key("request").String(record.request);
  return writer.EndObject().Take();
}

std::optional<Record> ReadLine(const base::JsonValue& root) {
  const auto number = register_::FindInt(root, "number");
  const auto at = register_::FindInt(root, "at_ms");
  const auto due = register_::FindInt(root, "due_ms");
  const auto round = register_::FindInt(root, "round");
  const auto fate = FateFromName(root.FindText("fate"));
  if (!number || !at || !due || !round || !fate) return std::nullopt;
  Record record;
  record.key = root.FindText("key");
  record.number = *number;
  record.kind = root.FindText("kind");
  record.registered_at = base::FromMillis(*at);
  record.due_at = base::FromMillis(*due);
  record.fate = *fate;
  record.round = static_cast<int>(*round);
  record.error = root.FindText("error");
  record.request = root.FindText("request");
  if (const base::JsonValue* notes = root.Find("notes"); notes != nullptr) {
    record.notes = notes->raw;
  }
  return record;
}

}  // namespace

base::Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& path) {
  auto ledger = std::make_unique<Ledger>();
  auto file = register_::JournalFile::Open(
      path, [&ledger](std::string_view line) { return ledger->Replay(line); });
  if (!file) return file.error();
  ledger->file_ = std::move(*file);
  return ledger;
}

bool Ledger::Replay(std::string_view line) {
  const auto document = base::ParseJson(line, base::JsonReader::kSimdjson);
  if (!document || !document->root().is_object()) return false;
  auto record = ReadLine(document->root());
  if (!record) return false;
  const Record* const known = Find(record->key);
  const auto next = static_cast<std::int64_t>(records_.size()) + 1;
  if (record->number != (known == nullptr ? next : known->number)) return false;
  if (known != nullptr) record->request = known->request;
  Remember(*std::move(record));
  return true;
}

void Ledger::Remember(Record record) {
  const auto index = static_cast<std::size_t>(record.number - 1);
  if (index < records_.size()) {
    records_[index] = std::move(record);
    return;
  }
  by_key_.emplace(record.key, index);
  records_.push_back(std::move(record));
}

base::Status Ledger::Put(Record record) {
  const Record* const known = Find(record.key);
  if (known == nullptr && records_.size() >= base::kMaxRegisterDocuments) {
    return base::Error{base::Code::kTooLarge, "the ledger is full"};
  }
  record.number = known == nullptr ? static_cast<std::int64_t>(records_.size()) + 1 : known->number;
  if (known != nullptr) record.request = known->request;
  const std::string line = WriteLine(record, known == nullptr);
  if (line.size() > base::kMaxJsonBytes) {  // could not be read back
    return base::Error{base::Code::kTooLarge, "the request is too large"};
  }
  if (auto written = file_->Append(line); !written) return written;
  Remember(std::move(record));
  return base::Ok();
}

const Record* Ledger::Find(std::string_view key) const {
  const auto found = by_key_.find(std::string(key));
  return found == by_key_.end() ? nullptr : &records_[found->second];
}

const Record* Ledger::FindNumber(std::int64_t number) const {
  const bool is_known = number >= 1 && number <= static_cast<std::int64_t>(records_.size());
  return is_known ? &records_[static_cast<std::size_t>(number - 1)] : nullptr;
}

}  // namespace fiscalgate::emulator::cloud
