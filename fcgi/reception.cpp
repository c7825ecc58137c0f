#include "fcgi/reception.h"

#include <chrono>
#include <utility>

#include "lib/base/id.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/bit/priority.h"
#include "lib/protocol/card_number.h"
#include "lib/task/check_settings.h"

namespace fiscalgate {

using base::Code;
using base::Language;
namespace bit = protocol::bit;

struct Reception::Post : Visit {
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  ffd::Faults warnings;
  std::shared_ptr<const protocol::CloudAccount> account;  // of a cloud register
  task::NewTask task;
};

struct Reception::Pending {
  ExchangePtr exchange;
  Post post;
  http::Response created;  // the likely answer, made before the commit to keep the writer free
};

namespace {

constexpr int kDiskFullRetryAfterS = 30;
constexpr std::size_t kLoggedAccountBytes = 64;  // of an account id that nobody knows yet

ErrorEntry Entry(std::string path, std::string code, Language language, std::string_view russian,
                 std::string_view english) {
  return {std::move(path), std::move(code),
          std::string(language == Language::kEnglish ? english : russian)};
}

// Its parts may be keys as they were posted.
std::string LoggedPath(const ErrorEntry& entry) {
  return protocol::HasCardNumber(entry.path) ? "-" : entry.path;
}

}  // namespace

void Reception::CreatedInCloud(ExchangePtr exchange, const task::Task& task,
                               const ErrorEntries& warnings) const {
  http::Response response = Created(task, warnings, exchange->request());
  exchange->Reply(std::move(response));
}

void Reception::Handle(ExchangePtr exchange) {
  Post post;
  post.language = LanguageFor(exchange->request());
  if (const auto refusal = Read(exchange->request(), &post)) {
    Refuse(std::move(exchange), post, *refusal);
  } else {
    Submit(std::move(exchange), std::move(post));
  }
}

MaybeRefusal Reception::Read(const http::Request& request, Post* post) const {
  if (!parts_.disk.HasRoom()) return Refusal{Code::kUnavailable, {}, kDiskFullRetryAfterS};
  if (auto refusal = Admit(request, post)) return refusal;
  return ReadTask(post);
}

MaybeRefusal Reception::Admit(const http::Request& request, Visit* visit) const {
  if (auto refusal = Door::ReadForm(request.body, visit)) return refusal;
  if (auto refusal = door_.AdmitSigned(visit)) return refusal;
  return door_.ChooseRegister(visit);
}

MaybeRefusal Reception::ReadTask(Post* post) const {
  bit::PostedForm& form = post->form;
  const base::WallTime now = parts_.clock.Now();
  if (auto closed =
          OpenAccount(parts_.cloud.get(), *post->register_, post->language, &post->account)) {
    return closed;
  }
  auto package = bit::ReadPackage(
      form.data, task::CheckOptionsFor(*post->shop, *post->register_, now), parts_.json_reader);
  if (!package) return RefusalOf(package.error(), "BIT_DATA", post->language);
  if (post->account && package->faults.empty()) package->faults = post->account->Check(*package);
  if (!package->faults.empty()) {
    return Refusal{Code::kInvalid, EntriesOf(package->faults, post->language)};
  }
  task::NewTask& task = post->task;
  post->warnings = std::move(package->warnings);
  task.accepted_at = now;
  task.id = base::NewId(task.accepted_at);
  task.shop = post->shop->key;
  task.priority = bit::PriorityOf(*package);
  task.wants_number = post->account && post->account->NeedsNumber();
  if (post->shop->deadline_s > 0) {
    task.deadline_at = now + std::chrono::seconds(post->shop->deadline_s);
  }
  task.content_hash = bit::ContentHash(form);
  task.order_id = std::move(form.order_id);
  task.package.commands = std::move(package->commands_json);
  task.package.prog_url = AllowedProgUrl(*post);
  task.package.callback_success = std::move(form.callback_success);
  task.package.callback_failed = std::move(form.callback_failed);
  ChooseMember(post);
  return std::nullopt;
}

// All members check alike, so that it may be chosen last, when nothing can be refused any more.
void Reception::ChooseMember(Post* post) const {
  if (post->group != nullptr) {
    post->task.group = post->group->key;
    if (parts_.outlook) {
      const task::RegisterKey key = parts_.outlook->Take(post->members, parts_.clock.Mono());
      post->register_ = post->directory->FindRegister(key);
    }
  }
  post->task.register_key = post->register_->key;
}

void Reception::Uncount(const Post& post) const {
  if (post.group != nullptr && parts_.outlook) parts_.outlook->Add(post.register_->key, -1);
}

// The old protocol does not sign BIT_PROG_URL: whoever can change it could send receipts elsewhere.
std::string Reception::AllowedProgUrl(const Post& post) const {
  const std::string& url = post.form.prog_url;
  if (url.empty() || url == post.register_->url) return "";
  // It is of another register, or of none.
  if (post.register_->is_cloud() || post.named != nullptr) return "";
  // With a group the gateway chooses where it goes.
  if (TrustsProgUrl(post) && post.group == nullptr) return url;
  log::Warn("prog_url_ignored", {{"task", post.task.id}, {"shop", post.shop->account_id}});
  return "";
}

void Reception::Observe(const Post& post) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - post.started;
  parts_.metrics.ObserveCreateReceipt(elapsed.count());
}

