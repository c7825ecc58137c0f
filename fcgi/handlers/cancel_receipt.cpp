#include "fcgi/handlers/cancel_receipt.h"

#include <utility>

#include "fcgi/error_reply.h"
#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;

// ".../receipts/{id}/cancel"
std::string IdIn(const std::string& url) {
  const std::size_t end = url.rfind('/');
  const std::size_t begin = url.rfind('/', end - 1) + 1;
  return url.substr(begin, end - begin);
}

std::string_view TooLate(Language language) {
  return language == Language::kEnglish ? "The task has been sent already, or is over"
                                        : "Задание уже отправлено или завершено";
}

http::Response Describe(const task::Task& task, Language language) {
  const bool cancelled = task.state == task::State::kCancelled;
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(cancelled);
  if (!cancelled) {
    writer.Key("code").String(CodeName(Code::kConflict));
    writer.Key("error").String(TooLate(language));
  }
  writer.Key("id").String(task.id).Key("order_id").String(task.order_id);
  writer.Key("state").String(task::StateName(task.state));
  if (!cancelled) WriteEntries({}, "errors", &writer);
  writer.EndObject();
  return JsonResponse(writer.Take(), cancelled ? 200 : HttpStatus(Code::kConflict));
}

}  // namespace

void CancelReceipt::Handle(ExchangePtr exchange) {
  http::Response response = Answer(exchange->request());
  exchange->Reply(std::move(response));
}

http::Response CancelReceipt::Answer(const http::Request& request) const {
  Visit visit;
  visit.language = LanguageOf(request);
  const std::string_view account = http::FindHeader(request.headers, "BIT-Account-ID");
  if (const auto refusal = door_.AdmitWithKey(account, BearerOf(request), &visit)) {
    return ErrorResponse(refusal->code, visit.language, refusal->entries, refusal->retry_after_s);
  }
  const std::string id = IdIn(request.url);
  if (!base::LooksLikeId(id)) return ErrorResponse(Code::kNotFound, visit.language);
  const auto before = parts_.store.FindTask(id);
  const auto task = parts_.store.WithdrawTask(id, visit.shop->key, "shop " + visit.shop->account_id,
                                              parts_.clock.Now());
  if (!task) return ErrorResponse(task.error().code, visit.language);
  // Asked again, it is told again, but nothing has changed that others must hear of.
  const bool was_queued = before && *before && (*before)->task.state == task::State::kQueued;
  if (was_queued && task->state == task::State::kCancelled) {
    log::Info("task_cancelled_by_shop", {{"task", id}, {"shop", visit.shop->account_id}});
    parts_.on_change(*task);
  }
  return Describe(*task, visit.language);
}

}  // namespace fiscalgate
