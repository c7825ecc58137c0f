#include "fcgi/handlers/receipt_status.h"

#include <utility>

#include "fcgi/error_reply.h"
#include "fcgi/query.h"
#include "lib/base/id.h"
#include "lib/base/json.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate {
namespace {

using base::JsonWriter;
using base::Language;

bool IsOver(task::State state) { return task::IsFinal(state) || state == task::State::kUnknown; }

std::string WaitReason(const store::TaskView& view, Language language) {
  if (IsOver(view.task.state)) return "";
  if (!view.task.wait_reason.empty() || !view.behind) return view.task.wait_reason;
  return language == Language::kEnglish ? "an earlier task of this register is not finished"
                                        : "не завершено более раннее задание этой кассы";
}

void WriteAttempts(const store::TaskView& view, JsonWriter* writer) {
  writer->Key("attempts").BeginArray();
  for (const task::Attempt& attempt : view.attempts) {
    writer->BeginObject().Key("number").Int(attempt.number);
    writer->Key("kind").String(task::AttemptKindName(attempt.kind));
    writer->Key("tries").Int(attempt.tries);
    writer->Key("started_at").String(base::FormatUtc(attempt.started_at));
    if (attempt.ended_at) writer->Key("ended_at").String(base::FormatUtc(*attempt.ended_at));
    writer->Key("result").String(attempt.result);
    if (attempt.http_status != 0) writer->Key("http_status").Int(attempt.http_status);
    writer->EndObject();
  }
  writer->EndArray();
}

// What names a card operation where it is to be reversed.
void WriteRrn(const task::CommandResult& command, JsonWriter* writer) {
  if (command.raw.empty()) return;
  const auto raw = base::ParseJson(command.raw);
  const std::string_view rrn = raw ? raw->root().FindText("rrn") : std::string_view();
  if (!rrn.empty()) writer->Key("rrn").String(rrn);
}

void WriteCommands(const store::TaskView& view, JsonWriter* writer) {
  writer->Key("commands").BeginArray();
  for (const task::CommandResult& command : view.results) {
    writer->BeginObject().Key("index").Int(command.index).Key("name").String(command.name);
    writer->Key("type").String(command.type);
    writer->Key("state").String(task::CommandStateName(command.state));
    writer->Key("text").String(command.text);
    if (command.mark) {
      writer->Key("mark");
      ffd::WriteFiscalMark(*command.mark, writer);
      writer->Key("qr").String(ffd::QrText(*command.mark));
    }
    WriteRrn(command, writer);
    writer->EndObject();
  }
  writer->EndArray();
}

void WriteCallback(const store::TaskView& view, JsonWriter* writer) {
  writer->Key("callback");
  if (!view.callback) {
    writer->Null();
    return;
  }
  const store::Callback& callback = *view.callback;
  writer->BeginObject().Key("webhook_id").String(callback.webhook_id);
  writer->Key("state").String(store::CallbackStateName(callback.state));
  writer->Key("attempts").Int(callback.attempts);
  if (callback.state == store::CallbackState::kPending) {
    writer->Key("due_at").String(base::FormatUtc(callback.due_at));
  }
  if (callback.last_status != 0) writer->Key("last_status").Int(callback.last_status);
  writer->EndObject();
}

// Which register it is for, by name, and the group whose token was posted.
void WriteRegister(const task::Task& task, const task::Directory& directory, JsonWriter* writer) {
  const task::Register* r = directory.FindRegister(task.register_key);
  if (r != nullptr) writer->Key("register").String(r->name);
  const task::Group* group = task.group == 0 ? nullptr : directory.FindGroup(task.group);
  if (group != nullptr) writer->Key("group").String(group->name);
}

}  // namespace

std::string ReceiptStatus::Describe(const store::TaskView& view, Language language) const {
  const task::Task& task = view.task;
  const task::DirectoryPtr directory = directory_ ? directory_() : nullptr;
  JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("id").String(task.id);
  writer.Key("order_id").String(task.order_id).Key("state").String(task::StateName(task.state));
  writer.Key("wait_reason").String(WaitReason(view, language));
  writer.Key("error").String(task.error);
  if (!task.error_code.empty()) {
    writer.Key("error_code").String(task.error_code);
    writer.Key("error_class").String(task::ErrorClassName(task.error_class));
    writer.Key("advice").String(protocol::bit::AdviceFor(task.error_code, language));
  }
  if (task.paid_without_receipt) writer.Key("paid_without_receipt").Bool(true);
  if (directory) WriteRegister(task, *directory, &writer);
  if (task.deadline_at) writer.Key("deadline_at").String(base::FormatUtc(*task.deadline_at));
  writer.Key("accepted_at").String(base::FormatUtc(task.accepted_at));
  writer.Key("changed_at").String(base::FormatUtc(task.changed_at));
  writer.Key("seq").Int(view.event_seq);
  WriteAttempts(view, &writer);
  WriteCommands(view, &writer);
  WriteCallback(view, &writer);
  WriteLinks(LinksOf(cloud_.get(), view), links_.Receipt(task.id), &writer);
  writer.EndObject();
  return writer.Take();
}

void ReceiptStatus::Handle(ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const std::string id = request.url.substr(request.url.rfind('/') + 1);
  const auto wait = Query(request.query).Int("wait", 0, 0, 1'000'000);
  if (!wait) {
    return exchange->Reply(ErrorResponse(base::Code::kMalformed, LanguageOf(request),
                                         {{"wait", "malformed", "wait is not a number"}}));
  }
  if (!base::LooksLikeId(id)) {
    return exchange->Reply(ErrorResponse(base::Code::kNotFound, LanguageOf(request)));
  }
  const std::chrono::seconds time = std::min(std::chrono::seconds(*wait), base::kMaxWait);
  task::TaskSeq seq = 0;
  exchange = Look(std::move(exchange), id, time.count() == 0, &seq);
  if (!exchange) return;
  waiters_.Park(Waiters::OfTask(seq), std::chrono::steady_clock::now() + time, std::move(exchange),
                [this, id](ExchangePtr waiting, bool last) {
                  task::TaskSeq same = 0;
                  return Look(std::move(waiting), id, last, &same);
                });
}

ExchangePtr ReceiptStatus::Look(ExchangePtr exchange, const std::string& id, bool last,
                                task::TaskSeq* seq) const {
  const Language language = LanguageOf(exchange->request());
  const auto view = store_.FindTask(id);
  if (!view) {
    exchange->Reply(ErrorResponse(view.error().code, language));
  } else if (!*view) {
    exchange->Reply(ErrorResponse(base::Code::kNotFound, language));
  } else if (last || IsOver((*view)->task.state)) {
    exchange->Reply(JsonResponse(Describe(**view, language)));
  } else {
    *seq = (*view)->task.seq;
    return exchange;
  }
  return nullptr;
}

}  // namespace fiscalgate
