#include <charconv>
#include <limits>
#include <optional>

#include "fcgi/emulator/control.h"
#include "fcgi/error_reply.h"
#include "fcgi/query.h"
#include "lib/base/json.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator {
namespace {

struct JournalQuery {
  std::int64_t after = 0;
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  bool with_text = true;
  std::string kind;
};

template <typename Int>
bool ReadInt(std::string_view text, Int* out) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *out);
  return error == std::errc() && stop == end;
}

std::optional<JournalQuery> ReadQuery(std::string_view text) {
  const auto fields = base::ParseForm(text);
  if (!fields) return std::nullopt;
  JournalQuery query;
  for (const auto& [name, value] : *fields) {
    bool fine = true;
    if (name == "after") {
      fine = ReadInt(value, &query.after) && query.after >= 0;
    } else if (name == "limit") {
      fine = ReadInt(value, &query.limit);
    } else if (name == "text") {
      query.with_text = value != "0";
    } else if (name == "kind") {
      query.kind = value;
    } else {
      fine = false;
    }
    if (!fine) return std::nullopt;
  }
  return query;
}

void WriteDocument(const Driver::Numbered& entry, bool with_text, base::JsonWriter* writer) {
  const register_::Printed& document = entry.document;
  writer->BeginObject().Key("number").Int(static_cast<std::int64_t>(entry.number));
  writer->Key("fd").Int(document.fd_1040).Key("kind").String(document.kind);
  writer->Key("order_id").String(document.order_id);
  writer->Key("command_key").String(document.command_key);
  writer->Key("printed_at").String(base::FormatUtc(document.printed_at));
  writer->Key("shift_1038").Int(document.shift_1038).Key("mark");
  if (document.kind == "receipt") {
    ffd::WriteFiscalMark(document.mark, writer);
  } else {
    writer->Null();
  }
  if (with_text) writer->Key("text").String(document.text);
  writer->EndObject();
}

}  // namespace

http::Response ShowJournal(const http::Request& request, const Device& device) {
  const auto query = ReadQuery(request.query);
  if (!query) return Refuse(400, "Неверный запрос: after, limit, kind, text=0");
  base::JsonWriter writer;
  writer.BeginArray();
  for (const Driver::Numbered& entry :
       device.driver->DocumentsAfter(query->after, query->kind, query->limit)) {
    WriteDocument(entry, query->with_text, &writer);
  }
  writer.EndArray();
  return JsonResponse(writer.Take());
}

http::Response ShowReceipt(const http::Request& request, const Device& device) {
  constexpr std::size_t kWide = register_::Paper::kColumns;
  constexpr std::size_t kNarrow = register_::Paper::kNarrowColumns;
  std::string_view name = std::string_view(request.url).substr(request.url.rfind('/') + 1);
  if (name.ends_with(".txt")) name.remove_suffix(4);
  std::int64_t fd = 0;
  if (!ReadInt(name, &fd)) return Refuse(404, "Ожидается номер документа: 12.txt");
  const auto columns =
      Query(request.query).Int("width", static_cast<std::int64_t>(device.columns), kNarrow, kWide);
  if (!columns || (*columns != kNarrow && *columns != kWide)) {
    return Refuse(400, "Неверная ширина: width=32 или width=48");
  }
  const auto document = device.driver->FindDocument(fd);
  if (!document) return Refuse(404, "Документа с таким номером нет");
  const std::string& text = *columns == kNarrow ? document->narrow_text : document->text;
  if (text.empty()) return Refuse(404, "Этот документ напечатан только в ширину 48");
  return {200, {{"Content-Type", "text/plain; charset=utf-8"}}, text};
}

http::Response ShowSlips(const Device& device) {
  base::JsonWriter writer;
  writer.BeginArray();
  for (const register_::Slip& slip : device.driver->Slips()) {
    writer.BeginObject().Key("kind").String(slip.kind).Key("order_id").String(slip.order_id);
    writer.Key("rrn").String(slip.rrn).Key("payment_rrn").String(slip.payment_rrn);
    writer.Key("sum").String(base::FormatMoney(slip.sum));
    writer.Key("printed_at").String(base::FormatUtc(slip.printed_at));
    writer.Key("text").String(slip.text).EndObject();
  }
  writer.EndArray();
  return JsonResponse(writer.Take());
}

}  // namespace fiscalgate::emulator
