#include <algorithm>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/protocol/answer_text.h"
#include "lib/protocol/bifit/codec.h"
#include "lib/protocol/json_pointer.h"

namespace fiscalgate::protocol::bifit {
namespace {

using base::JsonValue;

constexpr std::size_t kDriveDigits = 16, kSignDigits = 10, kRegisterDigits = 20;
constexpr std::size_t kMaxTokenText = 8192;  // a JWT of RS256 has about 1,000
constexpr std::int64_t kMaxLife = 86'400;

bool IsGood(int status) { return status >= 200 && status < 300; }
bool IsBusy(int status) { return status == 503 || status == 429; }

// A token goes into a header: printable, without blanks.
bool IsToken(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTokenText &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// The shapes of the usual OAuth library, inferred: "error" and "error_description"; else "message".
std::string ErrorText(std::string_view body) {
  const auto document = base::ParseJson(body);
  if (!document.ok()) return KeptText(body);
  const JsonValue& root = document->root();
  std::string text;
  for (const std::string_view key : {"error", "error_description", "message", "errorMessage"}) {
    const std::string_view part = ScalarText(root.Find(key));
    if (part.empty()) continue;
    if (!text.empty()) text += ": ";
    text += part;
  }
  return KeptText(text.empty() ? root.raw : std::string_view(text));
}

bool ReadTokens(std::string_view body, Tokens* tokens) {
  const auto document = base::ParseJson(body);
  if (!document.ok()) return false;
  const JsonValue& root = document->root();
  const std::string_view access = root.FindText("access_token");
  const std::string_view refresh = root.FindText("refresh_token");
  const std::string_view type = root.FindText("token_type", "bearer");
  if (!IsToken(access) || !base::EqualsIgnoreCase(type, "bearer")) return false;
  if (!refresh.empty() && !IsToken(refresh)) return false;
  tokens->access = base::Secret(std::string(access));
  tokens->refresh = base::Secret(std::string(refresh));
  tokens->lives =
      std::chrono::seconds(std::min(kMaxLife, WholeNumber(root.Find("expires_in")).value_or(0)));
  tokens->connector_id = KeptText(ScalarText(root.Find("connector_id")));
  return true;
}

std::string Two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// Milliseconds since 1970 as the time of that zone.
std::string TimeOf(std::int64_t milliseconds, int zone_1011) {
  constexpr std::int64_t kSecond = 1000, kHour = 3600, kDay = 86'400;
  constexpr std::int64_t kMaxSeconds = 0xFFFFFFFF;  // four bytes, as tag 1012 has
  const std::int64_t seconds = milliseconds / kSecond + (zone_1011 + 1) * kHour;
  if (seconds < 0 || seconds > kMaxSeconds) return {};
  const ffd::Day day{std::chrono::days(seconds / kDay)};
  const std::chrono::year_month_day date(day);
  const int rest = static_cast<int>(seconds % kDay);
  return std::to_string(static_cast<int>(date.year())) + "-" +
         Two(static_cast<int>(static_cast<unsigned>(date.month()))) + "-" +
         Two(static_cast<int>(static_cast<unsigned>(date.day()))) + "T" + Two(rest / 3600) + ":" +
         Two(rest % 3600 / 60) + ":" + Two(rest % 60);
}

std::optional<ffd::FiscalMark> ReadMark(const JsonValue& root, const DocumentShape& shape) {
  ffd::FiscalMark mark;
  mark.fn_1041 = DigitsOf(FindAt(root, shape.drive), kDriveDigits);
  mark.fd_1040 = WholeNumber(FindAt(root, shape.number)).value_or(0);
  mark.fpd_1077 = DigitsOf(FindAt(root, shape.sign), kSignDigits);
  if (mark.fn_1041.empty() || mark.fd_1040 == 0 || mark.fpd_1077.empty()) return std::nullopt;
  const JsonValue* const time = FindAt(root, shape.time);
  const auto milliseconds = WholeNumber(time);
  mark.time_1012 =
      milliseconds ? TimeOf(*milliseconds, shape.zone_1011) : LocalTime(ScalarText(time));
  mark.shift_1038 = WholeNumber(FindAt(root, shape.shift)).value_or(0);
  mark.receipt_number_1042 = WholeNumber(FindAt(root, shape.receipt)).value_or(0);
  mark.register_number_1037 = DigitsOf(FindAt(root, shape.machine), kRegisterDigits);
  mark.total_1020 = Roubles(FindAt(root, shape.total)).value_or(base::Money{});
  mark.receipt_type_1054 = 0;
  return mark;
}

void ReadDocument(const http::Response& response, const DocumentShape& shape,
                  DocumentAnswer* answer) {
  const auto document = base::ParseJson(response.body);
  if (!document.ok() || !document->root().is_object()) return;
  const JsonValue& root = document->root();
  answer->status = KeptText(ScalarText(FindAt(root, shape.status)));
  answer->error = KeptText(ScalarText(FindAt(root, shape.error)));
  answer->mark = ReadMark(root, shape);
  const bool is_failed =
      std::find(shape.failed.begin(), shape.failed.end(), answer->status) != shape.failed.end();
  if (answer->mark && !is_failed) {
    answer->outcome = DocumentOutcome::kDone;
    answer->body = response.body;
  } else if (!answer->mark && !answer->status.empty()) {
    answer->outcome = is_failed ? DocumentOutcome::kFailed : DocumentOutcome::kPending;
  }
  if (answer->outcome != DocumentOutcome::kDone) answer->mark.reset();
}

bool Contains(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

}  // namespace

TokenAnswer ReadTokenAnswer(const http::Response& response) {
  TokenAnswer answer;
  if (IsGood(response.status)) {
    if (ReadTokens(response.body, &answer.tokens)) {
      answer.outcome = TokenOutcome::kGranted;
    } else {
      answer.error = "the answer holds no token";  // not quoted: it may hold half of one
    }
    return answer;
  }
  answer.error = ErrorText(response.body);
  answer.retry_after = RetryAfter(response.headers);
  if (IsWebPage(response.body)) {
    answer.outcome = IsBusy(response.status) ? TokenOutcome::kBusy : TokenOutcome::kUnclear;
  } else if (response.status == 400 || response.status == 401 || response.status == 403) {
    answer.outcome = TokenOutcome::kRefused;
  } else if (IsBusy(response.status)) {
    answer.outcome = TokenOutcome::kBusy;
  }
  return answer;
}

RegisterAnswer ReadRegisterAnswer(const http::Response& response) {
  RegisterAnswer answer;
  if (IsGood(response.status)) {
    const auto document = base::ParseJson(response.body);
    const auto number = document.ok() ? WholeNumber(&document->root()) : std::nullopt;
    if (number && *number > 0) {
      answer.outcome = RegisterOutcome::kRegistered;
      answer.document = *number;
    } else {
      answer.error = "the answer is no number";
    }
    return answer;
  }
  answer.error = ErrorText(response.body);
  answer.retry_after = RetryAfter(response.headers);
  if (response.status == 401) answer.outcome = RegisterOutcome::kUnauthorized;
  if (response.status == 403) answer.outcome = RegisterOutcome::kForbidden;
  const bool is_refused = response.status == 400 || response.status == 422;
  if (is_refused && !IsWebPage(response.body)) answer.outcome = RegisterOutcome::kRefused;
  if (IsBusy(response.status)) answer.outcome = RegisterOutcome::kBusy;
  return answer;
}

DocumentAnswer ReadDocumentAnswer(const http::Response& response, const DocumentShape& shape) {
  DocumentAnswer answer;
  if (response.status == 200) {
    ReadDocument(response, shape, &answer);
    return answer;
  }
  answer.error = ErrorText(response.body);
  answer.retry_after = RetryAfter(response.headers);
  const bool is_page = IsWebPage(response.body);
  if (response.status == 404 && !is_page) answer.outcome = DocumentOutcome::kNotFound;
  if (response.status == 401) answer.outcome = DocumentOutcome::kUnauthorized;
  if (IsBusy(response.status)) answer.outcome = DocumentOutcome::kBusy;
  return answer;
}

ReloadAnswer ReadReloadAnswer(const http::Response& response) {
  if (IsGood(response.status)) return {ReloadOutcome::kAccepted, {}};
  ReloadAnswer answer{ReloadOutcome::kUnclear, ErrorText(response.body)};
  if (response.status == 401) answer.outcome = ReloadOutcome::kUnauthorized;
  if (IsBusy(response.status)) answer.outcome = ReloadOutcome::kBusy;
  const bool is_refused = response.status == 400 || response.status == 403 ||
                          response.status == 404 || response.status == 422;
  if (is_refused && !IsWebPage(response.body)) answer.outcome = ReloadOutcome::kRefused;
  return answer;
}

ErrorCause CauseOf(std::string_view error) {
  if (Contains(error, {"icen", "ицензи"})) return ErrorCause::kLicence;
  if (Contains(error, {"предел чеков", "есурс ФН", "drive limit", "limit of the drive"})) {
    return ErrorCause::kDriveLimit;
  }
  if (Contains(error,
               {"еисправность касс", "касса недоступна", "ет связи с касс", "device fault"})) {
    return ErrorCause::kRegisterFault;
  }
  if (Contains(error, {"екорректн", "еверн", "nvalid", "ncorrect"})) return ErrorCause::kWrongData;
  return ErrorCause::kOther;
}

bool Passes(ErrorCause cause) {
  return cause == ErrorCause::kRegisterFault || cause == ErrorCause::kLicence ||
         cause == ErrorCause::kDriveLimit;
}

}  // namespace fiscalgate::protocol::bifit
