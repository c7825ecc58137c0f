#include "fcgi/page_routes.h"

#include <memory>

#include "fcgi/courier_door.h"
#include "fcgi/endpoint.h"
#include "fcgi/handlers/courier.h"
#include "fcgi/handlers/courier_receipt.h"
#include "fcgi/handlers/create_receipt_dialog.h"
#include "fcgi/handlers/dialog.h"
#include "fcgi/handlers/faults.h"
#include "fcgi/handlers/receipt_page.h"
#include "fcgi/handlers/static_file.h"
#include "fcgi/handlers/test_page.h"

namespace fiscalgate {
namespace {

void AddDialog(const PageParts& parts, Router* router) {
  const Reception::Parts& with = parts.reception;
  auto create = std::make_shared<CreateReceiptDialog>(with);
  for (const char* path :
       {"/api/create-receipt-dlg.php", "/api/create-receipt-dlg",
        "/api/fiscal/create-receipt-dlg.php", "/api/fiscal/create-receipt-dlg"}) {
    router->Add("POST", path, create);
  }
  auto dialog = std::make_shared<const Dialog>(Dialog::Parts{
      with.store, with.clock, with.waiters, with.links, parts.on_change, with.cloud, with.notify});
  const auto act = [&](const char* method, const char* path, DialogEndpoint::Act its) {
    router->Add(method, path, std::make_shared<DialogEndpoint>(dialog, its));
  };
  act("GET", "/d/*", &Dialog::ShowPage);
  act("GET", "/d/*/state", &Dialog::TellState);
  act("GET", "/d/*/qr.svg", &Dialog::ShowQr);
  act("GET", "/d/*/link.svg", &Dialog::ShowLinkQr);
  act("POST", "/d/*/cancel", &Dialog::Cancel);
  act("POST", "/d/*/retry", &Dialog::Retry);
}

// The door is kept by all who use it.
struct CourierRoom {
  CourierRoom(const PageParts& parts, store::Couriers& couriers)
      : door({couriers, parts.reception.clock, parts.keys, parts.secure}),
        pages(door, couriers),
        receipts(parts.reception, door) {}
  CourierDoor door;
  const Courier pages;
  CourierReceipt receipts;
};

void AddCourier(const PageParts& parts, Router* router) {
  auto room = std::make_shared<CourierRoom>(parts, parts.reception.store.couriers());
  const std::shared_ptr<const Courier> pages(room, &room->pages);
  using Act = Endpoint<Courier>::Act;
  const auto act = [&](const char* method, const char* path, Act its) {
    router->Add(method, path, std::make_shared<Endpoint<Courier>>(pages, its));
  };
  act("GET", "/courier", &Courier::ShowPage);
  act("POST", "/courier/sign-in", &Courier::SignIn);
  act("POST", "/courier/sign-out", &Courier::SignOut);
  act("GET", "/courier/goods", &Courier::ShowGoods);
  router->Add("POST", "/courier/receipts", std::shared_ptr<Handler>(room, &room->receipts));
}

}  // namespace

void AddPages(const PageParts& parts, Router* router) {
  const Reception::Parts& with = parts.reception;
  AddDialog(parts, router);
  auto receipt = std::make_shared<ReceiptPage>(with.store, with.links, with.cloud);
  router->Add("GET", "/r/*", receipt);
  router->Add("GET", "/r/*/link.svg", receipt);
  router->Add("GET", "/docs/faults", std::make_shared<Faults>());
  router->Add("GET", "/static/*", std::make_shared<StaticFile>());
  if (parts.test) router->Add("GET", "/test", std::make_shared<TestPage>());
  if (parts.courier) AddCourier(parts, router);
}

}  // namespace fiscalgate
