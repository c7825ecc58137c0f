#include "fcgi/serve.h"

#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "fcgi/directory_cache.h"
#include "fcgi/disk_guard.h"
#include "fcgi/handlers/bitrix24_check.h"
#include "fcgi/handlers/bitrix24_print.h"
#include "fcgi/handlers/cancel_receipt.h"
#include "fcgi/handlers/create_receipt.h"
#include "fcgi/handlers/events.h"
#include "fcgi/handlers/health.h"
#include "fcgi/handlers/index.h"
#include "fcgi/handlers/metrics.h"
#include "fcgi/handlers/receipt_status.h"
#include "fcgi/handlers/retry_receipt.h"
#include "fcgi/handlers/validate.h"
#include "fcgi/intake.h"
#include "fcgi/janitor.h"
#include "fcgi/links.h"
#include "fcgi/page_routes.h"
#include "fcgi/rate_limiter.h"
#include "fcgi/serve_agents.h"
#include "fcgi/serve_clouds.h"
#include "fcgi/serve_process.h"
#include "fcgi/server.h"
#include "fcgi/settings.h"
#include "fcgi/waiters.h"
#include "lib/base/log.h"
#include "lib/callback/relay.h"
#include "lib/dispatch/dispatcher.h"
#include "lib/http/client.h"
#include "lib/metrics/metrics.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/provider.h"
#include "lib/protocol/bitrix24/registration.h"
#include "lib/protocol/bitrix24/result.h"
#include "lib/store/store.h"

namespace fiscalgate {
namespace {

using base::Result;
using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kExitCannotStart = 1;
constexpr int kExitStoreFailed = 70;  // EX_SOFTWARE: the supervisor starts us again
// Callbacks and attempts beside each other in the outbound thread.
constexpr std::size_t kMaxTransfers = 2048;

// The parts of the running gateway, in the order in which they need each other.
class Gateway {
 public:
  Gateway(Settings settings, base::KeyRing keys)
      : settings_(std::move(settings)),
        keys_(std::move(keys)),
        links_(settings_.public_url, keys_),
        clouds_(clock_, settings_.public_url),
        disk_(FolderOfStore(settings_.store_url), MinFreeBytes(settings_)) {}

  Status Open();
  void Start();
  void Stop();
  void Reload(const std::string& config_path);

 private:
  static std::uint64_t MinFreeBytes(const Settings& settings) {
    return static_cast<std::uint64_t>(settings.min_free_disk_mb) << 20;
  }
  Status OpenStore();
  Status OpenServer();
  void MakeDispatcher();
  void MakeRelay();
  void MakeHandlers();
  void ApplyLiveSettings();
  void GiveChores();
  void Notify(task::RegisterKey lane);
  void OnTaskChange(const task::Task& task);
  void OnDirectoryChange();
  void EndOverdueTasks();
  std::vector<std::string> WhatIsInTheWay() const;

