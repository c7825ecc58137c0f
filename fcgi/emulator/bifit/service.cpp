#include "fcgi/emulator/bifit/service.h"

#include <array>
#include <filesystem>

#include "fcgi/emulator/bifit/answers.h"
#include "fcgi/emulator/bifit/receipt_reader.h"
#include "fcgi/emulator/file_text.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/bifit/mapping_table.h"

namespace fiscalgate::emulator::bifit {
namespace {

using cloud::Record;
using cloud::Stage;

constexpr std::int64_t kDefaultLifeS = 3600, kMaxLifeS = 24 * 3600;
constexpr std::size_t kMaxKeyBytes = 256;

bool IsJson(const http::Request& request) {
  return http::FindHeader(request.headers, "Content-Type").starts_with("application/json");
}

std::string LastSegment(std::string_view path) {
  return base::PercentDecode(path.substr(path.rfind('/') + 1)).value_or("");
}

}  // namespace

base::Result<std::unique_ptr<cloud::Service>> Bifit::Make(const BifitOptions& options,
                                                          cloud::Cloud& cloud) {
  const auto overlay = options.mapping_file.empty() ? base::Result<std::string>(OwnOverlay())
                                                    : FileText(options.mapping_file);
  if (!overlay) return overlay.error();
  auto mapping = protocol::Mapping::Make(protocol::bifit::Table(), *overlay);
  if (!mapping) return mapping.error();
  auto tokens = Tokens::Open(std::filesystem::path(cloud.folder) / "session.key");
  if (!tokens) return tokens.error();
  cloud.numbers.Declare(kTokenLifeS, kDefaultLifeS, 1, kMaxLifeS);
  cloud.numbers.Declare(kRefreshAllowed, 1, 0, 1);
  return std::unique_ptr<cloud::Service>(
      new Bifit(options, std::move(tokens).value(), *overlay, std::move(mapping).value(), cloud));
}

std::vector<cloud::Call> Bifit::Calls() {
  using Request = const http::Request&;
  const std::string base = "/processing-api";
  return {
      {"POST", base + "/oauth/token", "token", [this](Request r) { return Token(r); }},
      {"POST", base + "/protected/documents/registration/receipts", "register",
       [this](Request r) { return Register(r); }},
      {"POST", base + "/protected/documents/reload/token", "reload",
       [this](Request r) { return Reload(r); }},
      {"GET", base + "/protected/documents/*", "status", [this](Request r) { return Document(r); }},
      {"GET", base + "/receipts/*", "page", [this](Request r) { return ReceiptPage(r); }},
  };
}

http::Response Bifit::Guard(const http::Request& request, std::string_view step) {
  if (cloud_.faults.Draw(std::array{Fault::kTokenExpired}, step)) tokens_.ExpireAll();
  const bool is_storm = cloud_.faults.Draw(std::array{Fault::kUnauthorizedStorm}, step).has_value();
  constexpr std::string_view kBearer = "bearer ";
  const std::string_view header = http::FindHeader(request.headers, "Authorization");
  if (!base::EqualsIgnoreCase(header.substr(0, kBearer.size()), kBearer)) {
    return OAuthError(401, "unauthorized",
                      "Full authentication is required to access this resource");
  }
  const TokenVerdict verdict = tokens_.Check(base::Trim(header.substr(kBearer.size())),
                                             TokenKind::kAccess, cloud_.clock.Now());
  if (verdict == TokenVerdict::kForeign) {
    return OAuthError(401, "invalid_token", "Cannot convert access token to JSON");
  }
  if (verdict == TokenVerdict::kExpired || is_storm) {
    return OAuthError(401, "invalid_token", "Access token expired");
  }
  return {};
}

http::Response Bifit::Register(const http::Request& request) {
  if (http::Response refused = Guard(request, "register"); refused.status != 0) return refused;
  if (!IsJson(request)) return Refused(415, "Ожидается application/json");
  const std::string key(http::FindHeader(request.headers, "Idempotency-Key"));
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return Refused(400, "Нет заголовка Idempotency-Key, или он слишком длинный");
  }
  const Record* const known = cloud_.ledger->Find(key);
  if (known != nullptr && known->request != request.body) {
    return Refused(409, "Под этим Idempotency-Key зарегистрирован другой документ");
  }
  return known == nullptr ? AddReceipt(key, request)
                          : Json(std::to_string(kFirstNumber + known->number));
}

