#include "fcgi/door.h"

#include <utility>

#include "lib/base/text.h"

namespace fiscalgate {

using base::Code;
using base::Language;
namespace bit = protocol::bit;

namespace {

ErrorEntry Entry(std::string path, std::string code, Language language, std::string_view russian,
                 std::string_view english) {
  return {std::move(path), std::move(code),
          std::string(language == Language::kEnglish ? english : russian)};
}

// Whom an unknown account is compared with, so that the time of a refusal tells nothing.
const task::Shop& Nobody() {
  static const task::Shop nobody = [] {
    task::Shop shop;
    shop.code = base::Secret(base::HexEncode(base::RandomBytes(16)));
    return shop;
  }();
  return nobody;
}

// By the token: a register, or a group, that the shop may use.
bool FindNamed(Visit* visit) {
  const task::Directory& directory = *visit->directory;
  const std::string& token = visit->form.kkt_token;
  visit->group = nullptr;
  visit->register_ = directory.FindRegisterByToken(token);
  if (visit->register_ != nullptr) {
    return task::Directory::MayUse(*visit->register_, visit->shop->key) && Door::FollowRoute(visit);
  }
  visit->group = directory.FindGroupByToken(token);
  return visit->group != nullptr && task::Directory::MayUse(*visit->group, visit->shop->key);
}

Refusal Disabled(Language language) {
  return Refusal{Code::kForbidden,
                 {Entry("BIT_KKT_TOKEN", "register_disabled", language, "Касса отключена",
                        "The register is disabled")}};
}

Refusal NoSuchTerminal(Language language) {
  return Refusal{Code::kForbidden,
                 {Entry("BIT_BNK_TRM_TOKEN", "bank_terminal_not_allowed", language,
                        "У кассы нет такого банковского терминала",
                        "The register has no such bank terminal")}};
}

bool HasTerminal(const task::Register& r, const std::string& bank_token) {
  return bank_token.empty() || base::ConstantTimeEqual(bank_token, r.bank_token.Reveal());
}

// A shop that was moved goes on to name the terminal of where it was.
MaybeRefusal CheckRegister(const Visit& visit) {
  if (!visit.register_->enabled) return Disabled(visit.language);
  const std::string& terminal = visit.form.bank_token;
  const bool knows = HasTerminal(*visit.register_, terminal) ||
                     (visit.named != nullptr && HasTerminal(*visit.named, terminal));
  if (!knows) return NoSuchTerminal(visit.language);
  return std::nullopt;
}

// Leaves the members that may be chosen; the bank terminal named stands at one of them.
MaybeRefusal CheckGroup(Visit* visit) {
  visit->members.clear();
  bool enabled = false;
  for (const task::RegisterKey key : visit->group->members) {
    const task::Register* member = visit->directory->FindRegister(key);
    if (member == nullptr || !member->enabled) continue;
    enabled = true;
    if (!HasTerminal(*member, visit->form.bank_token)) continue;
    if (visit->members.empty()) visit->register_ = member;
    visit->members.push_back(key);
  }
  if (!enabled || !visit->group->enabled) return Disabled(visit->language);
  if (visit->members.empty()) return NoSuchTerminal(visit->language);
  return std::nullopt;
}

}  // namespace

std::string_view BearerOf(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view value = http::FindHeader(request.headers, "Authorization");
  if (!base::EqualsIgnoreCase(value.substr(0, kBearer.size()), kBearer)) return "";
  return base::Trim(value.substr(kBearer.size()));
}

Refusal RefusalOf(const base::Error& error, std::string path, Language language) {
  // The front names the field first: "BIT_DATA is not base64".
  const std::string first = error.what.substr(0, error.what.find(' '));
  if (first.rfind("BIT_", 0) == 0) path = first;
  return Refusal{
      error.code,
      {{std::move(path), std::string(CodeName(error.code)), bit::FormErrorText(error, language)}}};
}

bool Door::FollowRoute(Visit* visit) {
  visit->named = nullptr;
  const auto route = visit->shop->routes.find(visit->register_->key);
  if (route == visit->shop->routes.end()) return true;
  const task::Register* to = visit->directory->FindRegister(route->second);
  if (to == nullptr || !task::Directory::MayUse(*to, visit->shop->key)) return false;
  visit->named = std::exchange(visit->register_, to);
  return true;
}

MaybeRefusal Door::ReadForm(std::string_view body, Visit* visit) {
  auto form = bit::DecodeForm(body);
  if (!form) return RefusalOf(form.error(), "", visit->language);
  visit->form = std::move(form).value();
  return std::nullopt;
}

template <typename Fits>
MaybeRefusal Door::Admit(std::string_view account_id, const Fits& fits, Visit* visit) const {
  const auto knows = [&](const task::DirectoryPtr& directory) {
    visit->directory = directory;
    visit->shop = directory->FindShop(account_id);
    if (!fits(visit->shop == nullptr ? Nobody() : *visit->shop)) visit->shop = nullptr;
    return visit->shop != nullptr;
  };
  const task::DirectoryPtr current = parts_.directory.Current();
  if (knows(current)) return Greet(*visit);
  // A shop added, or given another secret, a moment ago. An unknown shop and a wrong signature take
  // the same time here too.
  const task::DirectoryPtr fresh = parts_.directory.LookAgain();
  if (fresh == current || !knows(fresh)) return Refusal{Code::kUnauthorized};
  return Greet(*visit);
}

MaybeRefusal Door::AdmitSigned(Visit* visit) const {
  const base::WallTime now = parts_.clock.Now();
  return Admit(
      visit->form.account_id,
      [&](const task::Shop& shop) { return bit::SignatureMatches(visit->form, shop, now); }, visit);
}

MaybeRefusal Door::AdmitWithKey(std::string_view account_id, std::string_view code,
                                Visit* visit) const {
  const base::WallTime now = parts_.clock.Now();
  const auto is = [&](const base::Secret& secret) {
    return !secret.empty() && base::ConstantTimeEqual(secret.Reveal(), code);
  };
  return Admit(
      account_id,
      [&](const task::Shop& shop) {
        return is(shop.code) || (now < shop.previous_until && is(shop.previous_code));
      },
      visit);
}

MaybeRefusal Door::Greet(const Visit& visit) const {
  if (!visit.shop->enabled) {
    return Refusal{Code::kForbidden,
                   {Entry("BIT_ACCOUNT_ID", "shop_disabled", visit.language, "Магазин отключён",
                          "The shop is disabled")}};
  }
  const int own_rate = visit.shop->rate_per_second;
  const int rate = own_rate > 0 ? own_rate : parts_.intake.shop_rate_per_second.load();
  if (!parts_.rate_limiter.Allow(visit.shop->key, rate)) return Refusal{Code::kRateLimited};
  return std::nullopt;
}

MaybeRefusal Door::ChooseRegister(Visit* visit) const {
  bool found = FindNamed(visit);
  if (!found) {
    const task::DirectoryPtr fresh = parts_.directory.LookAgain();
    if (const task::Shop* shop = fresh->FindShop(visit->shop->key)) {
      visit->directory = fresh;
      visit->shop = shop;
      found = FindNamed(visit);
    }
  }
  if (!found) {
    return Refusal{Code::kForbidden,
                   {Entry("BIT_KKT_TOKEN", "register_not_allowed", visit->language,
                          "Такой кассы у магазина нет", "The shop has no such register")}};
  }
  return visit->group == nullptr ? CheckRegister(*visit) : CheckGroup(visit);
}

}  // namespace fiscalgate
