// The emulated service: the shop's calls, the buyer's pages, notifications. What is documented of
// it and what was chosen: README.md beside this file, and its own page.
#pragma once

#include <memory>
#include <string>

#include "fcgi/emulator.h"
#include "fcgi/emulator/begateway/book.h"
#include "fcgi/emulator/begateway/checkout.h"
#include "fcgi/emulator/begateway/clerk.h"
#include "fcgi/emulator/begateway/notifier.h"
#include "fcgi/emulator/cloud/service.h"
#include "fcgi/router.h"

namespace fiscalgate::emulator::begateway {

inline constexpr std::string_view kTaxId = "tax_id";          // 1 = the shop's INN is filled in
inline constexpr std::string_view kStrictGet = "strict_get";  // 1 = no Content-Type on questions
inline constexpr std::string_view kOlder400 = "older_400";    // 1 = older refusals say 400, not 422
inline constexpr std::string_view kRetryMs = "notification_retry_ms";

class Gateway final : public cloud::Service {
 public:
  // `folder` holds the key of notifications, made if there is none. The cloud must outlive it.
  // Errors: kMalformed, kForbidden.
  static base::Result<std::unique_ptr<Gateway>> Open(const BegatewayOptions& options,
                                                     const std::string& folder, cloud::Cloud& cloud,
                                                     std::unique_ptr<http::Sender> sender);
  // The same, with its thread running and a sender of its own.
  static base::Result<std::unique_ptr<cloud::Service>> Make(const BegatewayOptions& options,
                                                            const std::string& folder,
                                                            cloud::Cloud& cloud);
  ~Gateway() override { Stop(); }

  std::string_view title() const override { return "bePaid и Freepayment (beGateway)"; }
  std::span<const FaultKind> faults() const override;
  std::span<const cloud::Choice> choices() const override;
  std::vector<cloud::Call> Calls() override;
  base::Result<ffd::Receipt> ReceiptOf(const cloud::Record& record) const override;
  void Describe(const cloud::Record& record, base::JsonWriter* writer) const override;
  std::string mapping() const override;
  http::Response Refusal(int status, std::string_view words) const override;
  void Stop() override { clerk_.Stop(); }
  // The public key, and what was tried to notify of.
  void AddControl(Router* router) override;

  // What its thread repeats. Takes the cloud's mutex.
  std::optional<base::Milliseconds> Turn();

 private:
  Gateway(const BegatewayOptions& options, cloud::Cloud& cloud,
          std::unique_ptr<http::Sender> sender, base::RsaPrivateKey key);
  using Answer = std::function<http::Response(const http::Request&)>;
  cloud::Call Protected(std::string method, std::string pattern, std::string step, Answer answer);
  void AddSubmits(std::vector<cloud::Call>* calls);
  void AddQuestions(std::vector<cloud::Call>* calls);
  void AddCheckouts(std::vector<cloud::Call>* calls);
  void AddPages(std::vector<cloud::Call>* calls);

  http::Response Submit(const http::Request& request, Kind kind, bool alternative);
  http::Response SubmitNew(const http::Request& request, Kind kind, bool alternative,
                           const std::string& request_id);
  http::Response ByUid(const http::Request& request, bool alternative);
  http::Response ByTrackingId(const http::Request& request, bool alternative);
  http::Response Renotify(const http::Request& request);
  http::Response MakeCheckout(const http::Request& request);
  http::Response ShowCheckout(const http::Request& request);
  http::Response CheckoutPage(const http::Request& request);
  http::Response PressCheckout(const http::Request& request);
  http::Response ProcessPage(const http::Request& request);
  http::Response PressProcess(const http::Request& request);

  http::Response Show(const Transaction& transaction, const http::Request& request);
  http::Response RefuseAll(const Complaints& complaints, Form form) const;
  bool IsAllowed(const http::Request& request, const std::string& step);
  Site SiteOf(const http::Request& request) const;
  Shop shop() const;  // as the settings have it now
  void OnNews(const View& view);
  void Notify(const View& view, bool spoiled, base::Milliseconds delay);

  const Shop shop_;
  const std::string public_url_;  // "" = as the request was addressed
  cloud::Cloud& cloud_;
  Book book_;
  Checkouts checkouts_;
  Clerk clerk_;
  Notifier notifier_;
  std::string seen_url_;                        // how it was addressed last
  const std::unique_ptr<http::Sender> sender_;  // gone before the notifier is
};

}  // namespace fiscalgate::emulator::begateway
