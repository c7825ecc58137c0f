#include "fcgi/serve_gateway.h"

#include <unistd.h>

#include "lib/base/log.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/provider.h"
#include "lib/protocol/bitrix24/result.h"

namespace fiscalgate {

using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int kExitStoreFailed = 70;  // EX_SOFTWARE: the supervisor starts us again
// Callbacks and attempts beside each other in the outbound thread.
constexpr std::size_t kMaxTransfers = 2048;

}  // namespace

Status Gateway::Open() {
  if (auto opened = OpenServer(); !opened) return opened;
  if (auto opened = OpenStore(); !opened) return opened;
  client_ = std::make_unique<http::Client>(kMaxTransfers);
  OpenNodes();
  MakeRelay();
  MakeDispatcher();
  MakeHandlers();
  GiveChores();
  ApplyLiveSettings();
  return base::Ok();
}

Status Gateway::OpenServer() {
  ServerOptions options;
  options.socket = settings_.socket;
  options.socket_mode = settings_.socket_mode;
  options.socket_group = settings_.socket_group;
  options.threads = settings_.threads;
  auto server = Server::Listen(options);
  if (!server) return server.error();
  server_ = std::move(server).value();
  return base::Ok();
}

Status Gateway::OpenStore() {
  store::Options options;
  options.url = settings_.store_url;
  options.write_result = protocol::bit::WriteShopResult;
  options.on_group = [this](std::size_t operations, double took) {
    metrics_.ObserveGroup(operations, took);
  };
  // What is on the disk is the truth: the next start recovers from it.
  options.on_fatal = [](const base::Error& error) {
    log::Error("store_failed", {{"error", error.what}});
    log::Flush();
    _exit(kExitStoreFailed);
  };
  auto store = store::Store::Open(options, keys_);
  if (!store) return store.error();
  store_ = std::move(store).value();
  directory_ = std::make_unique<DirectoryCache>(*store_, clock_, [this] { OnDirectoryChange(); });
  return directory_->Load();
}

void Gateway::OpenNodes() {
  nodes_.Open(*store_, settings_.socket,
              {[this] { return directory_->Current(); },
               [this]() -> dispatch::Dispatcher& { return *dispatcher_; }, clouds_,
               [this]() -> callback::Relay& { return *relay_; }, agents_, waiters_});
}

void Gateway::MakeRelay() {
  callback::Options options;
  options.timeout = settings_.callback_timeout;
  options.allow_plain_http = settings_.callback_allow_plain_http;
  options.guard = std::make_shared<const http::AddressGuard>(
      http::AddressGuard::WithAllowed(settings_.callback_allow_networks).value());
  options.redirect = [](const task::Shop& shop, http::Request* request) {
    namespace bitrix24 = protocol::bitrix24;
    const bool is_call = !shop.bitrix24_webhook.empty() && bitrix24::IsApplyAddress(request->url);
    if (is_call) bitrix24::MakeApplyCall(shop.bitrix24_webhook, request);
  };
  options.is_ours = [this](task::ShopKey shop) { return nodes_.OwnsShop(shop); };
  relay_ = std::make_unique<callback::Relay>(
      *store_, *client_, clock_, [this] { return directory_->Current(); },
      [this](task::TaskSeq seq) { waiters_.Wake(Waiters::OfTask(seq)); }, options);
}

void Gateway::MakeDispatcher() {
  const dispatch::Dispatcher::Providers providers = {
      {"bit", std::make_shared<protocol::bit::BitProvider>()},
  };
  dispatch::Options options;
  options.outlook = outlook_;
  options.max_in_flight = static_cast<std::size_t>(settings_.dispatch_max_in_flight);
  options.posted_guard = std::make_shared<const http::AddressGuard>(
      http::AddressGuard::WithAllowed(settings_.dispatch_allow_networks).value());
  options.carrier = &agents_.switchboard();
  options.holdings = nodes_.holdings();
  dispatcher_ = std::make_unique<dispatch::Dispatcher>(
      *store_, *client_, clock_, providers, [this] { return directory_->Current(); },
      [this](const task::Task& task) { OnTaskChange(task); }, options);
  clouds_.Open(
      *store_, *client_, *directory_, [this](const task::Task& task) { OnTaskChange(task); },
      outlook_, nodes_.holdings());
}