http::Response Bifit::AddReceipt(const std::string& key, const http::Request& request) {
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_object()) return Refused(400, "Тело запроса не является JSON");
  const ReadReceipt read = ReadPostedReceipt(json->root(), mapping_);
  if (!read.errors.empty()) return Refused(400, "Некорректные данные чека", read.errors);
  if (auto put = cloud_.ledger->Put(cloud::NewRecord(cloud_, key, "receipt", request.body)); !put) {
    const bool is_large = put.error().code == base::Code::kTooLarge;
    return is_large ? Refused(400, "Документ слишком велик") : Refused(500, put.error().what);
  }
  if (cloud_.faults.Draw(std::array{Fault::kConflict409}, "register")) {
    return Refused(409, "Документ с этим Idempotency-Key уже обрабатывается");
  }
  return Json(std::to_string(kFirstNumber + cloud_.ledger->Find(key)->number));
}

http::Response Bifit::Document(const http::Request& request) {
  if (http::Response refused = Guard(request, "status"); refused.status != 0) return refused;
  const auto id = base::ParseJson(LastSegment(request.url));
  const auto number = id ? protocol::WholeNumber(&id->root()) : std::nullopt;
  const Record* const record = number ? cloud_.ledger->FindNumber(*number - kFirstNumber) : nullptr;
  if (record == nullptr) return Refused(404, "Документ не найден");
  const std::string key = record->key;
  const auto stage = cloud::Settle(cloud_, *this, key);
  if (!stage) return Refused(500, stage.error().what);
  const Record& now = *cloud_.ledger->Find(key);
  return Json(DocumentBody(now, *stage, cloud::PrintedOf(cloud_, now)));
}

// The records that are named, all of them in error.
base::Result<std::vector<Record>> Bifit::ReloadedOf(const http::Request& request) {
  const auto json = base::ParseJson(request.body);
  if (!json || !json->root().is_array() || json->root().items.empty()) {
    return base::Error{base::Code::kMalformed, "Ожидается список номеров документов"};
  }
  std::vector<Record> records;
  for (const base::JsonValue& item : json->root().items) {
    const auto number = item.is_number() ? protocol::WholeNumber(&item) : std::nullopt;
    const Record* const record =
        number ? cloud_.ledger->FindNumber(*number - kFirstNumber) : nullptr;
    if (record == nullptr) return base::Error{base::Code::kNotFound, "Документ не найден"};
    const std::string key = record->key;
    const auto stage = cloud::Settle(cloud_, *this, key);
    if (!stage) return stage.error();
    if (*stage != Stage::kFailed) {
      return base::Error{base::Code::kInvalid, "Документ не находится в статусе «Ошибка»"};
    }
    records.push_back(*cloud_.ledger->Find(key));
  }
  return records;
}

http::Response Bifit::Reload(const http::Request& request) {
  if (http::Response refused = Guard(request, "reload"); refused.status != 0) return refused;
  if (!IsJson(request)) return Refused(415, "Ожидается application/json");
  const std::string_view broker = http::FindHeader(request.headers, "Broker-token");
  if (broker.empty() || (!options_.broker_token.empty() && broker != options_.broker_token)) {
    return Refused(403, "Неверный Broker-token");
  }
  auto records = ReloadedOf(request);
  if (!records) {
    const base::Code code = records.error().code;
    const int status = code == base::Code::kNotFound ? 404 : 400;
    return Refused(code == base::Code::kInternal ? 500 : status, records.error().what);
  }
  for (const Record& record : *records) {
    auto put = cloud_.ledger->Put(cloud::NextRound(cloud_, record));
    if (!put) return Refused(500, put.error().what);
  }
  return Json(request.body);
}

http::Response Bifit::ReceiptPage(const http::Request& request) {
  const std::string key = LastSegment(request.url);
  const register_::Printed* printed = nullptr;
  std::string_view state = "Чек ещё не поступил в обработку";
  if (cloud_.ledger->Find(key) != nullptr) {
    const auto stage = cloud::Settle(cloud_, *this, key);
    if (!stage) return Refused(500, stage.error().what);
    printed = cloud::PrintedOf(cloud_, *cloud_.ledger->Find(key));
    state = *stage == Stage::kFailed ? "Ошибка" : "Чек в обработке";
    if (printed != nullptr) state = "Чек фискализирован";
  }
  return {200, {{"Content-Type", "text/html; charset=utf-8"}}, PageBody(state, printed)};
}

base::Result<ffd::Receipt> Bifit::ReceiptOf(const Record& record) const {
  const auto json = base::ParseJson(record.request);
  FG_CHECK(json.ok());  // it was read when it was registered
  return ReadPostedReceipt(json->root(), mapping_).receipt;
}

void Bifit::Describe(const Record& record, base::JsonWriter* writer) const {
  writer->Key("id").Int(kFirstNumber + record.number);
  writer->Key("idempotency_key").String(record.key);
}

http::Response Bifit::Refusal(int status, std::string_view words) const {
  return Refused(status, words);
}

}  // namespace fiscalgate::emulator::bifit
