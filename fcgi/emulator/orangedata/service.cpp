#include "fcgi/emulator/orangedata/service.h"

#include <array>

#include "fcgi/emulator/file_text.h"
#include "fcgi/emulator/marking_code.h"
#include "fcgi/emulator/orangedata/answers.h"
#include "lib/base/text.h"

namespace fiscalgate::emulator::orangedata {
namespace {

using cloud::Call;
using cloud::Record;
using cloud::Stage;

struct Path {
  Kind kind;
  std::string_view name;  // in the path, and as the record's kind
};
constexpr std::array kPaths = {Path{Kind::kDocument, "documents"},
                               Path{Kind::kCorrection, "corrections"},
                               Path{Kind::kCorrection12, "correction12"}};

std::string_view NameOf(Kind kind) { return kPaths[static_cast<std::size_t>(kind)].name; }

bool HasBadCode(const Document& document) {
  if (document.ignore_item_code_check) return false;
  for (const MarkedItem& item : document.marked) {
    if (!LooksLikeMarkingCode(item.item_code)) return true;
  }
  return false;
}

std::vector<MarkedItem> BadCodes(const Document& document) {
  std::vector<MarkedItem> bad;
  for (const MarkedItem& item : document.marked) {
    if (!LooksLikeMarkingCode(item.item_code)) bad.push_back(item);
  }
  if (bad.empty()) bad = document.marked;
  if (bad.empty()) bad.push_back({});
  return bad;
}

Document DocumentOf(const Record& record, Kind kind) {
  const auto json = base::ParseJson(record.request);
  FG_CHECK(json.ok());  // it was read when it was registered
  return ReadDocument(json->root(), kind);
}

Kind KindOf(const Record& record) {
  for (const Path& path : kPaths) {
    if (path.name == record.kind) return path.kind;
  }
  return Kind::kDocument;
}

}  // namespace

base::Result<std::unique_ptr<cloud::Service>> OrangeData::Make(const OrangeDataOptions& options,
                                                               cloud::Cloud& cloud) {
  const auto text = FileText(options.public_key_file);
  if (!text) return text.error();
  auto key = base::RsaPublicKey::Load(*text);
  if (!key) {
    return base::Error{key.error().code, options.public_key_file + ": " + key.error().what};
  }
  return std::unique_ptr<cloud::Service>(new OrangeData(options, std::move(key).value(), cloud));
}

std::vector<Call> OrangeData::Calls() {
  std::vector<Call> calls;
  const std::string kItemCode = "itemcode";
  const auto add = [&](std::string method, std::string path, std::string step, auto answer) {
    path = "/api/v2/" + path;
    calls.push_back({method, path, step, answer});
    calls.push_back({method, path + "/", step, answer});
  };
  using Request = const http::Request&;
  for (const Path& path : kPaths) {
    const std::string name(path.name);
    add("POST", name, "register", [this, &path](Request r) { return Submit(r, path.kind); });
    add("GET", name + "/*/status/*", "status",
        [this, &path](Request r) { return Status(r, path.kind); });
  }
  add("POST", kItemCode, "itemcode", [this](Request r) { return SubmitItemCode(r); });
  add("GET", kItemCode + "/*/status/*", "itemcode",
      [this](Request r) { return ItemCodeStatus(r); });
  add("GET", "devices/status/*/*", "devices", [this](Request r) { return Devices(r); });
  add("POST", "check", "check", [this](Request r) { return Check(r); });
  add("POST", "validateDocument", "validate", [this](Request r) { return Validate(r); });
  calls.push_back({"GET", "/api/v2/", "ping", [](Request) {
                     return http::Response{200, {{"Content-Type", "text/plain"}}, "Nebula.Api v2"};
                   }});
  return calls;
}

// 401 to everybody without a valid certificate, and to all in a storm.
bool OrangeData::IsLockedOut(const http::Request& request, std::string_view step) {
  const std::string_view verdict = http::FindHeader(request.headers, kCertificateVerdict);
  if (!verdict.empty() && verdict != "SUCCESS") return true;
  return cloud_.faults.Draw(std::array{Fault::kUnauthorizedStorm}, step).has_value();
}

bool OrangeData::KnowsInn(std::string_view inn) const {
  return options_.inn.empty() || inn == options_.inn;
}

bool OrangeData::IsSigned(const http::Request& request, const Document& document) const {
  const std::string& name = options_.key_name.empty() ? document.inn : options_.key_name;
  const auto signature =
      base::Base64DecodeLenient(http::FindHeader(request.headers, "X-Signature"));
  return document.key == name && signature && key_.Verify(request.body, *signature);
}

http::Response OrangeData::Submit(const http::Request& request, Kind kind) {
  if (IsLockedOut(request, "register")) return Empty(401);
  if (!IsJson(request)) return Empty(415);
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_object()) return Errors(400, {"Тело запроса не является JSON"});
  const Document document = ReadDocument(json->root(), kind);
  if (http::Response refused = Judge(request, document); refused.status != 0) return refused;
  return Register(request, document, kind);
}