  Settings settings_;
  const base::SystemClock clock_;
  const base::KeyRing keys_;
  const Links links_;
  CloudService clouds_;
  metrics::Metrics metrics_;
  Intake intake_;
  DiskGuard disk_;
  RateLimiter rate_limiter_{clock_};
  Waiters waiters_;
  AgentService agents_{clock_, [this]() -> dispatch::Dispatcher& { return *dispatcher_; }};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<DirectoryCache> directory_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<callback::Relay> relay_;
  std::unique_ptr<dispatch::Dispatcher> dispatcher_;
  std::shared_ptr<MetricsText> metrics_text_;
  const std::shared_ptr<dispatch::Outlook> outlook_ = std::make_shared<dispatch::Outlook>();
  Router router_;
  Janitor janitor_;
  std::unique_ptr<Server> server_;
};

Status Gateway::Open() {
  if (auto opened = OpenServer(); !opened) return opened;
  if (auto opened = OpenStore(); !opened) return opened;
  client_ = std::make_unique<http::Client>(kMaxTransfers);
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
  dispatcher_ = std::make_unique<dispatch::Dispatcher>(
      *store_, *client_, clock_, providers, [this] { return directory_->Current(); },
      [this](const task::Task& task) { OnTaskChange(task); }, options);
  clouds_.Open(
      *store_, *client_, *directory_, [this](const task::Task& task) { OnTaskChange(task); },
      outlook_);
}

// Each of the two takes the registers of its own kind.
void Gateway::Notify(task::RegisterKey lane) {
  dispatcher_->Notify(lane);
  clouds_.conversations().Notify(lane);
}

void Gateway::MakeHandlers() {
  const CloudWindowPtr cloud = clouds_.window();
  const auto on_change = [this](const task::Task& task) { OnTaskChange(task); };
  const auto notify = [this](task::RegisterKey lane) { Notify(lane); };
  const Reception::Parts reception{
      *store_,  clock_, *directory_, rate_limiter_,         disk_,    waiters_, intake_,
      metrics_, links_, notify,      settings_.json_reader, outlook_, cloud};
  auto create = std::make_shared<CreateReceipt>(reception);
  metrics_text_ = std::make_shared<MetricsText>(MetricsText::Parts{
      metrics_, *store_, clock_, *directory_, intake_, *dispatcher_, clouds_.conversations(),
      *relay_, *client_, [this] { return server_->parked(); }, agents_.switchboard(),
      agents_.roster(),
      [this](const std::vector<store::LaneDepth>& lanes) { outlook_->SetLengths(lanes); }});

  router_.Add("POST", "/api/fiscal/create-receipt.php", create);
  router_.Add("POST", "/api/fiscal/create-receipt", create);
  router_.Add("POST", "/api/create-receipt.php", create);
  auto validate =
      std::make_shared<Validate>(clock_, *directory_, intake_, settings_.json_reader, cloud);
  router_.Add("POST", "/api/fiscal/validate.php", validate);
  router_.Add("POST", "/api/fiscal/validate", validate);
  router_.Add("GET", "/api/fiscal/receipts/*",
              std::make_shared<ReceiptStatus>(
                  *store_, waiters_, links_, [this] { return directory_->Current(); }, cloud));
  router_.Add("POST", "/api/fiscal/receipts/*/cancel",
              std::make_shared<CancelReceipt>(
                  CancelReceipt::Parts{*store_, clock_, *directory_, intake_, on_change}));
  router_.Add("POST", "/api/fiscal/receipts/*/retry",
              std::make_shared<RetryReceipt>(RetryReceipt::Parts{
                  *store_, clock_, *directory_, intake_, on_change, notify, cloud}));
  router_.Add("GET", "/api/fiscal/events",
              std::make_shared<Events>(*store_, clock_, *directory_, waiters_));
  router_.Add("POST", std::string(protocol::bitrix24::kPrintPath),
              std::make_shared<Bitrix24Print>(reception));
  router_.Add("POST", std::string(protocol::bitrix24::kCheckPath),
              std::make_shared<Bitrix24Check>(*store_));
  router_.Add("GET", "/healthz", std::make_shared<Health>());
  router_.Add("GET", "/readyz", std::make_shared<Readiness>([this] { return WhatIsInTheWay(); }));
  router_.Add("GET", "/metrics", metrics_text_);
  router_.Add("GET", "/", std::make_shared<Index>());
  agents_.Open(*store_, *directory_);
  agents_.AddRoutes(&router_);
  clouds_.AddRoutes(&router_);
  AddPages({reception, keys_, settings_.pages_test, settings_.pages_courier,
            settings_.public_url.starts_with("https:"), on_change},
           &router_);
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
}

void Gateway::Start() {
  waiters_.Start();
  dispatcher_->Start();
  clouds_.Start();
  relay_->Start();
  janitor_.Start();
  server_->Start(router_);
}

// The dispatcher first: an agent's answer to what runs comes in by the server.
void Gateway::Stop() {
  agents_.Stop();
  dispatcher_->Stop();
  clouds_.Stop();
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
}

void Gateway::EndOverdueTasks() {
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

void WaitForTheEnd(const sigset_t& signals, const std::string& config_path, Gateway* gateway) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0 || signal != SIGHUP) return;
    SayReloading();
    gateway->Reload(config_path);
    sd_notify(0, "READY=1");
  }
}

int CannotStart(const std::string& why) {
  log::Flush();
  std::fprintf(stderr, "fiscalgate: %s\n", why.c_str());
  return kExitCannotStart;
}

}  // namespace

int Serve(const std::string& config_path) {
  const sigset_t signals = BlockSignals();
  std::vector<std::string> faults;
  auto settings = LoadSettings(config_path, &faults);
  if (!settings) {
    for (const auto& fault : faults) CannotStart(fault);
    return kExitCannotStart;
  }
  if (auto opened = log::Open(settings->log_file, settings->log_level); !opened) {
    return CannotStart(opened.error().what);
  }
  RaiseDescriptorLimit();
  auto keys = base::KeyRing::Load(settings->key_file);
  if (!keys) return CannotStart(keys.error().what);

  Gateway gateway(std::move(settings).value(), std::move(keys).value());
  if (auto opened = gateway.Open(); !opened) return CannotStart(opened.error().what);
  gateway.Start();
  sd_notify(0, "READY=1");
  log::Info("started");
  log::Flush();
  WaitForTheEnd(signals, config_path, &gateway);
  sd_notify(0, "STOPPING=1");
  log::Info("stopping");
  gateway.Stop();
  log::Info("stopped");
  log::Flush();
  return 0;
}

int CheckConfig(const std::string& config_path) {
  std::vector<std::string> faults;
  const auto settings = LoadSettings(config_path, &faults);
  for (const auto& fault : faults) std::printf("%s\n", fault.c_str());
  if (settings) std::printf("OK\n");
  return settings ? 0 : 1;
}

}  // namespace fiscalgate
