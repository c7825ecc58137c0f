#include "fcgi/emulator/bifit/answers.h"

#include "fcgi/emulator/page_parts.h"
#include "lib/base/json.h"

namespace fiscalgate::emulator::bifit {
namespace {

std::string_view StatusOf(cloud::Stage stage) {
  if (stage == cloud::Stage::kPrinted) return "FISCALIZED";
  return stage == cloud::Stage::kProcessing ? "PROCESSING" : "ERROR";
}

void WriteMark(const register_::Printed& printed, base::JsonWriter* writer) {
  const ffd::FiscalMark& mark = printed.mark;
  writer->Key("fiscalDocumentNumber").Int(mark.fd_1040);
  writer->Key("fiscalDriveNumber").String(mark.fn_1041).Key("fiscalSign").String(mark.fpd_1077);
  writer->Key("fiscalReceiptTime").Int(base::ToMillis(printed.printed_at));
  writer->Key("shiftNumber").Int(mark.shift_1038);
  writer->Key("receiptNumber").Int(mark.receipt_number_1042);
  writer->Key("kktRegistrationNumber").String(mark.register_number_1037);
}

}  // namespace

http::Response Json(std::string body) {
  return {200, {{"Content-Type", "application/json;charset=UTF-8"}}, std::move(body)};
}

http::Response OAuthError(int status, std::string_view error, std::string_view description) {
  base::JsonWriter writer;
  writer.BeginObject().Key("error").String(error);
  writer.Key("error_description").String(description).EndObject();
  http::Response response = Json(writer.Take());
  response.status = status;
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response Refused(int status, std::string_view message,
                       const std::vector<std::string>& errors) {
  base::JsonWriter writer;
  writer.BeginObject().Key("status").Int(status).Key("message").String(message);
  if (!errors.empty()) {
    writer.Key("errors").BeginArray();
    for (const std::string& error : errors) writer.String(error);
    writer.EndArray();
  }
  http::Response response = Json(writer.EndObject().Take());
  response.status = status;
  return response;
}

std::string DocumentBody(const cloud::Record& record, cloud::Stage stage,
                         const register_::Printed* printed) {
  const auto request = base::ParseJson(record.request);
  FG_CHECK(request.ok());  // it was read when it was registered
  const base::JsonValue& root = request->root();
  base::JsonWriter writer;
  writer.BeginObject().Key("id").Int(kFirstNumber + record.number);
  writer.Key("type").String(root.FindText("type")).Key("status").String(StatusOf(stage));
  writer.Key("idempotencyKey").String(record.key);
  writer.Key("createdAt").Int(base::ToMillis(record.registered_at));
  if (const base::JsonValue* total = root.Find("total")) writer.Key("total").Raw(total->raw);
  if (printed != nullptr) WriteMark(*printed, &writer);
  if (stage == cloud::Stage::kFailed) {
    writer.Key("errorCode").String("FISCALIZATION_ERROR").Key("errorMessage").String(record.error);
  }
  writer.Key("receipt").Raw(root.raw);
  return writer.EndObject().Take();
}

std::string PageBody(std::string_view state, const register_::Printed* printed) {
  std::string page = PageHead("Кассовый чек") + "<p>" + Escape(state) + "</p>\n";
  if (printed != nullptr) page += "<pre class=\"paper\">" + Escape(printed->text) + "</pre>\n";
  return page + "</body></html>\n";
}

}  // namespace fiscalgate::emulator::bifit