void Gateway::GiveChores() {
  janitor_.Every(milliseconds(200), [this] { directory_->Poll(); });
  agents_.GiveChores(&janitor_);
  janitor_.Every(seconds(5), [this] { metrics_text_->RefreshGauges(); });
  janitor_.Every(seconds(1), [this] {
    disk_.Check();
    if (intake_.store_refuses && store_->Probe()) intake_.store_refuses = false;
  });
  janitor_.Every(seconds(1), [this] { EndOverdueTasks(); });
  janitor_.Every(base::kMonthsPause, [this] { (void)store_->MakeMonths().ok(); });
}

void Gateway::Start() {
  waiters_.Start();
  dispatcher_->Start();
  clouds_.Start();
  relay_->Start();
  nodes_.Start();
  janitor_.Start();
  server_->Start(router_);
}

// The dispatcher first: an agent's answer to what runs comes in by the server.
void Gateway::Stop() {
  agents_.Stop();
  dispatcher_->Stop();
  clouds_.Stop();
  nodes_.Stop();
  waiters_.Hurry();
  server_->Stop();
  janitor_.Stop();
  relay_->Stop();
  waiters_.Stop();
  client_->Stop();
  store_->Stop();
}

void Gateway::OnTaskChange(const task::Task& task) {
  if (task.group != 0 && task::IsFinal(task.state)) outlook_->Add(task.register_key, -1);
  waiters_.Wake(Waiters::OfTask(task.seq));
  waiters_.Wake(Waiters::OfShop(task.shop));
  relay_->Notify(task.shop);
  // By the word of an agent, told here: the node that has its lane may still wait for it.
  if (task.state == task::State::kQueued) nodes_.Ring(task.register_key);
}

void Gateway::EndOverdueTasks() {
  if (!nodes_.IsFirst()) return;
  const auto ended = store_->ExpireTasks(clock_.Now(), base::kMaxExpiredPerTurn);
  if (!ended) log::Warn("deadlines_not_swept", {{"error", ended.error().what}});
  if (!ended) return;
  for (const task::Task& task : *ended) {
    log::Info("task_too_late", {{"task", task.id}});
    OnTaskChange(task);
  }
}

void Gateway::OnDirectoryChange() {
  dispatcher_->Rescan();
  clouds_.conversations().Rescan();
  relay_->Rescan();
  waiters_.WakeAll();
  agents_.OnDirectoryChange();
}

std::vector<std::string> Gateway::WhatIsInTheWay() const {
  std::vector<std::string> reasons;
  if (!disk_.HasRoom()) reasons.emplace_back("disk_full");
  if (intake_.store_refuses) reasons.emplace_back("store_refuses_writes");
  if (intake_.pending_writes >= intake_.max_pending_writes) reasons.emplace_back("saturated");
  return reasons;
}

void Gateway::ApplyLiveSettings() {
  log::SetLevel(settings_.log_level);
  intake_.shop_rate_per_second = settings_.shop_rate_per_second;
  intake_.max_pending_writes = settings_.max_pending_writes;
  disk_.set_min_free_bytes(MinFreeBytes(settings_));
}

void Gateway::Reload(const std::string& config_path) {
  std::vector<std::string> faults;
  auto fresh = LoadSettings(config_path, &faults);
  for (const auto& fault : faults) log::Error("config_fault", {{"fault", fault}});
  if (!fresh) return;
  if (auto opened = log::Open(fresh->log_file, fresh->log_level); !opened) {
    log::Error("log_not_opened", {{"error", opened.error().what}});
    fresh->log_file = settings_.log_file;
  }
  for (const auto& key : ChangedKeysThatNeedRestart(settings_, *fresh)) {
    log::Warn("config_needs_restart", {{"key", key}});
  }
  settings_.log_file = fresh->log_file;
  settings_.log_level = fresh->log_level;
  settings_.shop_rate_per_second = fresh->shop_rate_per_second;
  settings_.max_pending_writes = fresh->max_pending_writes;
  settings_.min_free_disk_mb = fresh->min_free_disk_mb;
  ApplyLiveSettings();
  directory_->Poll();
  log::Info("reloaded");
}

}  // namespace fiscalgate
