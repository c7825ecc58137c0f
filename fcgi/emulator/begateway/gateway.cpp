#include "fcgi/emulator/begateway/gateway.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fcgi/emulator/control.h"
#include "fcgi/error_reply.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/http/client.h"

namespace fiscalgate::emulator::begateway {
namespace {

// The clock may be put forward by a control call, which rings nobody.
constexpr base::Milliseconds kLook{100};
constexpr int kReorderedTimes = 3;
constexpr base::Milliseconds kReorderedAtLeast{1000};

// Whole or not at all.
base::Status WriteKey(const std::string& path, const base::Secret& text) {
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return base::Error{base::Code::kForbidden, draft + ": cannot be made"};
  const auto size = static_cast<ssize_t>(text.Reveal().size());
  const bool is_written =
      ::write(fd, text.Reveal().data(), text.Reveal().size()) == size && ::fsync(fd) == 0;
  ::close(fd);
  const bool is_there = is_written && ::rename(draft.c_str(), path.c_str()) == 0;
  return is_there ? base::Ok()
                  : base::Status(base::Error{base::Code::kForbidden, path + ": cannot be written"});
}

base::Result<base::RsaPrivateKey> LoadKey(const std::string& folder) {
  const std::string path = std::filesystem::path(folder) / "notification.key";
  if (!std::filesystem::exists(path)) {
    const base::Secret made = base::RsaPrivateKey::NewText();
    if (auto written = WriteKey(path, made); !written) return written.error();
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return base::RsaPrivateKey::Load(base::Secret(text.str()));
}

std::string WithoutSlash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string TriedJson(const std::vector<Tried>& tried) {
  base::JsonWriter json;
  json.BeginArray();
  for (const Tried& one : tried) {
    json.BeginObject().Key("uid").String(one.uid).Key("url").String(one.url);
    json.Key("attempt").Int(one.attempt).Key("spoiled").Bool(one.spoiled);
    json.Key("status").Int(one.status).Key("error").String(one.error).EndObject();
  }
  return json.EndArray().Take();
}

}  // namespace

base::Result<std::unique_ptr<Gateway>> Gateway::Open(const BegatewayOptions& options,
                                                     const std::string& folder, cloud::Cloud& cloud,
                                                     std::unique_ptr<http::Sender> sender) {
  auto key = LoadKey(folder);
  if (!key) return key.error();
  std::unique_ptr<Gateway> gateway(
      new Gateway(options, cloud, std::move(sender), std::move(key).value()));
  if (auto loaded = gateway->book_.Load(); !loaded) return loaded.error();
  if (auto loaded = gateway->checkouts_.Load(gateway->shop_); !loaded) return loaded.error();
  return gateway;
}

base::Result<std::unique_ptr<cloud::Service>> Gateway::Make(const BegatewayOptions& options,
                                                            const std::string& folder,
                                                            cloud::Cloud& cloud) {
  constexpr std::size_t kMaxTransfers = 64;
  auto gateway = Open(options, folder, cloud, std::make_unique<http::Client>(kMaxTransfers));
  if (!gateway) return gateway.error();
  (*gateway)->clerk_.Start();
  return std::unique_ptr<cloud::Service>(std::move(gateway).value());
}

Gateway::Gateway(const BegatewayOptions& options, cloud::Cloud& cloud,
                 std::unique_ptr<http::Sender> sender, base::RsaPrivateKey key)
    : shop_{options.shop_id, base::Secret(options.secret_key), options.inn, options.company,
            options.taxation},
      public_url_(WithoutSlash(options.public_url)),
      cloud_(cloud),
      book_(cloud, *this, [this](const View& view) { OnNews(view); }),
      checkouts_(cloud, book_),
      clerk_([this] { return Turn(); }),
      notifier_(*sender, cloud.clock, std::move(key), shop_.id, shop_.secret_key,
                [this] { clerk_.Ring(); }),
      sender_(std::move(sender)) {
  constexpr std::int64_t kMaxRetryMs = 3600 * 1000;
  cloud_.numbers.Declare(kTaxId, 1, 0, 1);
  cloud_.numbers.Declare(kStrictGet, 1, 0, 1);
  cloud_.numbers.Declare(kOlder400, 0, 0, 1);
  cloud_.numbers.Declare(kRetryMs, 1000, 0, kMaxRetryMs);
}

std::span<const FaultKind> Gateway::faults() const {
  static const std::array kFaults = {
      CloudFault(Fault::kCloseBefore),
      CloudFault(Fault::kHangBefore),
      CloudFault(Fault::kServer500),
      CloudFault(Fault::kBusy503),
      CloudFault(Fault::kLoseAnswer),
      CloudFault(Fault::kHangAfter),
      CloudFault(Fault::kSlow),
      CloudFault(Fault::kGarbage),
      CloudFault(Fault::kHuge),
      CloudFault(Fault::kUnauthorizedStorm),
      CloudFault(Fault::kError),
      CloudFault(Fault::kExpire524),
      CloudFault(Fault::kDecline),
      CloudFault(Fault::kNoNotification),
      CloudFault(Fault::kDuplicateNotification),
      CloudFault(Fault::kReorderedNotification),
      CloudFault(Fault::kWrongSignature),
  };
  return kFaults;
}

Shop Gateway::shop() const {
  Shop now = shop_;
  if (cloud_.numbers.Get(kTaxId) == 0) now.inn.clear();
  return now;
}

Site Gateway::SiteOf(const http::Request& request) const {
  if (!public_url_.empty()) return {shop_, public_url_};
  const std::string host(http::FindHeader(request.headers, "Host"));
  return {shop_, "http://" + (host.empty() ? "localhost" : host)};
}

base::Result<ffd::Receipt> Gateway::ReceiptOf(const cloud::Record& record) const {
  const Transaction* const transaction = book_.Find(record.key);
  FG_CHECK(transaction != nullptr && transaction->fiscal);
  const FiscalOrder& order = transaction->fiscal->order;
  if (std::string fault = ServiceFault(order); !fault.empty()) {
    return base::Error{base::Code::kInvalid, std::move(fault)};
  }
  return ToReceipt(order, transaction->receipt_type_1054(), shop_.taxation_1055);
}

void Gateway::Describe(const cloud::Record& record, base::JsonWriter* writer) const {
  const Transaction* const transaction = book_.Find(record.key);
  if (transaction == nullptr) return;
  writer->Key("status").String(StatusName(transaction->status));
  writer->Key("amount").Int(transaction->amount.kopecks);
  writer->Key("tracking_id").String(transaction->tracking_id);
  writer->Key("request_id").String(transaction->request_id);
  if (!transaction->fiscal) return;
  writer->Key("external_id").String(transaction->fiscal->order.external_id);
  writer->Key("fiscal_id").String(transaction->fiscal->id);
}

http::Response Gateway::Refusal(int status, std::string_view words) const {
  return begateway::Refusal(status, words, Form::kOlder);
}

// Under the cloud's mutex.
void Gateway::OnNews(const View& view) {
  if (view.transaction.notification_url.empty()) return;
  const auto strikes = [this](Fault fault) {
    return cloud_.faults.Draw(std::array{fault}, "notification").has_value();
  };
  if (strikes(Fault::kNoNotification)) return;
  const bool is_spoiled = strikes(Fault::kWrongSignature);
  base::Milliseconds delay{0};
  if (strikes(Fault::kReorderedNotification)) {
    const base::Milliseconds processing(cloud_.numbers.Get(cloud::kProcessingMs));
    delay = std::max(kReorderedAtLeast, processing * kReorderedTimes);
  }
  if (strikes(Fault::kDuplicateNotification)) Notify(view, false, delay);
  Notify(view, is_spoiled, delay);
}

void Gateway::Notify(const View& view, bool spoiled, base::Milliseconds delay) {
  const std::string url = public_url_.empty() ? seen_url_ : public_url_;
  std::string body = TransactionBody(view, {shop_, url}, Form::kOlder);
  notifier_.Add({view.transaction.uid, view.transaction.notification_url, std::move(body), spoiled},
                delay, base::Milliseconds(cloud_.numbers.Get(kRetryMs)));
}

std::optional<base::Milliseconds> Gateway::Turn() {
  bool waits = false;
  {
    std::lock_guard lock(cloud_.mutex);
    const auto next = book_.Settle();
    if (!next) log::Error("emulator_not_settled", {{"error", next.error().what}});
    waits = !next || next->has_value();
  }
  const auto due = notifier_.Turn();
  std::optional<base::Milliseconds> rest;
  if (waits) rest = kLook;
  if (due) {
    const auto until = std::max(*due - cloud_.clock.Mono(), base::Milliseconds(0));
    rest = rest ? std::min(*rest, until) : until;
  }
  return rest;
}

void Gateway::AddControl(Router* router) {
  const auto add = [router](std::string_view path, ControlEndpoint::Answer answer) {
    router->Add("GET", path, std::make_shared<ControlEndpoint>(std::move(answer)));
  };
  add("/emulator/public-key", [this](const http::Request&) {
    return http::Response{200,
                          {{"Content-Type", "text/plain"}, {"Cache-Control", "no-store"}},
                          base::Base64Encode(notifier_.PublicKey()) + "\n"};
  });
  add("/emulator/notifications",
      [this](const http::Request&) { return JsonResponse(TriedJson(notifier_.tried())); });
}

}  // namespace fiscalgate::emulator::begateway