void Reception::Refuse(ExchangePtr exchange, const Post& post, const Refusal& refusal) {
  parts_.intake.CountRefusal(refusal.code);
  Observe(post);
  const std::string& account = post.shop == nullptr ? post.form.account_id : post.shop->account_id;
  log::Info("refused", {{"code", CodeName(refusal.code)},
                        {"detail", refusal.entries.empty() ? "" : refusal.entries[0].code},
                        {"path", refusal.entries.empty() ? "" : LoggedPath(refusal.entries[0])},
                        {"shop", base::Truncate(account, kLoggedAccountBytes)},
                        {"from", exchange->remote_address()}});
  http::Response response = Refused(refusal, post.language);
  exchange->Reply(std::move(response));
}

void Reception::Submit(ExchangePtr exchange, Post post) {
  if (++parts_.intake.pending_writes > parts_.intake.max_pending_writes) {
    --parts_.intake.pending_writes;
    Uncount(post);
    return Refuse(std::move(exchange), post, Refusal{Code::kUnavailable});
  }
  task::Task created;
  created.id = post.task.id;
  created.order_id = post.task.order_id;
  task::NewTask task = std::move(post.task);
  const ErrorEntries warnings = EntriesOf(post.warnings, post.language);
  http::Response answer = Created(created, warnings, exchange->request());
  post.form = {};  // what waits for the commit should be small
  // Shared only because std::function must be copyable.
  auto pending =
      std::make_shared<Pending>(Pending{std::move(exchange), std::move(post), std::move(answer)});
  const bool taken =
      parts_.store.Accept(std::move(task), [this, pending](base::Result<store::Accepted> result) {
        --parts_.intake.pending_writes;
        Finish(*pending, std::move(result));
      });
  if (taken) return;
  --parts_.intake.pending_writes;
  Uncount(pending->post);
  Refuse(std::move(pending->exchange), pending->post, Refusal{Code::kUnavailable});
}

void Reception::Welcome(Pending& pending, const task::Task& task) const {
  if (!pending.post.account) return pending.exchange->Reply(std::move(pending.created));
  CreatedInCloud(std::move(pending.exchange), task,
                 EntriesOf(pending.post.warnings, pending.post.language));
}

void Reception::Finish(Pending& pending, base::Result<store::Accepted> result) {
  if (!result || result->what != store::Acceptance::kCreated) Uncount(pending.post);
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
      Welcome(pending, task);
      parts_.notify(task.register_key);
      log::Info("task_accepted", {{"task", task.id},
                                  {"order", task.order_id},
                                  {"shop", pending.post.shop->account_id},
                                  {"register", pending.post.register_->name}});
      return;
    case store::Acceptance::kSame:
      ++parts_.intake.duplicates;
      Observe(pending.post);
      return Same(std::move(pending.exchange), task,
                  EntriesOf(pending.post.warnings, pending.post.language));
    case store::Acceptance::kConflict:
      return Refuse(std::move(pending.exchange), pending.post,
                    Refusal{Code::kConflict,
                            {Entry("BIT_ORDER_ID", "conflict", pending.post.language,
                                   CodeText(Code::kConflict, Language::kRussian),
                                   CodeText(Code::kConflict, Language::kEnglish))}});
    case store::Acceptance::kArchived:
      return Refuse(std::move(pending.exchange), pending.post,
                    Refusal{Code::kConflict,
                            {Entry("BIT_ORDER_ID", "archived", pending.post.language,
                                   "Заказ с этим номером уже был принят, его чек в архиве",
                                   "An order of this number was accepted before; it is in the "
                                   "archive")}});
  }
}

}  // namespace fiscalgate
