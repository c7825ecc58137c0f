#include "fcgi/emulator/orangedata/answers.h"

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"

namespace fiscalgate::emulator::orangedata {
namespace {

constexpr std::string_view kMoscow = ".0000000+03:00";

base::Money Paid(const base::JsonValue& content) {
  base::Money paid;
  const base::JsonValue* const close = content.Find("checkClose");
  const base::JsonValue* const list = close == nullptr ? nullptr : close->Find("payments");
  if (list == nullptr) return paid;
  for (const base::JsonValue& payment : list->items) {
    paid = paid + protocol::Roubles(payment.Find("amount")).value_or(base::Money{});
  }
  return paid;
}

void WriteDevice(const ffd::FiscalMark& mark, base::JsonWriter* writer) {
  writer->Key("deviceSN").String(SerialOf(mark.fn_1041));
  writer->Key("deviceRN").String(mark.register_number_1037);
  writer->Key("fsNumber").String(mark.fn_1041);
  writer->Key("ofdName").String("ОФД Эмулятор").Key("ofdWebsite").String("www.ofd.example");
  writer->Key("ofdinn").String("7704211201").Key("fnsWebsite").String("www.nalog.gov.ru");
}

void WriteNumbers(const ffd::FiscalMark& mark, base::JsonWriter* writer) {
  writer->Key("documentNumber").Int(mark.fd_1040).Key("shiftNumber").Int(mark.shift_1038);
  writer->Key("documentIndex").Int(mark.receipt_number_1042);
  writer->Key("processedAt").String(mark.time_1012);
  writer->Key("processedAtTz").String(mark.time_1012 + std::string(kMoscow));
}

}  // namespace

std::string Segment(std::string_view path, int from_end) {
  while (path.ends_with('/')) path.remove_suffix(1);
  for (; from_end > 0; --from_end) path = path.substr(0, path.rfind('/'));
  return base::PercentDecode(path.substr(path.rfind('/') + 1)).value_or("");
}

bool IsJson(const http::Request& request) {
  return http::FindHeader(request.headers, "Content-Type").starts_with("application/json");
}

http::Response Empty(int status) { return {status, {}, ""}; }

http::Response Errors(int status, const std::vector<std::string>& errors) {
  base::JsonWriter writer;
  writer.BeginObject().Key("errors").BeginArray();
  for (const std::string& error : errors) writer.String(error);
  writer.EndArray().EndObject();
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, writer.Take()};
}

std::string SerialOf(const std::string& fn_1041) {
  constexpr std::size_t kDigits = 12;
  return "0001" + fn_1041.substr(fn_1041.size() - std::min(kDigits, fn_1041.size()));
}

std::string PrintedBody(const cloud::Record& record, const register_::Printed& printed,
                        std::string_view company) {
  const auto request = base::ParseJson(record.request);
  FG_CHECK(request.ok());  // it was read when it was registered
  const base::JsonValue& root = request->root();
  const base::JsonValue* const content = root.Find("content");
  FG_CHECK(content != nullptr);
  const base::Money paid = Paid(*content);
  base::JsonWriter writer;
  writer.BeginObject().Key("id").String(record.key);
  WriteDevice(printed.mark, &writer);
  writer.Key("companyINN").String(root.FindText("inn")).Key("companyName").String(company);
  WriteNumbers(printed.mark, &writer);
  writer.Key("content").Raw(content->raw).Key("change");
  writer.Raw(base::FormatMoney(paid.kopecks == 0 ? paid : paid - printed.mark.total_1020));
  writer.Key("fp").String(printed.mark.fpd_1077);
  for (const std::string_view key : {"callbackUrl", "meta"}) {
    if (const base::JsonValue* value = root.Find(key); value != nullptr && value->is_string()) {
      writer.Key(key).String(value->text);
    }
  }
  return writer.EndObject().Take();
}

std::string MarkingBody(const std::vector<MarkedItem>& items, std::string_view words) {
  base::JsonWriter writer;
  writer.BeginObject().Key("errors").BeginArray();
  for (const MarkedItem& item : items) {
    writer.BeginObject().Key("position").Int(item.position);
    writer.Key("itemCode").String(item.item_code).Key("checkResult").BeginObject();
    writer.Key("fsCheckStatus").Int(1).Key("fsCheckStatusCause").Int(0);
    writer.Key("oismResponse").BeginObject().Key("oismStatus").String(words);
    writer.EndObject().EndObject().EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

std::string DevicesBody(const std::string& serial, const std::string& group) {
  base::JsonWriter writer;
  writer.BeginObject().Key("devices").BeginArray().BeginObject();
  writer.Key("deviceSN").String(serial).Key("group").String(group).Key("status").String("Ready");
  return writer.EndObject().EndArray().EndObject().Take();
}

}  // namespace fiscalgate::emulator::orangedata
