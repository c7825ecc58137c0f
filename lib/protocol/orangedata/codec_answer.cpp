#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/orangedata/codec.h"

namespace fiscalgate::protocol::orangedata {
namespace {

using base::JsonValue;

constexpr std::size_t kDriveDigits = 16, kSignDigits = 10, kRegisterDigits = 20;
constexpr int kMaxKind = 4;

bool IsBusy(int status) { return status == 503 || status == 429; }

// The root, or the list under "errors": the documents' table and their example differ.
std::span<const JsonValue> ErrorList(const JsonValue& root) {
  if (root.is_array()) return root.items;
  const JsonValue* const list = root.Find("errors");
  return list != nullptr && list->is_array() ? list->items : std::span<const JsonValue>();
}

MarkingFault ReadMarkingFault(const JsonValue& entry) {
  MarkingFault fault;
  fault.position = WholeNumber(entry.Find("position")).value_or(0);
  fault.item_code = base::Truncate(entry.FindText("itemCode"), base::kMaxErrorBytes);
  const JsonValue* const result = entry.Find("checkResult");
  if (result != nullptr) fault.check_result = base::Truncate(result->raw, base::kMaxErrorBytes);
  return fault;
}

std::vector<MarkingFault> ReadMarkingFaults(std::string_view body) {
  std::vector<MarkingFault> faults;
  const auto document = base::ParseJson(body);
  if (!document.ok()) return faults;
  for (const JsonValue& entry : ErrorList(document->root())) {
    if (!entry.is_object()) continue;
    if (faults.size() == base::kMaxItems) break;
    faults.push_back(ReadMarkingFault(entry));
  }
  return faults;
}

base::Money EchoTotal(const JsonValue& content) {
  if (const auto total = Roubles(content.Find("totalSum"))) return *total;
  base::Money sum;
  const JsonValue* const positions = content.Find("positions");
  if (positions == nullptr) return sum;
  for (const JsonValue& position : positions->items) {
    const auto price = Roubles(position.Find("price"));
    base::Quantity quantity;
    const auto fault = base::ParseQuantity(ScalarText(position.Find("quantity")), &quantity);
    if (!price || fault != base::DecimalFault::kNone) return {};
    const auto amount = base::Multiply(*price, quantity);
    if (!amount) return {};
    sum = sum + *amount;
    if (sum.kopecks > base::kMaxKopecks) return {};
  }
  return sum;
}

StatusAnswer Done(const http::Response& response) {
  StatusAnswer answer;
  const auto document = base::ParseJson(response.body);
  if (!document.ok()) return answer;
  answer.mark = ReadMark(document->root());
  if (!answer.mark) return answer;
  answer.outcome = StatusOutcome::kDone;
  answer.body = response.body;
  return answer;
}

bool SameMoney(const JsonValue& a, const JsonValue& b, std::string_view key) {
  return Roubles(a.Find(key)) == Roubles(b.Find(key));
}

bool SameQuantity(const JsonValue& a, const JsonValue& b) {
  base::Quantity first, second;
  return base::ParseQuantity(ScalarText(a.Find("quantity")), &first) == base::DecimalFault::kNone &&
         base::ParseQuantity(ScalarText(b.Find("quantity")), &second) ==
             base::DecimalFault::kNone &&
         first == second;
}

bool SamePosition(const JsonValue& echo, const JsonValue& sent) {
  return ScalarText(echo.Find("text")) == ScalarText(sent.Find("text")) &&
         WholeNumber(echo.Find("tax")) == WholeNumber(sent.Find("tax")) &&
         SameMoney(echo, sent, "price") && SameQuantity(echo, sent);
}

bool SameContent(const JsonValue& echo, const JsonValue& sent) {
  if (WholeNumber(echo.Find("type")) != WholeNumber(sent.Find("type"))) return false;
  const JsonValue* const ours = sent.Find("positions");
  const JsonValue* const theirs = echo.Find("positions");
  if (ours == nullptr) {
    return std::all_of(sent.members.begin(), sent.members.end(), [&](const base::JsonMember& one) {
      return !one.key.ends_with("Sum") || SameMoney(echo, sent, one.key);
    });
  }
  return theirs != nullptr && std::equal(theirs->items.begin(), theirs->items.end(),
                                         ours->items.begin(), ours->items.end(), SamePosition);
}

// What an entry may call itself: the documents do not say.
std::string FirstText(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const std::string_view text = ScalarText(object.Find(key));
    if (!text.empty()) return KeptText(text);
  }
  return {};
}

}  // namespace

std::vector<std::string> ReadErrors(std::string_view body) {
  constexpr std::size_t kMaxErrors = 20;
  std::vector<std::string> errors;
  const auto document = base::ParseJson(body);
  if (!document.ok()) {
    if (!base::Trim(body).empty()) errors.push_back(KeptText(body));
    return errors;
  }
  for (const JsonValue& entry : ErrorList(document->root())) {
    if (errors.size() == kMaxErrors) break;
    errors.push_back(KeptText(entry.is_string() ? entry.text : entry.raw));
  }
  return errors;
}

