#include "lib/protocol/bitrix24/result.h"

#include <algorithm>
#include <optional>

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/ffd/dates.h"
#include "lib/http/url.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

constexpr std::string_view kApply = "/rest/sale.cashbox.check.apply";
constexpr std::string_view kMethod = "sale.cashbox.check.apply";
constexpr std::string_view kCallbackField = "json=";
// A receipt is dated by Moscow, and so is the link to the OFD that a portal makes of the time.
constexpr std::int64_t kMoscowSeconds = 3 * 60 * 60;

std::int64_t SecondsOf(const std::string& local_time, std::int64_t otherwise) {
  const auto time = ffd::ParseDate(local_time);
  if (!time) return otherwise;
  return time->day.time_since_epoch().count() * 86'400 + time->seconds - kMoscowSeconds;
}

// The members of the answer, of the form and of the documents, in their order.
base::FormFields FieldsOf(std::string_view id, const ffd::FiscalMark* mark, std::int64_t ended_s) {
  base::FormFields fields = {{"UUID", std::string(id)}};
  if (mark != nullptr) {
    ended_s = SecondsOf(mark->time_1012, ended_s);
    fields.emplace_back("REG_NUMBER_KKT", mark->register_number_1037);
    fields.emplace_back("FISCAL_DOC_ATTR", mark->fpd_1077);
    fields.emplace_back("FISCAL_DOC_NUMBER", std::to_string(mark->fd_1040));
    fields.emplace_back("FISCAL_RECEIPT_NUMBER", std::to_string(mark->receipt_number_1042));
    fields.emplace_back("FN_NUMBER", mark->fn_1041);
    fields.emplace_back("SHIFT_NUMBER", std::to_string(mark->shift_1038));
  }
  fields.emplace_back("PRINT_END_TIME", std::to_string(ended_s));
  return fields;
}

std::string WriteDone(const task::Task& task, const ffd::FiscalMark* mark) {
  base::JsonWriter writer;
  writer.BeginObject().Key("STATUS").String("DONE");
  const std::int64_t ended_s = base::ToMillis(task.changed_at) / 1000;
  for (const auto& [name, value] : FieldsOf(task.id, mark, ended_s)) {
    writer.Key(name);
    if (name == "PRINT_END_TIME") {
      writer.Raw(value);
    } else {
      writer.String(value);
    }
  }
  writer.EndObject();
  return writer.Take();
}

std::string WhyNot(const task::Task& task) {
  if (task.state == task::State::kCancelled) return "Чек отменён и не напечатан";
  std::string text = task.error.empty() ? "Чек не напечатан" : task.error;
  const std::string_view advice = bit::AdviceFor(task.error_code, base::Language::kRussian);
  if (!advice.empty()) text.append(". ").append(advice);
  return text;
}

const ffd::FiscalMark* MarkOf(const std::vector<task::CommandResult>& results) {
  for (const task::CommandResult& result : results) {
    if (result.mark) return &*result.mark;
  }
  return nullptr;
}

}  // namespace

std::string WriteCheckAnswer(const task::Task& task,
                             const std::vector<task::CommandResult>& results) {
  switch (task.state) {
    case task::State::kDone:
      return WriteDone(task, MarkOf(results));
    case task::State::kFailed:
    case task::State::kCancelled:
      return WriteCheckError(WhyNot(task));
    case task::State::kQueued:
    case task::State::kSending:
    case task::State::kWaiting:
    case task::State::kUnknown:
      break;  // unknown: an error would have somebody print a second receipt
  }
  return WriteWait();
}

std::string WriteWait() { return R"({"STATUS":"WAIT"})"; }

std::string WriteCheckError(std::string_view text) {
  base::JsonWriter writer;
  writer.BeginObject().Key("STATUS").String("ERROR").Key("ERROR").String(text).EndObject();
  return writer.Take();
}

std::string WriteTaken(std::string_view id) {
  base::JsonWriter writer;
  writer.BeginObject().Key("UUID").String(id).EndObject();
  return writer.Take();
}

std::string WriteErrors(const std::vector<std::string>& texts) {
  base::JsonWriter writer;
  writer.BeginObject().Key("ERRORS").BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray().EndObject();
  return writer.Take();
}

bool IsWebhook(std::string_view text) {
  const auto url = http::Url::Parse(std::string(text));
  if (!url) return false;
  const std::string_view rest = url->path_and_query;
  constexpr std::string_view kRest = "/rest/";
  if (!rest.starts_with(kRest) || !rest.ends_with("/")) return false;
  const std::string_view secret = rest.substr(kRest.size());
  const std::size_t slash = secret.find('/');
  const auto plain = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
  };
  return slash + 1 < secret.size() && plain(secret.substr(0, slash)) &&
         plain(secret.substr(slash + 1, secret.size() - slash - 2));
}

std::string ApplyAddress(const base::Secret& webhook) {
  const auto url = http::Url::Parse(webhook.Reveal());
  return url ? url->Origin() + std::string(kApply) : "";
}

bool IsApplyAddress(std::string_view url) { return url.ends_with(kApply); }

bool MakeApplyCall(const base::Secret& webhook, http::Request* request) {
  if (!request->body.starts_with(kCallbackField)) return false;
  const auto text = base::PercentDecode(request->body.substr(kCallbackField.size()));
  const auto result = base::ParseJson(text.value_or(""));
  if (!result) return false;
  const base::JsonValue* receipt = result->root().Find("0");
  const auto mark = receipt == nullptr ? std::nullopt : ffd::ReadFiscalMark(*receipt);
  if (!mark) return false;
  const auto fields = FieldsOf(result->root().FindText("id"), &*mark, 0);
  request->url = webhook.Reveal() + std::string(kMethod);
  request->body = base::BuildForm(fields);
  request->headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                      {"Accept", "application/json"},
                      {"User-Agent", "Fiscalgate"}};
  return true;
}

}  // namespace fiscalgate::protocol::bitrix24
