#include "fcgi/handlers/create_receipt.h"

#include <utility>

#include "lib/protocol/bit/codec.h"

namespace fiscalgate {

using base::Code;
namespace bit = protocol::bit;

namespace {

// In flight: no outcome to tell yet.
bool HasOutcome(task::State state) {
  return task::IsFinal(state) || state == task::State::kUnknown;
}

}  // namespace

std::string CreateReceipt::AcceptedBody(const task::Task& task, bool duplicate,
                                        const store::TaskView* view,
                                        const ErrorEntries& warnings) const {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("id").String(task.id);
  writer.Key("order_id").String(task.order_id).Key("state").String(task::StateName(task.state));
  writer.Key("duplicate").Bool(duplicate);
  if (view != nullptr && HasOutcome(task.state)) {
    writer.Key("outcome").Raw(bit::WriteShopResult(task, view->results, view->event_seq));
  }
  writer.Key("status_url").String(parts().links.Status(task.id));
  WriteLinks(view == nullptr ? TaskLinks{} : LinksOf(parts().cloud.get(), *view),
             parts().links.Receipt(task.id), &writer);
  if (!warnings.empty()) WriteEntries(warnings, "warnings", &writer);
  writer.EndObject();
  return writer.Take();
}

http::Response CreateReceipt::Created(const task::Task& task, const ErrorEntries& warnings,
                                      const http::Request&) const {
  return JsonResponse(AcceptedBody(task, false, nullptr, warnings), 202);
}

http::Response CreateReceipt::Refused(const Refusal& refusal, base::Language language) const {
  return ErrorResponse(refusal.code, language, refusal.entries, refusal.retry_after_s);
}

void CreateReceipt::TellFromStore(ExchangePtr exchange, const task::Task& task, bool duplicate,
                                  const ErrorEntries& warnings) const {
  parts().waiters.Park(
      Waiters::OfTask(task.seq), Waiters::Time(), std::move(exchange),
      [this, task, duplicate, warnings](ExchangePtr waiting, bool) -> ExchangePtr {
        const auto view = parts().store.FindTask(task.id);
        if (view && *view) {
          waiting->Reply(JsonResponse(AcceptedBody((*view)->task, duplicate, &**view, warnings),
                                      duplicate ? 200 : 202));
        } else if (!duplicate) {
          // It is accepted all the same.
          waiting->Reply(JsonResponse(AcceptedBody(task, false, nullptr, warnings), 202));
        } else {
          waiting->Reply(ErrorResponse(view ? Code::kInternal : view.error().code,
                                       LanguageOf(waiting->request())));
        }
        return nullptr;
      });
}

void CreateReceipt::CreatedInCloud(ExchangePtr exchange, const task::Task& task,
                                   const ErrorEntries& warnings) const {
  TellFromStore(std::move(exchange), task, false, warnings);
}

// What is not known here is read by the waiters' thread: this is the writer's.
void CreateReceipt::Same(ExchangePtr exchange, const task::Task& task,
                         const ErrorEntries& warnings) const {
  if (HasOutcome(task.state) || (parts().cloud && parts().cloud->IsCloud(task))) {
    return TellFromStore(std::move(exchange), task, true, warnings);
  }
  exchange->Reply(JsonResponse(AcceptedBody(task, true, nullptr, warnings)));
}

}  // namespace fiscalgate
