#include "fcgi/error_reply.h"

#include <utility>

#include "lib/base/check.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;

struct Row {
  Code code;
  int status;
  std::string_view name, russian, english;
};

constexpr Row kTable[] = {
    {Code::kMalformed, 400, "malformed", "Запрос не удалось прочитать",
     "The request cannot be read"},
    {Code::kUnauthorized, 401, "unauthorized", "Неизвестный магазин или неверная подпись",
     "Unknown shop or wrong signature"},
    {Code::kForbidden, 403, "forbidden", "Доступ запрещён", "Access denied"},
    {Code::kNotFound, 404, "not_found", "Не найдено", "Not found"},
    {Code::kConflict, 409, "conflict", "Заказ с этим номером уже принят с другим содержимым",
     "An order of this number was accepted with other content"},
    {Code::kTooLarge, 413, "too_large", "Запрос слишком велик", "The request is too large"},
    {Code::kInvalid, 422, "invalid", "Чек не прошёл проверку", "The receipt is not valid"},
    {Code::kRateLimited, 429, "rate_limited", "Слишком много запросов, повторите позже",
     "Too many requests, try again later"},
    {Code::kUnavailable, 503, "unavailable",
     "Сервис временно не принимает запросы, повторите позже",
     "The service takes no requests at the moment, try again later"},
    {Code::kTimeout, 504, "timeout", "Время ожидания истекло", "Timed out"},
    {Code::kUnreachable, 502, "unreachable", "Нет связи", "No connection"},
    {Code::kBadAnswer, 502, "bad_answer", "Получен непонятный ответ", "The answer makes no sense"},
    {Code::kInternal, 500, "internal", "Внутренняя ошибка", "Internal error"},
};

const Row& RowOf(Code code) {
  for (const Row& row : kTable) {
    if (row.code == code) return row;
  }
  base::CheckFailed("code has a row", __FILE__, __LINE__);
}

std::string_view TextOf(const Row& row, Language language) {
  return language == Language::kEnglish ? row.english : row.russian;
}

http::Response Refusal(const Row& row, Language language, const ErrorEntries& entries,
                       const ErrorEntries& warnings = {}) {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(false).Key("code").String(row.name);
  writer.Key("error").String(TextOf(row, language));
  WriteEntries(entries, "errors", &writer);
  if (!warnings.empty()) WriteEntries(warnings, "warnings", &writer);
  writer.EndObject();
  return JsonResponse(writer.Take(), row.status);
}

}  // namespace

int HttpStatus(Code code) { return RowOf(code).status; }
std::string_view CodeName(Code code) { return RowOf(code).name; }
std::string_view CodeText(Code code, Language language) { return TextOf(RowOf(code), language); }

http::Response ErrorResponse(Code code, Language language, const ErrorEntries& entries,
                             int retry_after_s, const ErrorEntries& warnings) {
  http::Response response = Refusal(RowOf(code), language, entries, warnings);
  if (code == Code::kRateLimited || code == Code::kUnavailable) {
    response.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  }
  return response;
}

http::Response MethodNotAllowed(Language language, std::string_view allowed) {
  constexpr Row kRow = {Code::kMalformed, 405, "method_not_allowed",
                        "Этот метод здесь не принимается", "This method is not taken here"};
  http::Response response = Refusal(kRow, language, {});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

http::Response NamedRefusal(int status, std::string_view name, std::string_view text) {
  return Refusal({Code::kMalformed, status, name, text, text}, Language::kRussian, {});
}

void WriteEntries(const ErrorEntries& entries, std::string_view key, base::JsonWriter* writer) {
  writer->Key(key).BeginArray();
  for (const ErrorEntry& entry : entries) {
    writer->BeginObject().Key("path").String(entry.path).Key("code").String(entry.code);
    writer->Key("message").String(entry.message).EndObject();
  }
  writer->EndArray();
}

ErrorEntries EntriesOf(const ffd::Faults& faults, Language language) {
  ErrorEntries entries;
  entries.reserve(faults.size());
  for (const ffd::Fault& fault : faults) {
    entries.push_back(
        {fault.path, std::string(ffd::FaultName(fault.code)), ffd::FaultText(fault, language)});
  }
  return entries;
}

http::Response JsonResponse(std::string body, int status) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

base::Language LanguageOf(const http::Request& request) {
  return base::PickLanguage(http::FindHeader(request.headers, "accept-language"));
}

}  // namespace fiscalgate
