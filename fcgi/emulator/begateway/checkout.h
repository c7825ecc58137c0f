// Payment pages: made by the shop, opened by a buyer, who pays, declines or leaves. A page is kept
// in the cloud's ledger under its token; what came of it is the transaction that names it. Only
// with the cloud's mutex held.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fcgi/emulator/begateway/book.h"
#include "fcgi/emulator/begateway/wire.h"

namespace fiscalgate::emulator::begateway {

struct Checkout {
  std::string token;
  CheckoutOrder order;
  base::WallTime made_at;
  std::string uid = {};  // of its transaction, "" until the buyer has decided
  bool cancelled = false;
};

enum class Press { kPay, kDecline, kCancel };

class Checkouts {
 public:
  // All must outlive it.
  Checkouts(cloud::Cloud& cloud, Book& book);
  // After the book has loaded. Errors: kMalformed.
  base::Status Load(const Shop& shop);

  // `body` is {"checkout": {...}}. Errors: kInvalid (see `complaints`), kTooLarge, kInternal.
  base::Result<const Checkout*> Make(std::string_view body, const Shop& shop,
                                     Complaints* complaints);
  const Checkout* Find(const std::string& token) const;
  // The first decision counts. Errors: kInternal.
  base::Status Decide(const std::string& token, Press press);
  bool IsExpired(const Checkout& checkout) const;

 private:
  cloud::Cloud& cloud_;
  Book& book_;
  std::map<std::string, Checkout, std::less<>> checkouts_;
};

// {"checkout": {"token", "redirect_url"}}
std::string MadeBody(const Checkout& checkout, const Site& site);
// What a question is answered. `view` is of its transaction, or nullptr.
std::string CheckoutBody(const Checkout& checkout, bool is_expired, const View* view,
                         const Site& site);

// Where the buyer goes now, with token, uid and status; "" if the shop has named no place.
// `view` is of its transaction, or nullptr: left without paying.
std::string ReturnAddress(const Checkout& checkout, const View* view);
// Of a transaction that asked the buyer.
std::string ReturnAddress(const View& view);

}  // namespace fiscalgate::emulator::begateway
