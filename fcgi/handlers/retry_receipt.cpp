#include "fcgi/handlers/retry_receipt.h"

#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;

// ".../receipts/{id}/retry"
std::string IdIn(const std::string& url) {
  const std::size_t end = url.rfind('/');
  const std::size_t begin = url.rfind('/', end - 1) + 1;
  return url.substr(begin, end - begin);
}

std::string_view NotFailed(Language language) {
  return language == Language::kEnglish ? "The task has not failed: there is nothing to retry"
                                        : "Задание не завершилось ошибкой: повторять нечего";
}

std::string_view NotInTheCloud(Language language) {
  return language == Language::kEnglish
             ? "Only a cloud register's task can be retried so; this one is for an operator"
             : "Так повторяют только задания облачных касс; это задание повторяет оператор";
}

http::Response Describe(const task::Task& task, std::string_view refused) {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(refused.empty());
  if (!refused.empty()) {
    writer.Key("code").String(CodeName(Code::kConflict)).Key("error").String(refused);
  }
  writer.Key("id").String(task.id).Key("order_id").String(task.order_id);
  writer.Key("state").String(task::StateName(task.state));
  if (!refused.empty()) WriteEntries({}, "errors", &writer);
  writer.EndObject();
  return JsonResponse(writer.Take(), refused.empty() ? 200 : HttpStatus(Code::kConflict));
}

}  // namespace

void RetryReceipt::Handle(ExchangePtr exchange) {
  http::Response response = Answer(exchange->request());
  exchange->Reply(std::move(response));
}

http::Response RetryReceipt::Answer(const http::Request& request) const {
  Visit visit;
  visit.language = LanguageOf(request);
  const std::string_view account = http::FindHeader(request.headers, "BIT-Account-ID");
  if (const auto refusal = door_.AdmitWithKey(account, BearerOf(request), &visit)) {
    return ErrorResponse(refusal->code, visit.language, refusal->entries, refusal->retry_after_s);
  }
  const std::string id = IdIn(request.url);
  if (!base::LooksLikeId(id)) return ErrorResponse(Code::kNotFound, visit.language);
  const auto before = parts_.store.FindTask(id);
  if (!before) return ErrorResponse(before.error().code, visit.language);
  if (!*before || (*before)->task.shop != visit.shop->key) {
    return ErrorResponse(Code::kNotFound, visit.language);
  }
  return Retry((*before)->task, visit);
}

http::Response RetryReceipt::Retry(const task::Task& before, const Visit& visit) const {
  if (!parts_.cloud || !parts_.cloud->MayBeRetried(before)) {
    return Describe(before, NotInTheCloud(visit.language));
  }
  const base::Status again =
      parts_.store.RetryTask(before.id, "shop " + visit.shop->account_id, "", parts_.clock.Now());
  if (!again.ok() && again.error().code != Code::kConflict) {
    return ErrorResponse(again.error().code, visit.language);
  }
  const auto now = parts_.store.FindTask(before.id);
  if (!now || !*now) {
    return ErrorResponse(now ? Code::kInternal : now.error().code, visit.language);
  }
  const task::Task& task = (*now)->task;
  if (!again.ok()) return Describe(task, NotFailed(visit.language));
  log::Info("task_retried_by_shop", {{"task", task.id}, {"shop", visit.shop->account_id}});
  parts_.on_change(task);
  parts_.notify(task.register_key);
  return Describe(task, "");
}

}  // namespace fiscalgate
