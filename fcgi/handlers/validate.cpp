#include "fcgi/handlers/validate.h"

#include <utility>

#include "fcgi/check_report.h"
#include "lib/base/text.h"
#include "lib/task/check_settings.h"

namespace fiscalgate {

using base::Code;
namespace bit = protocol::bit;

namespace {

// A form cannot begin with a bracket: its first field has a name.
bool IsJson(std::string_view body) {
  const std::string_view text = base::Trim(body);
  return !text.empty() && (text[0] == '[' || text[0] == '{');
}

// A shop that names none has this one in mind. Null: one that takes everything.
const task::Register* OnlyRegister(const task::Directory& directory, const task::Shop& shop) {
  const task::Register* only = nullptr;
  for (const task::Register& r : directory.registers()) {
    if (!task::Directory::MayUse(r, shop.key) || shop.routes.count(r.key) != 0) continue;
    if (only != nullptr) return nullptr;
    only = &r;
  }
  return only;
}

}  // namespace

MaybeRefusal Validate::AdmitJson(const http::Request& request, Visit* visit) const {
  const std::string_view account = http::FindHeader(request.headers, "BIT-Account-ID");
  if (auto refusal = door_.AdmitWithKey(account, BearerOf(request), visit)) return refusal;
  visit->form.kkt_token = http::FindHeader(request.headers, "BIT-KKT-Token");
  auto commands = CommandsOf(request.body, json_reader_);
  if (!commands) return RefusalOf(commands.error(), "", visit->language);
  visit->form.data = std::move(commands).value();
  if (!visit->form.kkt_token.empty()) return door_.ChooseRegister(visit);
  visit->register_ = OnlyRegister(*visit->directory, *visit->shop);
  return std::nullopt;
}

MaybeRefusal Validate::Admit(const http::Request& request, Visit* visit) const {
  if (IsJson(request.body)) return AdmitJson(request, visit);
  if (auto refusal = Door::ReadForm(request.body, visit)) return refusal;
  if (auto refusal = door_.AdmitSigned(visit)) return refusal;
  return door_.ChooseRegister(visit);
}

http::Response Validate::Answer(const http::Request& request, Visit* visit) const {
  const auto refuse = [visit](const Refusal& why) {
    return ErrorResponse(why.code, visit->language, why.entries, why.retry_after_s);
  };
  if (const auto refusal = Admit(request, visit)) return refuse(*refusal);
  static const task::Register takes_all;
  const task::Register& chosen = visit->register_ == nullptr ? takes_all : *visit->register_;
  std::shared_ptr<const protocol::CloudAccount> account;
  if (visit->register_ != nullptr) {
    const auto closed = OpenAccount(cloud_.get(), chosen, visit->language, &account);
    if (closed) return refuse(*closed);
  }
  const ffd::CheckOptions options = task::CheckOptionsFor(*visit->shop, chosen, clock_.Now());
  auto package = bit::ReadPackage(visit->form.data, options, json_reader_);
  if (!package) {
    return refuse(
        RefusalOf(package.error(), IsJson(request.body) ? "" : "BIT_DATA", visit->language));
  }
  if (account && package->faults.empty()) package->faults = account->Check(*package);
  return CheckAnswer(*package, options, visit->language);
}

void Validate::Handle(ExchangePtr exchange) {
  Visit visit;
  visit.language = LanguageOf(exchange->request());
  http::Response response = Answer(exchange->request(), &visit);
  exchange->Reply(std::move(response));
}

}  // namespace fiscalgate
