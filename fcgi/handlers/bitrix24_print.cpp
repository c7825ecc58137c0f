#include "fcgi/handlers/bitrix24_print.h"

#include <utility>

#include "lib/protocol/bitrix24/package.h"
#include "lib/protocol/bitrix24/result.h"

namespace fiscalgate {

using base::Code;
using base::Language;
namespace bitrix24 = protocol::bitrix24;

namespace {

// The words of one error for the person who reads it in the portal.
std::string TextOf(const ErrorEntry& entry) {
  return entry.path.empty() ? entry.message : entry.path + ": " + entry.message;
}

MaybeRefusal RefusalOf(const bitrix24::Problems& problems, Language language) {
  if (problems.empty()) return std::nullopt;
  Refusal refusal{Code::kInvalid};
  for (const bitrix24::Problem& each : problems) {
    refusal.entries.push_back(
        {each.path, each.code, language == Language::kEnglish ? each.english : each.russian});
  }
  return refusal;
}

}  // namespace

MaybeRefusal Bitrix24Print::Admit(const http::Request& request, Visit* visit) const {
  const auto posted = bitrix24::ReadPosted(request.body);
  if (!posted) {
    return Refusal{posted.error().code,
                   {{"", std::string(CodeName(posted.error().code)), posted.error().what}}};
  }
  const bitrix24::Access access = bitrix24::ReadAccess(*posted);
  visit->form.account_id = access.account;
  if (auto refusal = door().AdmitWithKey(access.account, access.code, visit)) return refusal;
  visit->form.kkt_token = access.token;
  if (auto refusal = door().ChooseRegister(visit)) return refusal;

  bitrix24::Problems problems;
  const bitrix24::Settings settings = bitrix24::ReadSettings(*posted, &problems);
  const bitrix24::Check check = bitrix24::ReadCheck(*posted, &problems);
  if (problems.empty()) {
    visit->form.data =
        bitrix24::WritePackage(check, settings, visit->register_->ffd_version, &problems);
  }
  visit->form.order_id = check.uuid;
  if (!visit->shop->bitrix24_webhook.empty()) {
    visit->form.callback_success = bitrix24::ApplyAddress(visit->shop->bitrix24_webhook);
  }
  return RefusalOf(problems, visit->language);
}

http::Response Bitrix24Print::Created(const task::Task& task, const ErrorEntries&,
                                      const http::Request&) const {
  return JsonResponse(bitrix24::WriteTaken(task.id));
}

void Bitrix24Print::Same(ExchangePtr exchange, const task::Task& task, const ErrorEntries&) const {
  exchange->Reply(JsonResponse(bitrix24::WriteTaken(task.id)));
}

http::Response Bitrix24Print::Refused(const Refusal& refusal, Language language) const {
  std::vector<std::string> texts;
  if (refusal.code == Code::kConflict || refusal.entries.empty()) {
    texts.emplace_back(CodeText(refusal.code, language));
  } else {
    for (const ErrorEntry& entry : refusal.entries) texts.push_back(TextOf(entry));
  }
  return JsonResponse(bitrix24::WriteErrors(texts));
}

}  // namespace fiscalgate
