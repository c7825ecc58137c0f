// The part of Gateway that says which address is served by whom.

#include "fcgi/handlers/bitrix24_check.h"
#include "fcgi/handlers/bitrix24_print.h"
#include "fcgi/handlers/cancel_receipt.h"
#include "fcgi/handlers/create_receipt.h"
#include "fcgi/handlers/events.h"
#include "fcgi/handlers/health.h"
#include "fcgi/handlers/index.h"
#include "fcgi/handlers/receipt_status.h"
#include "fcgi/handlers/retry_receipt.h"
#include "fcgi/handlers/validate.h"
#include "fcgi/page_routes.h"
#include "fcgi/serve_gateway.h"
#include "lib/protocol/bitrix24/registration.h"

namespace fiscalgate {

// Each of the two takes the registers of its own kind.
void Gateway::Notify(task::RegisterKey lane) {
  dispatcher_->Notify(lane);
  clouds_.conversations().Notify(lane);
}

void Gateway::MakeHandlers() {
  const CloudWindowPtr cloud = clouds_.window();
  const auto on_change = [this](const task::Task& task) { OnTaskChange(task); };
  const auto notify = [this](task::RegisterKey lane) { Notify(lane); };
  const auto ring = [this](task::RegisterKey lane) {
    Notify(lane);
    nodes_.Ring(lane);
  };
  const Reception::Parts reception{
      *store_,  clock_, *directory_, rate_limiter_,         disk_,    waiters_, intake_,
      metrics_, links_, notify,      settings_.json_reader, outlook_, cloud};
  auto create = std::make_shared<CreateReceipt>(reception);
  metrics_text_ = std::make_shared<MetricsText>(MetricsText::Parts{
      metrics_, *store_, clock_, *directory_, intake_, *dispatcher_, clouds_.conversations(),
      *relay_, *client_, [this] { return server_->parked(); }, agents_.switchboard(),
      agents_.roster(), [this] { return nodes_.size(); },
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
              std::make_shared<RetryReceipt>(RetryReceipt::Parts{*store_, clock_, *directory_,
                                                                 intake_, on_change, ring, cloud}));
  router_.Add(
      "GET", "/api/fiscal/events",
      std::make_shared<Events>(*store_, clock_, *directory_, waiters_, nodes_.CompleteEvents()));
  router_.Add("POST", std::string(protocol::bitrix24::kPrintPath),
              std::make_shared<Bitrix24Print>(reception));
  router_.Add("POST", std::string(protocol::bitrix24::kCheckPath),
              std::make_shared<Bitrix24Check>(*store_));
  router_.Add("GET", "/healthz", std::make_shared<Health>());
  router_.Add("GET", "/readyz", std::make_shared<Readiness>([this] { return WhatIsInTheWay(); }));
  router_.Add("GET", "/metrics", metrics_text_);
  router_.Add("GET", "/", std::make_shared<Index>());
  agents_.Open(*store_, *directory_, [this](task::RegisterKey lane) { nodes_.Want(lane); });
  agents_.AddRoutes(&router_);
  clouds_.AddRoutes(&router_);
  AddPages({reception, keys_, settings_.pages_test, settings_.pages_courier,
            settings_.public_url.starts_with("https:"), on_change},
           &router_);
}

}  // namespace fiscalgate
