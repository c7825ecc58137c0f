#include "fcgi/cloud_window.h"

#include <utility>

#include "lib/base/log.h"
#include "lib/ffd/qr_svg.h"
#include "lib/http/url.h"

namespace fiscalgate {

using base::Language;
using task::State;

namespace {

constexpr int kNotReadyRetryAfterS = 60;

// Before the provider has printed it there is nothing at the address of one that failed.
bool MayHaveReceipt(State state) { return state != State::kFailed && state != State::kCancelled; }

bool MayBePaid(State state) { return state == State::kSending || state == State::kWaiting; }

// A provider's words become a link on our pages.
std::string Checked(std::string url) { return http::Url::Parse(url).ok() ? url : ""; }

}  // namespace

bool CloudWindow::IsCloud(const task::Task& task) const {
  const task::DirectoryPtr directory = directory_();
  const task::Register* r = directory->FindRegister(task.register_key);
  return r != nullptr && r->is_cloud();
}

bool CloudWindow::MayBeRetried(const task::Task& task) const {
  return IsCloud(task) && (task.attempts == 0 || !task.notes.empty());
}

TaskLinks CloudWindow::LinksOf(const store::TaskView& view) const {
  const task::DirectoryPtr directory = directory_();
  const task::Register* r = directory->FindRegister(view.task.register_key);
  if (r == nullptr || !r->is_cloud() || view.task.is_service()) return {};
  const auto opened = accounts_->Of(*r);
  if (!opened.account) return {};
  protocol::CloudLinks links = opened.account->LinksOf(view.task, view.package);
  TaskLinks shown;
  if (MayBePaid(view.task.state)) shown.payment_url = Checked(std::move(links.payment_url));
  if (MayHaveReceipt(view.task.state)) shown.receipt_url = Checked(std::move(links.receipt_url));
  return shown;
}

TaskLinks LinksOf(const CloudWindow* cloud, const store::TaskView& view) {
  return cloud == nullptr ? TaskLinks{} : cloud->LinksOf(view);
}

std::optional<std::string> LinkQr(const CloudWindow* cloud, const store::TaskView& view) {
  const std::string url = LinksOf(cloud, view).receipt_url;
  std::string svg = url.empty() ? "" : ffd::QrSvg(url);
  if (svg.empty()) return std::nullopt;
  return svg;
}

MaybeRefusal OpenAccount(const CloudWindow* cloud, const task::Register& r, Language language,
                         std::shared_ptr<const protocol::CloudAccount>* account) {
  account->reset();
  if (!r.is_cloud()) return std::nullopt;
  std::string fault = "no providers here";
  if (cloud != nullptr) {
    auto opened = cloud->AccountOf(r);
    *account = std::move(opened.account);
    fault = std::move(opened.fault);
  }
  if (*account) return std::nullopt;
  log::Warn("register_not_ready", {{"register", r.name}, {"fault", fault}});
  const bool is_english = language == Language::kEnglish;
  return Refusal{base::Code::kUnavailable,
                 {{"BIT_KKT_TOKEN", "register_not_ready",
                   is_english ? "The register's settings at its provider are not complete: its "
                                "operator has to mend them"
                              : "Настройки кассы у провайдера неполны или неверны: их должен "
                                "исправить оператор"}},
                 kNotReadyRetryAfterS};
}

void WriteLinks(const TaskLinks& links, const std::string& receipt_page, base::JsonWriter* writer) {
  if (!links.payment_url.empty()) writer->Key("payment_url").String(links.payment_url);
  const bool has_own = !links.receipt_url.empty();
  writer->Key("receipt_url").String(has_own ? links.receipt_url : receipt_page);
  if (!has_own) return;
  writer->Key("receipt_page_url").String(receipt_page);
  writer->Key("provider_receipt_url").String(links.receipt_url);
  writer->Key("provider_receipt_qr_url").String(receipt_page + "/link.svg");
}

}  // namespace fiscalgate
