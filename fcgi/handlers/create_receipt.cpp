#include "fcgi/handlers/create_receipt.h"

#include <chrono>
#include <utility>

#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/front.h"
#include "lib/task/check_settings.h"

namespace fiscalgate {

using base::Code;
using base::Language;
namespace bit = protocol::bit;

struct CreateReceipt::Post : Visit {
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  ffd::Faults warnings;
  task::NewTask task;
};

struct CreateReceipt::Pending {
  ExchangePtr exchange;
  Post post;
  std::string created_body;  // the likely answer, made before the commit to keep the writer free
};

namespace {

constexpr int kDiskFullRetryAfterS = 30;
constexpr std::size_t kLoggedAccountBytes = 64;  // of an account id that nobody knows yet

ErrorEntry Entry(std::string path, std::string code, Language language, std::string_view russian,
                 std::string_view english) {
  return {std::move(path), std::move(code),
          std::string(language == Language::kEnglish ? english : russian)};
}

// In flight: no outcome to tell yet.
bool HasOutcome(task::State state) {
  return task::IsFinal(state) || state == task::State::kUnknown;
}

}  // namespace

void CreateReceipt::Handle(ExchangePtr exchange) {
  Post post;
  post.language = LanguageOf(exchange->request());
  if (const auto refusal = Read(exchange->request(), &post)) {
    Refuse(std::move(exchange), post, *refusal);
  } else {
    Submit(std::move(exchange), std::move(post));
  }
}

MaybeRefusal CreateReceipt::Read(const http::Request& request, Post* post) const {
  if (!parts_.disk.HasRoom()) return Refusal{Code::kUnavailable, {}, kDiskFullRetryAfterS};
  if (auto refusal = Door::ReadForm(request.body, post)) return refusal;
  if (auto refusal = door_.AdmitSigned(post)) return refusal;
  if (auto refusal = door_.ChooseRegister(post)) return refusal;
  return ReadTask(post);
}

MaybeRefusal CreateReceipt::ReadTask(Post* post) const {
  bit::PostedForm& form = post->form;
  const base::WallTime now = parts_.clock.Now();
  auto package = bit::ReadPackage(
      form.data, task::CheckOptionsFor(*post->shop, *post->register_, now), parts_.json_reader);
  if (!package) return RefusalOf(package.error(), "BIT_DATA", post->language);
  if (!package->faults.empty()) {
    return Refusal{Code::kInvalid, EntriesOf(package->faults, post->language)};
  }
  task::NewTask& task = post->task;
  post->warnings = std::move(package->warnings);
  task.accepted_at = now;
  task.id = base::NewId(task.accepted_at);
  task.shop = post->shop->key;
  task.register_key = post->register_->key;
  task.content_hash = bit::ContentHash(form);
  task.order_id = std::move(form.order_id);
  task.package.commands = std::move(package->commands_json);
  task.package.prog_url = AllowedProgUrl(*post);
  task.package.callback_success = std::move(form.callback_success);
  task.package.callback_failed = std::move(form.callback_failed);
  return std::nullopt;
}

// The old protocol does not sign BIT_PROG_URL: whoever can change it could send receipts elsewhere.
std::string CreateReceipt::AllowedProgUrl(const Post& post) const {
  const std::string& url = post.form.prog_url;
  if (url.empty() || url == post.register_->url) return "";
  if (post.shop->allow_prog_url) return url;
  log::Warn("prog_url_ignored", {{"task", post.task.id}, {"shop", post.shop->account_id}});
  return "";
}

std::string CreateReceipt::AcceptedBody(const task::Task& task, bool duplicate,
                                        std::string_view outcome,
                                        const ErrorEntries& warnings) const {
  base::JsonWriter writer;
  writer.BeginObject().Key("result").Bool(true).Key("id").String(task.id);
  writer.Key("order_id").String(task.order_id).Key("state").String(task::StateName(task.state));
  writer.Key("duplicate").Bool(duplicate);
  if (!outcome.empty()) writer.Key("outcome").Raw(outcome);
  writer.Key("status_url").String(parts_.links.Status(task.id));
  writer.Key("receipt_url").String(parts_.links.Receipt(task.id));
  if (!warnings.empty()) WriteEntries(warnings, "warnings", &writer);
  writer.EndObject();
  return writer.Take();
}

void CreateReceipt::Observe(const Post& post) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - post.started;
  parts_.metrics.ObserveCreateReceipt(elapsed.count());
}