SubmitAnswer ReadSubmitAnswer(const http::Response& response) {
  SubmitAnswer answer;
  switch (response.status) {
    case 201:
      answer.outcome = SubmitOutcome::kAccepted;
      return answer;
    case 409:
      answer.outcome = SubmitOutcome::kExists;
      return answer;
    case 400:  // a page: the client certificate is missing
      if (!IsWebPage(response.body)) answer.outcome = SubmitOutcome::kRefused;
      break;
    case 401:
      answer.outcome = SubmitOutcome::kUnauthorized;
      break;
    default:
      if (IsBusy(response.status)) answer.outcome = SubmitOutcome::kBusy;
      break;
  }
  answer.errors = ReadErrors(response.body);
  answer.retry_after = RetryAfter(response.headers);
  return answer;
}

StatusAnswer ReadStatusAnswer(const http::Response& response, Endpoint endpoint) {
  StatusAnswer answer;
  const bool is_old = endpoint == Endpoint::kCorrections;
  switch (response.status) {
    case 200:
      return Done(response);
    case 202:
      answer.outcome = StatusOutcome::kQueued;
      return answer;
    case 400:
      if (!IsWebPage(response.body)) answer.outcome = StatusOutcome::kNotFound;
      break;
    case 401:
      answer.outcome = StatusOutcome::kUnauthorized;
      break;
    case 422:
      if (is_old) break;
      answer.outcome = StatusOutcome::kMarkingFailed;
      answer.marking = ReadMarkingFaults(response.body);
      break;
    case 524:
      // Documented as empty; proxies have a 524 of their own, with a page.
      if (!is_old && response.body.empty()) answer.outcome = StatusOutcome::kExpired;
      return answer;
    default:
      if (IsBusy(response.status)) answer.outcome = StatusOutcome::kBusy;
      break;
  }
  answer.errors = ReadErrors(response.body);
  answer.retry_after = RetryAfter(response.headers);
  return answer;
}

std::optional<ffd::FiscalMark> ReadMark(const JsonValue& status) {
  ffd::FiscalMark mark;
  mark.fn_1041 = DigitsOf(status.Find("fsNumber"), kDriveDigits);
  mark.fd_1040 = WholeNumber(status.Find("documentNumber")).value_or(0);
  mark.fpd_1077 = DigitsOf(status.Find("fp"), kSignDigits);
  if (mark.fn_1041.empty() || mark.fd_1040 == 0 || mark.fpd_1077.empty()) return std::nullopt;
  mark.time_1012 = LocalTime(status.FindText("processedAt"));
  mark.shift_1038 = WholeNumber(status.Find("shiftNumber")).value_or(0);
  mark.receipt_number_1042 = WholeNumber(status.Find("documentIndex")).value_or(0);
  mark.register_number_1037 = DigitsOf(status.Find("deviceRN"), kRegisterDigits);
  const JsonValue* const content = status.Find("content");
  if (content == nullptr || !content->is_object()) return mark;
  mark.total_1020 = EchoTotal(*content);
  const auto kind = WholeNumber(content->Find("type"));
  if (kind && *kind >= 1 && *kind <= kMaxKind) mark.receipt_type_1054 = static_cast<int>(*kind);
  return mark;
}

bool EchoMatches(std::string_view status_body, std::string_view document) {
  const auto answer = base::ParseJson(status_body);
  const auto sent = base::ParseJson(document);
  if (!answer.ok() || !sent.ok()) return false;
  const JsonValue* const echo = answer->root().Find("content");
  const JsonValue* const content = sent->root().Find("content");
  return echo != nullptr && content != nullptr &&
         answer->root().FindText("id") == sent->root().FindText("id") &&
         ScalarText(answer->root().Find("companyINN")) == sent->root().FindText("inn") &&
         SameContent(*echo, *content);
}

DevicesAnswer ReadDevicesAnswer(const http::Response& response) {
  DevicesAnswer answer;
  const auto document = base::ParseJson(response.body);
  const JsonValue* const list = document.ok() ? document->root().Find("devices") : nullptr;
  if (response.status != 200 || list == nullptr || !list->is_array()) {
    answer.errors = ReadErrors(response.body);
    return answer;
  }
  answer.is_read = true;
  for (const JsonValue& entry : list->items) {
    if (answer.devices.size() == base::kMaxItems) break;
    answer.devices.push_back({FirstText(entry, {"deviceSN", "serialNumber", "sn", "device", "id"}),
                              FirstText(entry, {"state", "status", "deviceStatus"}),
                              base::Truncate(entry.raw, base::kMaxErrorBytes)});
  }
  return answer;
}

}  // namespace fiscalgate::protocol::orangedata
