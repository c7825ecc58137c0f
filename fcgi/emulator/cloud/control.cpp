#include "fcgi/emulator/cloud/control.h"

#include <map>

#include "fcgi/emulator/fault_desk.h"
#include "fcgi/error_reply.h"
#include "lib/base/limits.h"
#include "lib/register/journal_line.h"

namespace fiscalgate::emulator::cloud {
namespace {

// Where the record stands without doing anything about it.
Stage StageNow(const Cloud& cloud, const Record& record) {
  if (record.fate == Fate::kNothing) return Stage::kNothing;
  if (PrintedOf(cloud, record) != nullptr) return Stage::kPrinted;
  if (cloud.clock.Now() < record.due_at || record.fate == Fate::kPrint) return Stage::kProcessing;
  return record.fate == Fate::kFail ? Stage::kFailed : Stage::kExpired;
}

void WritePrinted(const Service& service, const Cloud& cloud, const register_::Printed& document,
                  bool with_text, base::JsonWriter* writer) {
  writer->BeginObject().Key("key").String(document.order_id);
  writer->Key("round").String(document.command_key);
  writer->Key("fd").Int(document.fd_1040).Key("fn").String(document.mark.fn_1041);
  writer->Key("fpd").String(document.mark.fpd_1077);
  writer->Key("total").String(base::FormatMoney(document.mark.total_1020));
  writer->Key("type").Int(document.mark.receipt_type_1054);
  writer->Key("printed_at").String(base::FormatUtc(document.printed_at));
  if (const Record* record = cloud.ledger->Find(document.order_id)) {
    writer->Key("number").Int(record->number).Key("kind").String(record->kind);
    service.Describe(*record, writer);
  }
  if (with_text) writer->Key("text").String(document.text);
  writer->EndObject();
}

void WriteRecord(const Service& service, const Cloud& cloud, const Record& record,
                 base::JsonWriter* writer) {
  writer->BeginObject().Key("key").String(record.key).Key("number").Int(record.number);
  writer->Key("kind").String(record.kind).Key("round").Int(record.round);
  writer->Key("stage").String(StageName(StageNow(cloud, record)));
  if (!record.error.empty()) writer->Key("error").String(record.error);
  writer->Key("registered_at").String(base::FormatUtc(record.registered_at));
  writer->Key("due_at").String(base::FormatUtc(record.due_at));
  if (const register_::Printed* printed = PrintedOf(cloud, record)) {
    writer->Key("fd").Int(printed->fd_1040);
  }
  service.Describe(record, writer);
  writer->EndObject();
}

http::Response Broken(const base::Error& error) { return Refuse(500, error.what); }

}  // namespace

http::Response ShowStatus(const Service& service, Cloud& cloud) {
  std::lock_guard lock(cloud.mutex);
  std::map<Stage, std::int64_t> counts;
  for (const Record& record : cloud.ledger->records()) ++counts[StageNow(cloud, record)];
  base::JsonWriter writer;
  writer.BeginObject().Key("service").String(service.title());
  writer.Key("register").Raw(cloud.press->StatusJson()).Key("records").BeginObject();
  for (const auto& [stage, count] : counts) writer.Key(StageName(stage)).Int(count);
  writer.EndObject().Key("settings").BeginObject();
  cloud.numbers.Write(&writer);
  writer.EndObject().Key("now").String(base::FormatUtc(cloud.clock.Now()));
  writer.Key("parked").Int(static_cast<std::int64_t>(cloud.parking.size()));
  writer.Key("faults").Raw(FaultsJson(cloud.faults)).EndObject();
  return JsonResponse(writer.Take());
}

http::Response ShowDocuments(const http::Request& request, const Service& service, Cloud& cloud) {
  const bool with_text = request.query != "text=0";
  std::lock_guard lock(cloud.mutex);
  if (auto settled = SettleAll(cloud, service); !settled) return Broken(settled.error());
  base::JsonWriter writer;
  writer.BeginArray();
  for (const register_::Printed& document : cloud.press->journal()) {
    if (document.kind == "receipt") WritePrinted(service, cloud, document, with_text, &writer);
  }
  return JsonResponse(writer.EndArray().Take());
}

http::Response ShowRecords(const Service& service, Cloud& cloud) {
  std::lock_guard lock(cloud.mutex);
  if (auto settled = SettleAll(cloud, service); !settled) return Broken(settled.error());
  base::JsonWriter writer;
  writer.BeginArray();
  for (const Record& record : cloud.ledger->records()) {
    WriteRecord(service, cloud, record, &writer);
  }
  return JsonResponse(writer.EndArray().Take());
}

http::Response ChangeSettings(const http::Request& request, const Service& service, Cloud& cloud) {
  const auto document = base::ParseJson(request.body);
  if (!document) return Refuse(400, "Ожидается объект JSON");
  const std::string wrong = cloud.numbers.Change(document->root());
  return wrong.empty() ? ShowStatus(service, cloud) : Refuse(400, wrong);
}

http::Response AdvanceClock(const http::Request& request, const Service& service, Cloud& cloud) {
  const auto document = base::ParseJson(request.body);
  const auto seconds = document ? register_::FindInt(document->root(), "advance_s") : std::nullopt;
  constexpr std::chrono::seconds kMax = base::kMaxClockAdvance;
  if (!seconds || *seconds < 0 || *seconds > kMax.count() ||
      cloud.clock.offset() + std::chrono::seconds(*seconds) > kMax) {
    return Refuse(400, "Ожидается {\"advance_s\": число секунд вперёд}");
  }
  cloud.clock.Advance(std::chrono::seconds(*seconds));
  return ShowStatus(service, cloud);
}

}  // namespace fiscalgate::emulator::cloud
