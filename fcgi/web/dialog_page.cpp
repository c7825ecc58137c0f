#include "fcgi/web/dialog_page.h"

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "fcgi/web/assets.h"
#include "fcgi/web/dialog_page_html.h"
#include "fcgi/web/dialog_words.h"
#include "lib/base/check.h"
#include "lib/base/crypto.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/qr_svg.h"
#include "lib/http/url.h"
#include "lib/protocol/bit/codec.h"
#include "lib/protocol/bit/commands.h"

namespace fiscalgate::web {
namespace {

using base::Language;
using kainjow::mustache::data;
using task::State;

const ffd::FiscalMark* MarkOf(const store::TaskView& view) {
  for (const task::CommandResult& result : view.results) {
    if (result.mark) return &*result.mark;
  }
  return nullptr;
}

bool HasReceipt(const store::TaskView& view) {
  const auto package = base::ParseJson(view.package.commands);
  if (!package) return false;
  const auto& commands = package->root().items;
  return std::any_of(commands.begin(), commands.end(), [](const base::JsonValue& command) {
    return protocol::bit::CommandTypeFromName(command.FindText("type")) ==
           protocol::bit::CommandType::kReceipt;
  });
}

// The result as the callback says it, a member a line; without the id, which opens the shop's side.
std::string ResultForBrowser(const store::TaskView& view) {
  const auto result =
      base::ParseJson(protocol::bit::WriteShopResult(view.task, view.results, view.event_seq));
  FG_CHECK(result.ok());
  std::string text = "{";
  for (const base::JsonMember& member : result->root().members) {
    if (member.key == "id") continue;
    text += text.size() == 1 ? "\n  " : ",\n  ";
    base::AppendJsonString(member.key, &text);
    text.append(": ").append(member.value.raw);
  }
  return text + "\n}";
}

std::string OriginOf(const std::string& url) {
  const auto parsed = http::Url::Parse(url);
  return parsed ? parsed->Origin() + "/" : "";
}

void AddWayOut(const store::TaskView& view, DialogPicture* picture) {
  const bool done = view.task.state == State::kDone;
  const std::string& url = done ? view.package.callback_success : view.package.callback_failed;
  if (task::IsFinal(view.task.state) && http::Url::Parse(url).ok()) {
    picture->leave_url = url;
    picture->leave_json = ResultForBrowser(view);
  } else if (view.task.state == State::kUnknown) {
    picture->shop_site = OriginOf(view.package.callback_failed);
  }
}

void AddFacts(const ffd::FiscalMark& mark, Language language, DialogPicture* picture) {
  picture->has_mark = true;
  const auto add = [&](const Words& label, const std::string& value) {
    if (!value.empty()) picture->facts.emplace_back(Pick(label, language), value);
  };
  add({"", "Сумма", "Total"}, base::FormatMoney(mark.total_1020) + " ₽");
  add({"", "ФН", "FN"}, mark.fn_1041);
  add({"", "ФД", "FD"}, std::to_string(mark.fd_1040));
  add({"", "ФПД", "FPD"}, mark.fpd_1077);
}

data BaseOf(Language language) {
  data page;
  for (const Words& words : DialogWords()) page.set(std::string(words.name), Pick(words, language));
  const bool is_english = language == Language::kEnglish;
  page.set("lang", is_english ? "en" : "ru");
  page.set("other_lang", is_english ? "ru" : "en");
  page.set("style", AssetUrl("pages.css"));
  return page;
}

std::string Render(const char* text, const data& page) {
  kainjow::mustache::mustache page_template(text);
  FG_CHECK(page_template.is_valid());
  return page_template.render(page);
}

// What is empty is not there: the templates ask by it.
void SetIfAny(const std::string& name, const std::string& value, data* page) {
  if (!value.empty()) page->set(name, value);
}

std::string Members(const DialogPicture& picture) {
  base::JsonWriter writer;
  writer.BeginObject().Key("state").String(picture.state).Key("title").String(picture.title);
  writer.Key("text").String(picture.text).Key("said").String(picture.said);
  writer.Key("in_work").Bool(picture.in_work).Key("can_cancel").Bool(picture.can_cancel);
  writer.Key("can_retry").Bool(picture.can_retry);
  writer.Key("payment_url").String(picture.payment_url);
  writer.Key("provider_url").String(picture.provider_url);
  writer.Key("has_mark").Bool(picture.has_mark).Key("facts").BeginArray();
  for (const auto& [label, value] : picture.facts) {
    writer.BeginObject().Key("label").String(label).Key("value").String(value).EndObject();
  }
  writer.EndArray().Key("leave_url").String(picture.leave_url);
  writer.Key("leave_json").String(picture.leave_json);
  writer.Key("shop_site").String(picture.shop_site).EndObject();
  return writer.Take();
}

}  // namespace

DialogPicture PictureOf(const store::TaskView& view, int ahead, Language language,
                        const DialogCloud& cloud) {
  const task::Task& task = view.task;
  DialogPicture picture;
  const bool queued = task.state == State::kQueued;
  const Telling telling =
      TellState(task.state, HasReceipt(view), queued && !task.wait_reason.empty());
  picture.state = telling.title.name;
  picture.title = Pick(telling.title, language);
  picture.text = Pick(task.paid_without_receipt ? PaidWords() : telling.text, language);
  if (queued && ahead > 0) {
    picture.text += " " + Pick(AheadWords(), language) + " " + std::to_string(ahead) + ".";
  }
  // Why it waits is for the shop: it may name addresses of registers.
  if (task.state == State::kFailed) picture.said = task.error;
  picture.in_work = !task::IsFinal(task.state);
  picture.can_cancel = queued && std::none_of(view.results.begin(), view.results.end(),
                                              [](const task::CommandResult& result) {
                                                return result.state == task::CommandState::kDone;
                                              });
  picture.can_retry = cloud.may_be_retried && task.state == State::kFailed;
  picture.payment_url = cloud.payment_url;
  picture.provider_url = cloud.provider_url;
  if (!cloud.payment_url.empty()) {
    const Telling pay = PayTelling();
    picture.title = Pick(pay.title, language);
    picture.text = Pick(pay.text, language);
  }
  if (const ffd::FiscalMark* mark = MarkOf(view); mark != nullptr) {
    AddFacts(*mark, language, &picture);
  }
  AddWayOut(view, &picture);
  return picture;
}

std::string DialogVersion(const DialogPicture& picture) {
  return base::HexEncode(base::Sha256(Members(picture)).substr(0, 8));
}

std::string DialogJson(const DialogPicture& picture) {
  std::string members = Members(picture);
  members.replace(0, 1, "{\"version\":\"" + DialogVersion(picture) + "\",");
  return members;
}

std::string RenderDialog(const DialogPicture& picture, const DialogFrame& frame,
                         Language language) {
  data page = BaseOf(language);
  page.set("script", AssetUrl("dialog.js"));
  page.set("version", DialogVersion(picture));
  page.set("state", picture.state);
  page.set("title", picture.title);
  page.set("text", picture.text);
  page.set("base", frame.base);
  page.set("order", frame.order);
  page.set("secret", frame.secret);
  page.set("receipt_url", frame.receipt_url);
  page.set("refresh", data(picture.in_work));
  page.set("can_cancel", data(picture.can_cancel));
  page.set("can_retry", data(picture.can_retry));
  SetIfAny("payment_url", picture.payment_url, &page);
  SetIfAny("provider_url", picture.provider_url, &page);
  page.set("has_mark", data(picture.has_mark));
  page.set("too_late", data(frame.too_late));
  SetIfAny("said", picture.said, &page);
  SetIfAny("leave_url", picture.leave_url, &page);
  SetIfAny("leave_json", picture.leave_json, &page);
  SetIfAny("shop_site", picture.shop_site, &page);
  data facts{data::type::list};
  for (const auto& [label, value] : picture.facts) {
    data row;
    row.set("label", label);
    row.set("value", value);
    facts.push_back(row);
  }
  page.set("facts", facts);
  return Render(kDialogTemplate, page);
}

std::string RenderRefusal(std::string_view title, std::string_view text,
                          const ErrorEntries& entries, Language language) {
  data page = BaseOf(language);
  page.set("title", std::string(title));
  page.set("text", std::string(text));
  page.set("has_faults", data(!entries.empty()));
  data faults{data::type::list};
  for (const ErrorEntry& entry : entries) {
    data row;
    row.set("message", entry.message);
    row.set("code", entry.code);
    SetIfAny("path", entry.path, &row);
    faults.push_back(row);
  }
  page.set("faults", faults);
  return Render(kRefusalTemplate, page);
}

std::string DialogPolicy(bool leaves) {
  // Browsers hold redirects after a form to form-action as well, and a shop may well redirect; the
  // only address a form ever gets is the one the shop signed.
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
         "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
         std::string(leaves ? " https: http:" : "");
}

std::optional<std::string> DialogQr(const store::TaskView& view) {
  const ffd::FiscalMark* mark = MarkOf(view);
  if (mark == nullptr) return std::nullopt;
  return ffd::QrSvg(ffd::QrText(*mark));
}

}  // namespace fiscalgate::web
