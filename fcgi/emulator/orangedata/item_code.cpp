#include "fcgi/emulator/cloud/fields.h"
#include "fcgi/emulator/marking_code.h"
#include "fcgi/emulator/orangedata/answers.h"
#include "fcgi/emulator/orangedata/service.h"

namespace fiscalgate::emulator::orangedata {
namespace {

constexpr std::string_view kKind = "itemcode";

// What a good code is answered with, of the names that are documented for a bad one.
std::string VerdictBody(const cloud::Record& record, const MarkedItem& item) {
  const bool is_good = LooksLikeMarkingCode(item.item_code);
  base::JsonWriter writer;
  writer.BeginObject().Key("id").String(record.key).Key("itemCode").String(item.item_code);
  writer.Key("checkResult").BeginObject();
  writer.Key("fsCheckStatus").Int(is_good ? 3 : 1).Key("fsCheckStatusCause").Int(0);
  writer.Key("checkResult").Bool(is_good).EndObject().EndObject();
  return writer.Take();
}

}  // namespace

Document ReadItemCode(const base::JsonValue& root) {
  Document document = ReadEnvelope(root);
  cloud::Fields fields(root, "", &document.errors);
  const base::JsonValue* const content = fields.Object("content", cloud::Need::kRequired);
  if (content == nullptr) return document;
  cloud::Fields inner(*content, "content.", &document.errors);
  constexpr std::int64_t kMaxStatus = 255;
  inner.Whole("plannedStatus", 1, kMaxStatus, 0, cloud::Need::kRequired);
  document.marked.push_back({0, inner.Text("itemCode", 223, cloud::Need::kRequired)});
  return document;
}

http::Response OrangeData::SubmitItemCode(const http::Request& request) {
  if (IsLockedOut(request, kKind)) return Empty(401);
  if (!IsJson(request)) return Empty(415);
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_object()) return Errors(400, {"Тело запроса не является JSON"});
  const Document document = ReadItemCode(json->root());
  if (http::Response refused = Judge(request, document); refused.status != 0) return refused;
  if (cloud_.ledger->Find(document.id) != nullptr) return Empty(409);
  cloud::Record record = cloud::NewRecord(cloud_, document.id, std::string(kKind), request.body);
  record.fate = cloud::Fate::kNothing;  // is never printed
  const auto put = cloud_.ledger->Put(std::move(record));
  return put ? Empty(201) : Errors(500, {put.error().what});
}

http::Response OrangeData::ItemCodeStatus(const http::Request& request) {
  if (IsLockedOut(request, kKind)) return Empty(401);
  const cloud::Record* const record = cloud_.ledger->Find(Segment(request.url, 0));
  const auto json = base::ParseJson(record == nullptr ? "" : record->request);
  if (!json || record->kind != kKind) return Errors(400, {"Проверка не найдена"});
  const Document document = ReadItemCode(json->root());
  if (document.inn != Segment(request.url, 2)) return Errors(400, {"Организация не найдена"});
  if (cloud_.clock.Now() < record->due_at) return Empty(202);
  return {200,
          {{"Content-Type", "application/json; charset=utf-8"}},
          VerdictBody(*record, document.marked.front())};
}

}  // namespace fiscalgate::emulator::orangedata