http::Response OrangeData::Judge(const http::Request& request, const Document& document) const {
  if (!document.errors.empty()) return Errors(400, document.errors);
  if (!KnowsInn(document.inn)) return Errors(400, {"Организация не найдена"});
  if (!IsSigned(request, document)) return Errors(400, {"Подпись не прошла проверку"});
  return {};
}

http::Response OrangeData::Register(const http::Request& request, const Document& document,
                                    Kind kind) {
  if (cloud_.ledger->Find(document.id) != nullptr) return Empty(409);
  Record record = cloud::NewRecord(cloud_, document.id, std::string(NameOf(kind)), request.body);
  if (record.fate == cloud::Fate::kPrint && HasBadCode(document)) {
    record.fate = cloud::Fate::kFail;
    record.error = "Код маркировки не прошёл проверку";
  }
  const auto put = cloud_.ledger->Put(std::move(record));
  if (!put) {
    return put.error().code == base::Code::kTooLarge ? Errors(400, {"Документ слишком велик"})
                                                     : Errors(500, {put.error().what});
  }
  const bool conflict = cloud_.faults.Draw(std::array{Fault::kConflict409}, "register").has_value();
  return Empty(conflict ? 409 : 201);
}

http::Response OrangeData::Status(const http::Request& request, Kind kind) {
  if (IsLockedOut(request, "status")) return Empty(401);
  const std::string id = Segment(request.url, 0);
  const std::string inn = Segment(request.url, 2);
  if (!KnowsInn(inn)) return Errors(400, {"Организация не найдена"});
  const Record* const record = cloud_.ledger->Find(id);
  if (record == nullptr || record->kind != NameOf(kind) || DocumentOf(*record, kind).inn != inn) {
    return Errors(400, {"Чек не найден"});
  }
  return Outcome(*record, kind);
}

http::Response OrangeData::Outcome(const Record& record, Kind kind) {
  const std::string id = record.key;
  const auto stage = cloud::Settle(cloud_, *this, id);
  if (!stage) return Errors(500, {stage.error().what});
  const Record& now = *cloud_.ledger->Find(id);
  const bool is_old = kind == Kind::kCorrection;
  if (*stage == Stage::kPrinted) {
    return {200,
            {{"Content-Type", "application/json; charset=utf-8"}},
            PrintedBody(now, *cloud::PrintedOf(cloud_, now), options_.company)};
  }
  if (*stage == Stage::kFailed) {
    if (is_old) return Errors(400, {now.error});
    return {422,
            {{"Content-Type", "application/json; charset=utf-8"}},
            MarkingBody(BadCodes(DocumentOf(now, kind)), now.error)};
  }
  if (*stage == Stage::kExpired) return is_old ? Errors(400, {"Документ устарел"}) : Empty(524);
  return Empty(202);
}

http::Response OrangeData::Check(const http::Request& request) {
  if (IsLockedOut(request, "check")) return Empty(401);
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_object()) return Errors(400, {"Тело запроса не является JSON"});
  Document document;
  document.inn = json->root().FindText("inn");
  document.key = json->root().FindText("key", document.inn);
  const http::Response refused = Judge(request, document);
  return refused.status != 0 ? refused : Empty(200);
}

http::Response OrangeData::Validate(const http::Request& request) {
  if (IsLockedOut(request, "validate")) return Empty(401);
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_object()) return Errors(400, {"Тело запроса не является JSON"});
  const Document document = ReadDocument(json->root(), Kind::kDocument);
  return document.errors.empty() ? Empty(200) : Errors(400, document.errors);
}

http::Response OrangeData::Devices(const http::Request& request) {
  if (IsLockedOut(request, "devices")) return Empty(401);
  if (!KnowsInn(Segment(request.url, 1))) return Errors(400, {"Организация не найдена"});
  const auto status = base::ParseJson(cloud_.press->StatusJson());
  FG_CHECK(status.ok());
  const std::string fn(status->root().FindText("fn_1041"));
  const std::string group = Segment(request.url, 0);
  return {
      200, {{"Content-Type", "application/json; charset=utf-8"}}, DevicesBody(SerialOf(fn), group)};
}

base::Result<ffd::Receipt> OrangeData::ReceiptOf(const Record& record) const {
  return DocumentOf(record, KindOf(record)).receipt;
}

void OrangeData::Describe(const Record& record, base::JsonWriter* writer) const {
  const auto json = base::ParseJson(record.request);
  FG_CHECK(json.ok());  // it was read when it was registered
  const Document document = ReadEnvelope(json->root());
  writer->Key("id").String(document.id).Key("inn").String(document.inn);
  writer->Key("group").String(document.group);
}

http::Response OrangeData::Refusal(int status, std::string_view words) const {
  return Errors(status, {std::string(words)});
}

}  // namespace fiscalgate::emulator::orangedata
