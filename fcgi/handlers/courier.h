// The courier's phone page, behind a sign-in:
//   GET  /courier            the page, or the form to sign in
//   POST /courier/sign-in    login and password, as a form; limited in tries
//   POST /courier/sign-out
//   GET  /courier/goods      what the shop sells, JSON
// Only where the configuration says so.
#pragma once

#include <memory>
#include <string>

#include "fcgi/courier_door.h"
#include "fcgi/exchange.h"
#include "lib/base/language.h"

namespace fiscalgate {

class Courier {
 public:
  Courier(CourierDoor& door, store::Couriers& couriers) : door_(door), couriers_(couriers) {}

  // Any request thread.
  void ShowPage(ExchangePtr exchange) const;
  void SignIn(ExchangePtr exchange) const;
  void SignOut(ExchangePtr exchange) const;
  void ShowGoods(ExchangePtr exchange) const;

 private:
  CourierDoor& door_;
  store::Couriers& couriers_;
};

}  // namespace fiscalgate
