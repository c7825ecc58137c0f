#include "fcgi/admin/task_words.h"

#include <algorithm>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/driver_errors.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;

std::string ShopName(task::ShopKey key, const task::Directory& directory) {
  if (key == task::kGatewayShop) return std::string(Say("gateway", "шлюз"));
  const task::Shop* shop = directory.FindShop(key);
  return shop != nullptr ? shop->account_id : std::to_string(key);
}

std::string RegisterName(task::RegisterKey key, const task::Directory& directory) {
  const task::Register* r = directory.FindRegister(key);
  return r != nullptr ? r->name : std::to_string(key);
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

// What a person asks first: why is it not done?
const std::string& Remark(const task::Task& task) {
  return task.error.empty() ? task.wait_reason : task.error;
}

bool AllDigits(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsEmpty(const MarkOptions& o) {
  return o.fn.empty() && o.fpd.empty() && o.time.empty() && o.total.empty() && o.fd == 0 &&
         o.shift == 0 && o.receipt_number == 0 && o.register_number.empty();
}

// Members of an open object.
void WriteTaskMembers(const task::Task& task, const task::Directory& directory,
                      base::JsonWriter* writer) {
  writer->Key("id").String(task.id).Key("order_id").String(task.order_id);
  writer->Key("shop").String(ShopName(task.shop, directory));
  writer->Key("register").String(RegisterName(task.register_key, directory));
  writer->Key("state").String(task::StateName(task.state));
  writer->Key("attempts").Int(task.attempts);
  writer->Key("wait_reason").String(task.wait_reason).Key("error").String(task.error);
  writer->Key("accepted_at").String(base::FormatUtc(task.accepted_at));
  writer->Key("changed_at").String(base::FormatUtc(task.changed_at));
  writer->Key("priority").Int(static_cast<int>(task.priority));
  writer->Key("deadline_at");
  if (task.deadline_at) {
    writer->String(base::FormatUtc(*task.deadline_at));
  } else {
    writer->Null();
  }
  if (const task::Group* group = directory.FindGroup(task.group)) {
    writer->Key("group").String(group->name);
  }
  writer->Key("error_code").String(task.error_code);
  writer->Key("error_class").String(task::ErrorClassName(task.error_class));
  writer->Key("paid_without_receipt").Bool(task.paid_without_receipt);
}

void WriteResult(const task::CommandResult& result, base::JsonWriter* writer) {
  writer->BeginObject().Key("index").Int(result.index);
  writer->Key("name").String(result.name).Key("type").String(result.type);
  writer->Key("state").String(task::CommandStateName(result.state));
  writer->Key("text").String(result.text);
  if (result.mark) {
    writer->Key("mark");
    ffd::WriteFiscalMark(*result.mark, writer);
  }
  writer->EndObject();
}

void WriteAttempt(const task::Attempt& attempt, base::JsonWriter* writer) {
  writer->BeginObject().Key("number").Int(attempt.number);
  writer->Key("kind").String(task::AttemptKindName(attempt.kind));
  writer->Key("tries").Int(attempt.tries);
  writer->Key("started_at").String(base::FormatUtc(attempt.started_at));
  writer->Key("ended_at");
  if (attempt.ended_at) {
    writer->String(base::FormatUtc(*attempt.ended_at));
  } else {
    writer->Null();
  }
  writer->Key("sent_to").String(attempt.sent_to).Key("result").String(attempt.result);
  writer->Key("http_status").Int(attempt.http_status).Key("detail").String(attempt.detail);
  writer->EndObject();
}

std::string AttemptTable(const std::vector<task::Attempt>& attempts) {
  Table table({"ATTEMPT", "KIND", "STARTED", "SENT TO", "RESULT", "HTTP", "DETAIL"});
  for (const task::Attempt& attempt : attempts) {
    std::string number = std::to_string(attempt.number);
    if (attempt.tries > 1) number += " (x" + std::to_string(attempt.tries) + ")";
    table.Add({number, std::string(task::AttemptKindName(attempt.kind)),
               base::FormatUtc(attempt.started_at), attempt.sent_to,
               attempt.result.empty() ? "running" : attempt.result,
               attempt.http_status == 0 ? "-" : std::to_string(attempt.http_status),
               OrDash(attempt.detail)});
  }
  return table.empty() ? "" : "\n\n" + table.Text();
}

std::string ResultTable(const std::vector<task::CommandResult>& results) {
  Table table({"COMMAND", "TYPE", "STATE", "FD", "FPD", "TEXT"});
  for (const task::CommandResult& result : results) {
    table.Add({std::to_string(result.index) + " " + result.name, result.type,
               std::string(task::CommandStateName(result.state)),
               result.mark ? std::to_string(result.mark->fd_1040) : "-",
               result.mark ? result.mark->fpd_1077 : "-", OrDash(result.text)});
  }
  return table.empty() ? "" : "\n\n" + table.Text();
}

void WriteEvidence(const store::Evidence& evidence, base::JsonWriter* writer) {
  const std::string& body = evidence.told.body;
  writer->BeginObject().Key("lease").String(evidence.lease);
  writer->Key("received_at").String(base::FormatUtc(evidence.received_at));
  writer->Key("delivery").String(evidence.told.delivery);
  writer->Key("http_status").Int(evidence.told.http_status);
  writer->Key("applied").Bool(evidence.applied).Key("note").String(evidence.note);
  writer->Key("body").String(base::IsValidUtf8(body) ? body : base::Base64Encode(body));
  writer->EndObject();
}

std::string EvidenceTable(const std::vector<store::Evidence>& all) {
  Table table({"EVIDENCE", "RECEIVED", "HTTP", "APPLIED", "NOTE"});
  for (const store::Evidence& evidence : all) {
    const int status = evidence.told.http_status;
    table.Add({evidence.told.delivery, base::FormatUtc(evidence.received_at),
               status == 0 ? "-" : std::to_string(status), evidence.applied ? "yes" : "no",
               OrDash(evidence.note)});
  }
  return table.empty() ? "" : "\n\n" + table.Text();
}

void AddAdvice(const task::Task& task, Sheet* sheet) {
  if (task.paid_without_receipt) {
    sheet->Add("paid_without_receipt",
               Say("yes: the card was charged; task retry sends only the receipt",
                   "да: деньги с карты списаны; task retry отправит только чек"));
  }
  if (task.error_code.empty()) return;
  sheet->Add("error_code", task.error_code);
  sheet->Add("error_class", task::ErrorClassName(task.error_class));
  sheet->Add("advice", protocol::bit::AdviceFor(task.error_code, Say("en", "ru") == "en"
                                                                     ? base::Language::kEnglish
                                                                     : base::Language::kRussian));
}

std::string LastAnswer(const store::Callback& callback) {
  if (callback.attempts == 0) return "-";
  std::string text = callback.last_status == 0 ? "" : std::to_string(callback.last_status) + " ";
  return OrDash(text + callback.last_error);
}

}  // namespace

base::Result<std::optional<task::State>> ReadState(const std::string& name) {
  if (name.empty()) return std::optional<task::State>();
  const std::optional<task::State> state = task::StateFromName(name);
  if (state) return state;
  return CheckOneOf("--state", name,
                    {"queued", "sending", "waiting", "done", "failed", "unknown", "cancelled"})
      .error();
}

base::Result<std::optional<store::CallbackState>> ReadCallbackState(const std::string& name) {
  if (name.empty()) return std::optional<store::CallbackState>();
  for (const store::CallbackState state :
       {store::CallbackState::kPending, store::CallbackState::kDelivered,
        store::CallbackState::kDead}) {
    if (name == store::CallbackStateName(state)) return std::optional(state);
  }
  return CheckOneOf("--state", name, {"pending", "delivered", "dead"}).error();
}

base::Result<std::optional<ffd::FiscalMark>> ReadMark(const MarkOptions& options) {
  if (IsEmpty(options)) return std::optional<ffd::FiscalMark>();
  if (!AllDigits(options.fn) || options.fn.size() != 16 || options.fd <= 0 ||
      !AllDigits(options.fpd) || options.fpd.size() > 10) {
    return Error{Code::kInvalid,
                 std::string(Say("a mark needs --fn (16 digits), --fd and --fpd (up to 10 digits), "
                                 "as printed on the receipt",
                                 "нужны вместе --fn (16 цифр), --fd и --fpd (до 10 цифр), как в "
                                 "чеке"))};
  }
  ffd::FiscalMark mark;
  mark.fn_1041 = options.fn;
  mark.fd_1040 = options.fd;
  mark.fpd_1077 = options.fpd;
  mark.shift_1038 = options.shift;
  mark.receipt_number_1042 = options.receipt_number;
  mark.register_number_1037 = options.register_number;
  if (!options.time.empty()) {
    base::Status good = CheckFiscalTime(options.time);
    if (!good) return good.error();
    mark.time_1012 = options.time;
  }
  if (!options.total.empty() &&
      base::ParseMoney(options.total, &mark.total_1020) != base::DecimalFault::kNone) {
    return Error{Code::kInvalid, std::string(Say("--total: roubles and kopecks, like 1490.50",
                                                 "--total: рубли и копейки, например 1490.50"))};
  }
  return std::optional(mark);
}

void WriteTask(const task::Task& task, const task::Directory& directory, base::JsonWriter* writer) {
  writer->BeginObject();
  WriteTaskMembers(task, directory, writer);
  writer->EndObject();
}

std::string TaskTable(const std::vector<task::Task>& tasks, const task::Directory& directory) {
  Table table({"ID", "ORDER", "SHOP", "REGISTER", "STATE", "ACCEPTED", "REMARK"});
  for (const task::Task& task : tasks) {
    table.Add({task.id, task.order_id, ShopName(task.shop, directory),
               RegisterName(task.register_key, directory), std::string(task::StateName(task.state)),
               base::FormatUtc(task.accepted_at), OrDash(Remark(task))});
  }
  return table.empty() ? std::string(Say("no such tasks", "таких заданий нет")) : table.Text();
}

void WriteTaskView(const ShownTask& shown, const task::Directory& directory,
                   base::JsonWriter* writer) {
  const store::TaskView& view = shown.view;
  writer->BeginObject();
  WriteTaskMembers(view.task, directory, writer);
  writer->Key("seq").Int(view.event_seq).Key("behind").String(shown.behind);
  writer->Key("results").BeginArray();
  for (const task::CommandResult& result : view.results) WriteResult(result, writer);
  writer->EndArray().Key("attempt_list").BeginArray();
  for (const task::Attempt& attempt : view.attempts) WriteAttempt(attempt, writer);
  writer->EndArray().Key("evidence").BeginArray();
  for (const store::Evidence& evidence : view.evidence) WriteEvidence(evidence, writer);
  writer->EndArray().Key("callback");
  if (view.callback) {
    WriteCallback(*view.callback, directory, false, writer);
  } else {
    writer->Null();
  }
  if (shown.package) {
    writer->Key("callback_success").String(view.package.callback_success);
    writer->Key("callback_failed").String(view.package.callback_failed);
    writer->Key("prog_url").String(view.package.prog_url);
    writer->Key("commands").Raw(view.package.commands);
  }
  writer->EndObject();
}

std::string TaskSheet(const ShownTask& shown, const task::Directory& directory) {
  const task::Task& task = shown.view.task;
  Sheet sheet;
  sheet.Add("id", task.id);
  sheet.Add("order_id", task.order_id);
  sheet.Add("shop", ShopName(task.shop, directory));
  sheet.Add("register", RegisterName(task.register_key, directory));
  sheet.Add("state", task::StateName(task.state));
  if (const task::Group* group = directory.FindGroup(task.group)) sheet.Add("group", group->name);
  if (!task.error.empty()) sheet.Add("error", task.error);
  AddAdvice(task, &sheet);
  if (!task.wait_reason.empty()) sheet.Add("wait_reason", task.wait_reason);
  if (!shown.behind.empty()) sheet.Add("behind", shown.behind);
  sheet.Add("accepted_at", base::FormatUtc(task.accepted_at));
  sheet.Add("changed_at", base::FormatUtc(task.changed_at));
  if (task.deadline_at) sheet.Add("deadline_at", base::FormatUtc(*task.deadline_at));
  if (shown.view.callback) {
    const store::Callback& callback = *shown.view.callback;
    sheet.Add("callback", std::string(store::CallbackStateName(callback.state)) + ", " +
                              std::to_string(callback.attempts) + " tries, " + callback.url);
  }
  std::string text = sheet.Text() + ResultTable(shown.view.results) +
                     AttemptTable(shown.view.attempts) + EvidenceTable(shown.view.evidence);
  if (shown.package) text += "\n\n" + Printable(shown.view.package.commands);
  return text;
}

void WriteCallback(const store::Callback& callback, const task::Directory& directory,
                   bool with_body, base::JsonWriter* writer) {
  writer->BeginObject().Key("webhook_id").String(callback.webhook_id);
  writer->Key("shop").String(ShopName(callback.shop, directory));
  writer->Key("task_id").String(callback.task_id).Key("order_id").String(callback.order_id);
  writer->Key("url").String(callback.url);
  writer->Key("state").String(store::CallbackStateName(callback.state));
  writer->Key("attempts").Int(callback.attempts);
  writer->Key("due_at").String(base::FormatUtc(callback.due_at));
  writer->Key("last_status").Int(callback.last_status);
  writer->Key("last_error").String(callback.last_error);
  if (with_body) writer->Key("body").String(callback.body);
  writer->EndObject();
}

std::string CallbackTable(const std::vector<store::Callback>& callbacks,
                          const task::Directory& directory) {
  Table table({"WEBHOOK ID", "SHOP", "ORDER", "STATE", "TRIES", "DUE", "LAST ANSWER"});
  for (const store::Callback& callback : callbacks) {
    table.Add(
        {callback.webhook_id, ShopName(callback.shop, directory), callback.order_id,
         std::string(store::CallbackStateName(callback.state)), std::to_string(callback.attempts),
         callback.state == store::CallbackState::kPending ? base::FormatUtc(callback.due_at) : "-",
         LastAnswer(callback)});
  }
  return table.empty() ? std::string(Say("no such callbacks", "таких уведомлений нет"))
                       : table.Text();
}

std::string CallbackSheet(const store::Callback& callback, const task::Directory& directory) {
  Sheet sheet;
  sheet.Add("webhook_id", callback.webhook_id);
  sheet.Add("shop", ShopName(callback.shop, directory));
  sheet.Add("task_id", callback.task_id);
  sheet.Add("order_id", callback.order_id);
  sheet.Add("url", callback.url);
  sheet.Add("state", store::CallbackStateName(callback.state));
  sheet.Add("attempts", std::to_string(callback.attempts));
  sheet.Add("due_at", base::FormatUtc(callback.due_at));
  sheet.Add("last_answer", LastAnswer(callback));
  sheet.Add("body", callback.body);
  return sheet.Text();
}

}  // namespace fiscalgate::admin
