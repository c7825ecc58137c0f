#include "fcgi/handlers/dialog.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "fcgi/handlers/page.h"
#include "fcgi/query.h"
#include "fcgi/web/dialog_words.h"
#include "lib/base/text.h"

namespace fiscalgate {
namespace {

using base::Code;
using base::Language;
using std::chrono::seconds;

constexpr int kMostAhead = 1000;
// Nobody is told when a task is begun or moves up its lane: while it is in work, the page looks
// again this soon. The end of a task wakes it at once.
constexpr seconds kLookAgain{2};
constexpr std::string_view kBuyer = "buyer, in the dialog";

bool WantsJson(const http::Request& request) {
  return http::FindHeader(request.headers, "accept").starts_with("application/json");
}

std::string_view WordOf(std::string_view name, Language language) {
  for (const web::Words& words : web::DialogWords()) {
    if (words.name == name) return language == Language::kEnglish ? words.english : words.russian;
  }
  return {};
}

// "/d/TOKEN" or "/d/TOKEN/act" -> "TOKEN"
std::string TokenOf(const http::Request& request) {
  const std::size_t begin = request.url.find('/', 1) + 1;
  return request.url.substr(begin, request.url.find('/', begin) - begin);
}

http::Response Refuse(const http::Request& request, Code code) {
  const Language language = PageLanguage(request);
  return WantsJson(request) ? ErrorResponse(code, language) : RefusalPage(code, language);
}

bool SecretFits(const http::Request& request, const std::string& secret) {
  const auto form = base::ParseForm(request.body);
  return form.ok() && std::any_of(form->begin(), form->end(), [&](const auto& field) {
           return field.first == "secret" && base::ConstantTimeEqual(field.second, secret);
         });
}

}  // namespace

http::Response SeeOther(std::string path, const http::Request& request) {
  const Query query(request.query);
  const std::string_view lang = query.Text("lang");
  if (lang == "en" || lang == "ru") path.append("?lang=").append(lang);
  http::Response response;
  response.status = 303;
  response.headers = {{"Location", std::move(path)},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"}};
  return response;
}

http::Response RefusalPage(Code code, Language language, const ErrorEntries& entries,
                           int retry_after_s) {
  const bool is_shop_fault = code != Code::kNotFound && code != Code::kUnavailable &&
                             code != Code::kRateLimited && code != Code::kInternal;
  const std::string_view text =
      is_shop_fault ? WordOf("t_refused_text", language) : std::string_view();
  http::Response response =
      HtmlPage(web::RenderRefusal(CodeText(code, language), text, entries, language),
               web::DialogPolicy(false));
  response.status = HttpStatus(code);
  if (code == Code::kRateLimited || code == Code::kUnavailable) {
    response.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  }
  return response;
}

std::optional<Dialog::Found> Dialog::Find(const http::Request& request, Code* failure) const {
  *failure = Code::kNotFound;
  std::string token = TokenOf(request);
  const std::string id = parts_.links.IdOfDialogToken(token);
  if (id.empty()) return std::nullopt;
  auto view = parts_.store.FindTask(id);
  if (!view) *failure = view.error().code;
  if (!view || !*view) return std::nullopt;
  return Found{std::move(token), std::move(**view)};
}

web::DialogPicture Dialog::Picture(const store::TaskView& view, Language language) const {
  int ahead = 0;
  if (view.task.state == task::State::kQueued && view.behind) {
    if (const auto count = parts_.store.CountAhead(view.task, kMostAhead)) ahead = *count;
  }
  web::DialogCloud cloud;
  cloud.is_cloud = parts_.cloud && parts_.cloud->IsCloud(view.task);
  if (cloud.is_cloud) {
    cloud.may_be_retried = parts_.cloud->MayBeRetried(view.task);
    TaskLinks links = parts_.cloud->LinksOf(view);
    cloud.payment_url = std::move(links.payment_url);
    cloud.provider_url = std::move(links.receipt_url);
  }
  return web::PictureOf(view, ahead, language, cloud);
}

http::Response Dialog::Page(const Found& found, Language language, bool too_late) const {
  const task::Task& task = found.view.task;
  const web::DialogPicture picture = Picture(found.view, language);
  const web::DialogFrame frame{"/d/" + found.token, parts_.links.Receipt(task.id),
                               parts_.links.DialogSecret(task.id), task.order_id, too_late};
  const bool leaves =
      !found.view.package.callback_success.empty() || !found.view.package.callback_failed.empty();
  return HtmlPage(web::RenderDialog(picture, frame, language), web::DialogPolicy(leaves));
}

void Dialog::ShowPage(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  Code failure;
  const auto found = Find(request, &failure);
  http::Response response = found ? Page(*found, PageLanguage(request), false)
                                  : RefusalPage(failure, PageLanguage(request));
  exchange->Reply(std::move(response));
}

void Dialog::ShowQr(ExchangePtr exchange) const {
  Code failure;
  const auto found = Find(exchange->request(), &failure);
  ReplyPicture(std::move(exchange), found ? web::DialogQr(found->view) : std::nullopt, failure);
}

void Dialog::ShowLinkQr(ExchangePtr exchange) const {
  Code failure;
  const auto found = Find(exchange->request(), &failure);
  ReplyPicture(std::move(exchange), found ? LinkQr(parts_.cloud.get(), found->view) : std::nullopt,
               failure);
}

void Dialog::ReplyPicture(ExchangePtr exchange, const std::optional<std::string>& svg,
                          Code failure) const {
  http::Response response =
      svg ? SvgPicture(*svg) : ErrorResponse(failure, PageLanguage(exchange->request()));
  exchange->Reply(std::move(response));
}

void Dialog::TellState(ExchangePtr exchange) const {
  const http::Request& request = exchange->request();
  const auto wait = Query(request.query).Int("wait", 0, 0, 1'000'000);
  if (!wait) {
    return exchange->Reply(ErrorResponse(Code::kMalformed, PageLanguage(request),
                                         {{"wait", "malformed", "wait is not a number"}}));
  }
  Code failure;
  const auto found = Find(request, &failure);
  if (!found) return exchange->Reply(ErrorResponse(failure, PageLanguage(request)));
  const seconds most =
      found->view.task.state == task::State::kUnknown ? base::kMaxWait : kLookAgain;
  const seconds time = std::min(seconds(*wait), most);
  exchange = Look(std::move(exchange), time.count() == 0);
  if (!exchange) return;
  parts_.waiters.Park(
      Waiters::OfTask(found->view.task.seq), std::chrono::steady_clock::now() + time,
      std::move(exchange),
      [this](ExchangePtr waiting, bool last) { return Look(std::move(waiting), last); });
}

ExchangePtr Dialog::Look(ExchangePtr exchange, bool last) const {
  const http::Request& request = exchange->request();
  const Language language = PageLanguage(request);
  Code failure;
  const auto found = Find(request, &failure);
  if (!found) {
    exchange->Reply(ErrorResponse(failure, language));
    return nullptr;
  }
  const web::DialogPicture picture = Picture(found->view, language);
  const bool is_news = Query(request.query).Text("after") != web::DialogVersion(picture);
  if (!is_news && !last && picture.in_work) return exchange;
  exchange->Reply(JsonResponse(web::DialogJson(picture)));
  return nullptr;
}

std::optional<Dialog::Found> Dialog::FindToAct(ExchangePtr& exchange) const {
  const http::Request& request = exchange->request();
  Code failure;
  auto found = Find(request, &failure);
  if (found && SecretFits(request, parts_.links.DialogSecret(found->view.task.id))) return found;
  http::Response response = Refuse(request, found ? Code::kForbidden : failure);
  exchange->Reply(std::move(response));
  return std::nullopt;
}

void Dialog::Cancel(ExchangePtr exchange) const {
  const auto found = FindToAct(exchange);
  if (!found) return;
  const http::Request& request = exchange->request();
  const std::string& id = found->view.task.id;
  const auto after =
      parts_.store.WithdrawTask(id, found->view.task.shop, std::string(kBuyer), parts_.clock.Now());
  if (!after) return exchange->Reply(Refuse(request, after.error().code));
  const bool was_queued = found->view.task.state == task::State::kQueued;
  if (was_queued && after->state == task::State::kCancelled) parts_.on_change(*after);
  http::Response response = Cancelled(request, *found);
  exchange->Reply(std::move(response));
}

void Dialog::Retry(ExchangePtr exchange) const {
  const auto found = FindToAct(exchange);
  if (!found) return;
  http::Response response = Retry(exchange->request(), *found);
  exchange->Reply(std::move(response));
}

// A second click finds the task at work already: that is what was wanted.
http::Response Dialog::Retry(const http::Request& request, const Found& found) const {
  const task::Task& task = found.view.task;
  if (!parts_.cloud || !parts_.cloud->MayBeRetried(task)) return Refuse(request, Code::kForbidden);
  const base::Status again =
      parts_.store.RetryTask(task.id, std::string(kBuyer), "", parts_.clock.Now());
  if (!again.ok() && again.error().code != Code::kConflict) {
    return Refuse(request, again.error().code);
  }
  const auto now = parts_.store.FindTask(task.id);
  if (!now || !*now) return Refuse(request, now ? Code::kInternal : now.error().code);
  if (again.ok()) {
    parts_.on_change((*now)->task);
    if (parts_.notify) parts_.notify(task.register_key);
  }
  if (!WantsJson(request)) return SeeOther("/d/" + found.token, request);
  return JsonResponse(web::DialogJson(Picture(**now, PageLanguage(request))));
}

// A second click finds the task cancelled already: that is what was wanted.
http::Response Dialog::Cancelled(const http::Request& request, const Found& found) const {
  auto now = parts_.store.FindTask(found.view.task.id);
  if (!now || !*now) return Refuse(request, now ? Code::kInternal : now.error().code);
  const Language language = PageLanguage(request);
  const bool is_cancelled = (*now)->task.state == task::State::kCancelled;
  if (WantsJson(request)) {
    return JsonResponse(web::DialogJson(Picture(**now, language)), is_cancelled ? 200 : 409);
  }
  if (is_cancelled) return SeeOther("/d/" + found.token, request);
  http::Response response = Page({found.token, std::move(**now)}, language, true);
  response.status = 409;
  return response;
}

}  // namespace fiscalgate