void CreateReceipt::Refuse(ExchangePtr exchange, const Post& post, const Refusal& refusal) {
  parts_.intake.CountRefusal(refusal.code);
  Observe(post);
  const std::string& account = post.shop == nullptr ? post.form.account_id : post.shop->account_id;
  log::Info("refused", {{"code", CodeName(refusal.code)},
                        {"detail", refusal.entries.empty() ? "" : refusal.entries[0].code},
                        {"path", refusal.entries.empty() ? "" : refusal.entries[0].path},
                        {"shop", base::Truncate(account, kLoggedAccountBytes)},
                        {"from", exchange->remote_address()}});
  exchange->Reply(
      ErrorResponse(refusal.code, post.language, refusal.entries, refusal.retry_after_s));
}

void CreateReceipt::Submit(ExchangePtr exchange, Post post) {
  if (++parts_.intake.pending_writes > parts_.intake.max_pending_writes) {
    --parts_.intake.pending_writes;
    return Refuse(std::move(exchange), post, Refusal{Code::kUnavailable});
  }
  task::Task created;
  created.id = post.task.id;
  created.order_id = post.task.order_id;
  task::NewTask task = std::move(post.task);
  const ErrorEntries warnings = EntriesOf(post.warnings, post.language);
  post.form = {};  // what waits for the commit should be small
  // Shared only because std::function must be copyable.
  auto pending = std::make_shared<Pending>(
      Pending{std::move(exchange), std::move(post), AcceptedBody(created, false, "", warnings)});
  const bool taken =
      parts_.store.Accept(std::move(task), [this, pending](base::Result<store::Accepted> result) {
        --parts_.intake.pending_writes;
        Finish(*pending, std::move(result));
      });
  if (taken) return;
  --parts_.intake.pending_writes;
  Refuse(std::move(pending->exchange), pending->post, Refusal{Code::kUnavailable});
}

void CreateReceipt::Finish(Pending& pending, base::Result<store::Accepted> result) {
  if (!result) {
    if (result.error().code == Code::kUnavailable) parts_.intake.store_refuses = true;
    log::Warn("accept_failed", {{"error", result.error().what}});
    return Refuse(std::move(pending.exchange), pending.post,
                  Refusal{result.error().code, {}, kDiskFullRetryAfterS});
  }
  const task::Task& task = result->task;
  switch (result->what) {
    case store::Acceptance::kCreated:
      ++parts_.intake.accepted;
      Observe(pending.post);
      pending.exchange->Reply(JsonResponse(std::move(pending.created_body), 202));
      parts_.notify(task.register_key);
      log::Info("task_accepted", {{"task", task.id},
                                  {"order", task.order_id},
                                  {"shop", pending.post.shop->account_id},
                                  {"register", pending.post.register_->name}});
      return;
    case store::Acceptance::kSame:
      ++parts_.intake.duplicates;
      Observe(pending.post);
      return AnswerSame(std::move(pending.exchange), task,
                        EntriesOf(pending.post.warnings, pending.post.language));
    case store::Acceptance::kConflict:
      return Refuse(std::move(pending.exchange), pending.post,
                    Refusal{Code::kConflict,
                            {Entry("BIT_ORDER_ID", "conflict", pending.post.language,
                                   CodeText(Code::kConflict, Language::kRussian),
                                   CodeText(Code::kConflict, Language::kEnglish))}});
  }
}

// The outcome is read by the waiters' thread: this is the writer's.
void CreateReceipt::AnswerSame(ExchangePtr exchange, const task::Task& task,
                               const ErrorEntries& warnings) {
  if (!HasOutcome(task.state)) {
    return exchange->Reply(JsonResponse(AcceptedBody(task, true, "", warnings)));
  }
  parts_.waiters.Park(Waiters::OfTask(task.seq), Waiters::Time(), std::move(exchange),
                      [this, id = task.id, warnings](ExchangePtr waiting, bool) -> ExchangePtr {
                        auto view = parts_.store.FindTask(id);
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
