// The page on which a browser watches a task that it posted, and what its script asks:
//   GET  /d/{token}         the page; without scripts it reloads itself
//   GET  /d/{token}/state   the same as JSON; ?after=VERSION&wait=25 waits for something new
//   GET  /d/{token}/qr.svg  the QR code, once there is one
//   GET  /d/{token}/link.svg  that of the provider's page of the receipt, if there is one
//   POST /d/{token}/retry   has a provider that failed do it again; guarded like cancel
//   POST /d/{token}/cancel  takes the task back while it is queued; the form holds a secret of this
//                           page, so that no other site can do it in the browser's name
//
// The token opens this and nothing else: neither the shop's status nor, the other way round, does a
// link to a receipt open this. `?lang=en` or `?lang=ru` overrides Accept-Language.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fcgi/cloud_window.h"
#include "fcgi/endpoint.h"
#include "fcgi/error_reply.h"
#include "fcgi/exchange.h"
#include "fcgi/links.h"
#include "fcgi/waiters.h"
#include "fcgi/web/dialog_page.h"
#include "lib/base/clock.h"
#include "lib/store/store.h"

namespace fiscalgate {

// 303 to a path of ours; keeps `lang`.
http::Response SeeOther(std::string path, const http::Request& request);
// A refusal for people, with the status a program would get.
http::Response RefusalPage(base::Code code, base::Language language,
                           const ErrorEntries& entries = {}, int retry_after_s = 1);

class Dialog {
 public:
  struct Parts {
    store::Store& store;
    const base::Clock& clock;
    Waiters& waiters;
    const Links& links;
    std::function<void(const task::Task&)> on_change;  // called on a request thread
    CloudWindowPtr cloud = {};
    // A task is queued again in this lane; called on a request thread.
    std::function<void(task::RegisterKey)> notify = {};
  };
  explicit Dialog(Parts parts) : parts_(std::move(parts)) {}

  // Any request thread.
  void ShowPage(ExchangePtr exchange) const;
  void ShowQr(ExchangePtr exchange) const;
  void ShowLinkQr(ExchangePtr exchange) const;
  void TellState(ExchangePtr exchange) const;
  void Cancel(ExchangePtr exchange) const;
  void Retry(ExchangePtr exchange) const;

 private:
  struct Found {
    std::string token;
    store::TaskView view;
  };
  // Empty: `failure` says why.
  std::optional<Found> Find(const http::Request& request, base::Code* failure) const;
  web::DialogPicture Picture(const store::TaskView& view, base::Language language) const;
  http::Response Page(const Found& found, base::Language language, bool too_late) const;
  void ReplyPicture(ExchangePtr exchange, const std::optional<std::string>& svg,
                    base::Code failure) const;
  // The task whose page posts this; empty: it was answered with a refusal.
  std::optional<Found> FindToAct(ExchangePtr& exchange) const;
  // Answers, or gives the exchange back if nothing is new.
  ExchangePtr Look(ExchangePtr exchange, bool last) const;
  http::Response Cancelled(const http::Request& request, const Found& found) const;
  http::Response Retry(const http::Request& request, const Found& found) const;

  const Parts parts_;
};

using DialogEndpoint = Endpoint<Dialog>;

}  // namespace fiscalgate
