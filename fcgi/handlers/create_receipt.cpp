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
                                        std::string_view outcome,
                                        const ErrorEntries& warnings) const {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("id").String(task.id);
  writer.Key("order_id").String(task.order_id).Key("state").String(task::StateName(task.state));
  writer.Key("duplicate").Bool(duplicate);
  if (!outcome.empty()) writer.Key("outcome").Raw(outcome);
  writer.Key("status_url").String(parts().links.Status(task.id));
  writer.Key("receipt_url").String(parts().links.Receipt(task.id));
  if (!warnings.empty()) WriteEntries(warnings, "warnings", &writer);
  writer.EndObject();
  return writer.Take();
}

http::Response CreateReceipt::Created(const task::Task& task, const ErrorEntries& warnings,
                                      const http::Request&) const {
  return JsonResponse(AcceptedBody(task, false, "", warnings), 202);
}

http::Response CreateReceipt::Refused(const Refusal& refusal, base::Language language) const {
  return ErrorResponse(refusal.code, language, refusal.entries, refusal.retry_after_s);
}

// The outcome is read by the waiters' thread: this is the writer's.
void CreateReceipt::Same(ExchangePtr exchange, const task::Task& task,
                         const ErrorEntries& warnings) const {
  if (!HasOutcome(task.state)) {
    return exchange->Reply(JsonResponse(AcceptedBody(task, true, "", warnings)));
  }
  parts().waiters.Park(Waiters::OfTask(task.seq), Waiters::Time(), std::move(exchange),
                       [this, id = task.id, warnings](ExchangePtr waiting, bool) -> ExchangePtr {
                         auto view = parts().store.FindTask(id);
                         const Code failure = view ? Code::kInternal : view.error().code;
                         if (!view || !*view) {
                           waiting->Reply(ErrorResponse(failure, LanguageOf(waiting->request())));
                           return nullptr;
                         }
                         const store::TaskView& found = **view;
                         waiting->Reply(JsonResponse(AcceptedBody(
                             found.task, true,
                             HasOutcome(found.task.state)
                                 ? bit::WriteShopResult(found.task, found.results, found.event_seq)
                                 : "",
                             warnings)));
                         return nullptr;
                       });
}

}  // namespace fiscalgate
