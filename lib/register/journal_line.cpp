#include "lib/register/journal_line.h"

#include <charconv>

namespace fiscalgate::register_ {
std::optional<std::int64_t> FindInt(const base::JsonValue& object, std::string_view key) {
  const base::JsonValue* value = object.Find(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [stop, error] = std::from_chars(value->text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string WriteJournalLine(const Printed& document) {
  base::JsonWriter writer;
  writer.BeginObject().Key("fd").Int(document.fd_1040).Key("kind").String(document.kind);
  writer.Key("order_id").String(document.order_id).Key("key").String(document.command_key);
  writer.Key("at_ms").Int(base::ToMillis(document.printed_at));
  writer.Key("shift").Int(document.shift_1038);
  writer.Key("drawer_kopecks").Int(document.drawer_change.kopecks);
  if (document.kind == "receipt") {
    writer.Key("mark");
    ffd::WriteFiscalMark(document.mark, &writer);
  }
  writer.Key("text").String(document.text);
  writer.Key("narrow_text").String(document.narrow_text).EndObject();
  return writer.Take();
}

std::optional<Printed> ReadJournalLine(std::string_view line) {
  const auto parsed = base::ParseJson(line, base::JsonReader::kSimdjson);
  if (!parsed || !parsed->root().is_object()) return std::nullopt;
  const base::JsonValue& root = parsed->root();
  const auto fd = FindInt(root, "fd");
  const auto at = FindInt(root, "at_ms");
  const auto shift = FindInt(root, "shift");
  const auto drawer = FindInt(root, "drawer_kopecks");
  if (!fd || !at || !shift || !drawer) return std::nullopt;
  Printed document;
  document.fd_1040 = *fd;
  document.kind = root.FindText("kind");
  document.order_id = root.FindText("order_id");
  document.command_key = root.FindText("key");
  document.printed_at = base::FromMillis(*at);
  document.shift_1038 = *shift;
  document.drawer_change = {*drawer};
  document.text = root.FindText("text");
  document.narrow_text = root.FindText("narrow_text");
  if (document.kind.empty()) return std::nullopt;
  if (const base::JsonValue* mark = root.Find("mark"); mark != nullptr) {
    auto read = ffd::ReadFiscalMark(*mark);
    if (!read) return std::nullopt;
    document.mark = *std::move(read);
  }
  return document;
}

}  // namespace fiscalgate::register_
