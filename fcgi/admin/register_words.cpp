#include "fcgi/admin/register_words.h"

#include <algorithm>

#include "fcgi/admin/checks.h"
#include "fcgi/admin/cloud_words.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"
#include "lib/base/text.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::admin {
namespace {

using base::Code;
using base::Error;
using base::Status;

constexpr std::size_t kTokenBytes = 16;
constexpr int kMinTimeoutMs = 100;
constexpr int kMaxTimeoutMs = 600'000;

std::string YesNo(bool value) { return std::string(value ? Say("yes", "да") : Say("no", "нет")); }

template <typename T, typename Check>
Status CheckGiven(const std::optional<T>& given, const Check& check) {
  return given ? check(*given) : base::Ok();
}

Status CheckReceiptOptions(const RegisterOptions& o) {
  Status via = CheckGiven(o.via, [](const std::string& text) {
    return CheckOneOf("--via", text, {"push", "agent"});
  });
  if (!via) return via;
  Status good = CheckGiven(o.ffd_version, [](const std::string& text) {
    return CheckOneOf("--ffd-version", text, {"1.05", "1.1", "1.2"});
  });
  if (good.ok()) {
    good = CheckGiven(o.profile, [](const std::string& text) {
      return CheckOneOf("--profile", text, {"bit", "atol", "orangedata", "bifit", "begateway"});
    });
  }
  if (good.ok()) {
    good = CheckGiven(o.taxation_mask, [](int mask) {
      return CheckRange("--taxation-mask", mask, 1, static_cast<int>(ffd::kAllTaxation));
    });
  }
  return good;
}

// An empty bank token, address or pin takes the present one away.
Status CheckOptions(const RegisterOptions& o) {
  const auto or_empty = [](Status (*check)(std::string_view)) {
    return [check](const std::string& text) { return text.empty() ? base::Ok() : check(text); };
  };
  Status good = CheckGiven(o.token, CheckToken);
  if (good.ok()) good = CheckGiven(o.bank_token, or_empty(CheckToken));
  if (good.ok()) good = CheckGiven(o.url, or_empty(CheckRegisterUrl));
  if (good.ok()) good = CheckGiven(o.pin, or_empty(CheckPin));
  if (good.ok()) {
    good = CheckGiven(o.headers, [](const std::string& text) {
      return CheckOneOf("--headers", text, {"1.2", "1.5"});
    });
  }
  if (good.ok()) {
    good = CheckGiven(o.body, [](const std::string& text) {
      return CheckOneOf("--body", text, {"json", "form", "base64", "hex"});
    });
  }
  if (good.ok()) {
    good = CheckGiven(o.timeout_ms, [](int ms) {
      return CheckRange("--timeout-ms", ms, kMinTimeoutMs, kMaxTimeoutMs);
    });
  }
  if (good.ok()) good = CheckReceiptOptions(o);
  return good;
}

template <typename From, typename To>
void Set(const std::optional<From>& given, To* value) {
  if (given) *value = To(*given);
}

base::Result<task::ShopKey> ShopOf(const std::string& account, const task::Directory& directory) {
  const task::Shop* shop = directory.FindShop(account);
  if (shop != nullptr) return shop->key;
  return Error{
      Code::kNotFound,
      std::string(Say("no shop has the account id ", "нет магазина с идентификатором ")) + account};
}

std::string AccountOf(task::ShopKey key, const task::Directory& directory) {
  const task::Shop* shop = directory.FindShop(key);
  return shop != nullptr ? shop->account_id : std::to_string(key);
}

std::string Accounts(const task::Register& r, const task::Directory& directory) {
  std::string text;
  for (const task::ShopKey key : r.shops) {
    text += (text.empty() ? "" : ", ") + AccountOf(key, directory);
  }
  return text.empty() ? "-" : text;
}

}  // namespace

Status ApplyRegisterOptions(const RegisterOptions& options, const task::Directory& directory,
                            task::Register* r) {
  Status good = CheckOptions(options);
  if (!good) return good;
  Set(options.token, &r->kkt_token);
  Set(options.bank_token, &r->bank_token);
  Set(options.url, &r->url);
  Set(options.pin, &r->pinned_public_key);
  Set(options.headers, &r->header_generation);
  Set(options.body, &r->body_encoding);
  Set(options.deduplicating, &r->deduplicating);
  Set(options.pass_unknown, &r->pass_unknown);
  Set(options.timeout_ms, &r->timeout_ms);
  Set(options.taxation_mask, &r->taxation_mask);
  if (options.ffd_version) r->ffd_version = *task::FfdVersionNamed(*options.ffd_version);
  if (options.via) r->via = *task::ViaNamed(*options.via);
  if (options.profile) r->profile = *ffd::ProviderNamed(*options.profile);
  good = ApplyShiftOptions(options.shift, r);
  if (!good) return good;
  for (const std::string& account : options.shops) {
    Status linked = LinkShop(account, directory, r);
    if (!linked) return linked;
  }
  if (r->pinned_public_key.empty() || r->url.empty() || r->url.rfind("https:", 0) == 0) {
    return base::Ok();
  }
  return Error{Code::kInvalid, std::string(Say("--pin needs an https:// address in --url",
                                               "--pin требует адреса https:// в --url"))};
}

task::Register NewRegister(const std::string& name, const std::string& token) {
  task::Register r;
  r.name = name;
  r.provider = "bit";
  r.kkt_token =
      base::Secret(token.empty() ? base::HexEncode(base::RandomBytes(kTokenBytes)) : token);
  return r;
}

Status CheckSharing(const task::Register& r) {
  if (!r.deduplicating || r.shops.size() <= 1) return base::Ok();
  return Error{Code::kInvalid,
               std::string(Say("a deduplicating register serves one shop only: it would take equal "
                               "order numbers of two shops for the same order",
                               "касса с защитой от повторов обслуживает только один магазин: "
                               "одинаковые номера заказов двух магазинов она сочтёт одним"))};
}

Status LinkShop(const std::string& account, const task::Directory& directory, task::Register* r) {
  base::Result<task::ShopKey> key = ShopOf(account, directory);
  if (!key) return key.error();
  if (!task::Directory::MayUse(*r, *key)) r->shops.push_back(*key);
  return base::Ok();
}

Status UnlinkShop(const std::string& account, const task::Directory& directory, task::Register* r) {
  base::Result<task::ShopKey> key = ShopOf(account, directory);
  if (!key) return key.error();
  std::erase(r->shops, *key);
  return base::Ok();
}

void WriteRegister(const task::Register& r, const task::Directory& directory, bool reveal,
                   base::JsonWriter* writer, const RegisterNews* news) {
  writer->BeginObject();
  writer->Key("name").String(r.name).Key("enabled").Bool(r.enabled);
  writer->Key("provider").String(r.provider).Key("url").String(r.url);
  writer->Key("via").String(task::ViaName(r.via));
  writer->Key("pin").String(r.pinned_public_key);
  writer->Key("headers").String(r.header_generation).Key("body").String(r.body_encoding);
  writer->Key("deduplicating").Bool(r.deduplicating);
  writer->Key("pass_unknown").Bool(r.pass_unknown);
  writer->Key("timeout_ms").Int(r.timeout_ms);
  writer->Key("ffd_version").String(task::FfdVersionName(r.ffd_version));
  writer->Key("taxation_mask").Int(r.taxation_mask);
  writer->Key("profile").String(ffd::ProfileOf(r.profile).name);
  WriteShiftSettings(r, writer);
  WriteCloud(r, writer);
  writer->Key("has_bank_token").Bool(!r.bank_token.empty());
  writer->Key("shops").BeginArray();
  for (const task::ShopKey key : r.shops) writer->String(AccountOf(key, directory));
  writer->EndArray();
  if (r.via == task::Via::kAgent) {
    writer->Key("agent");
    WriteAgent(r, news == nullptr ? nullptr : news->agent, writer);
  }
  if (news != nullptr) {
    writer->Key("device");
    WriteDevice(news->device, news->now, writer);
  }
  if (reveal) {
    writer->Key("token").String(r.kkt_token.Reveal());
    writer->Key("bank_token").String(r.bank_token.Reveal());
  }
  writer->EndObject();
}

std::string RegisterSheet(const task::Register& r, const task::Directory& directory, bool reveal) {
  Sheet sheet;
  sheet.Add("name", r.name);
  sheet.Add("enabled", YesNo(r.enabled));
  sheet.Add("provider", r.provider);
  sheet.Add("via", task::ViaName(r.via));
  sheet.Add("url", r.url.empty() ? "-" : r.url);
  sheet.Add("pin", r.pinned_public_key.empty() ? "-" : r.pinned_public_key);
  sheet.Add("headers", r.header_generation);
  sheet.Add("body", r.body_encoding);
  sheet.Add("deduplicating", YesNo(r.deduplicating));
  sheet.Add("pass_unknown", YesNo(r.pass_unknown));
  sheet.Add("timeout_ms", std::to_string(r.timeout_ms));
  sheet.Add("ffd_version", task::FfdVersionName(r.ffd_version));
  sheet.Add("taxation_mask", std::to_string(r.taxation_mask));
  sheet.Add("profile", ffd::ProfileOf(r.profile).name);
  AddShiftSettings(r, &sheet);
  AddCloud(r, &sheet);
  sheet.Add("has_bank_token", YesNo(!r.bank_token.empty()));
  sheet.Add("shops", Accounts(r, directory));
  if (reveal) {
    sheet.Add("token", r.kkt_token.Reveal());
    sheet.Add("bank_token", r.bank_token.empty() ? "-" : r.bank_token.Reveal());
  }
  return sheet.Text();
}

std::string RegisterTable(const task::Directory& directory) {
  Table table({"NAME", "ENABLED", "VIA", "URL", "PROTOCOL", "SHOPS"});
  for (const task::Register& r : directory.registers()) {
    table.Add({r.name, YesNo(r.enabled), std::string(task::ViaName(r.via)),
               r.url.empty() ? "-" : r.url,
               r.is_cloud() ? r.provider : r.provider + " " + r.header_generation,
               Accounts(r, directory)});
  }
  return table.empty() ? std::string(Say("no registers yet: fiscalgate admin register add",
                                         "касс ещё нет: fiscalgate admin register add"))
                       : table.Text();
}

std::string RegisterToPaste(const task::Register& r) {
  Sheet sheet;
  sheet.Add("BIT_KKT_TOKEN", r.kkt_token.Reveal());
  if (!r.bank_token.empty()) sheet.Add("BIT_BNK_TRM_TOKEN", r.bank_token.Reveal());
  if (r.is_cloud()) {
    return std::string(Say("Enter this in the shop; it is not shown again without --reveal:",
                           "Введите это в магазине; без --reveal больше не показывается:")) +
           "\n\n" + sheet.Text();
  }
  return std::string(Say("Enter this in the shop and in the register's driver; it is not shown "
                         "again without --reveal:",
                         "Введите это в магазине и в драйвере кассы; без --reveal больше не "
                         "показывается:")) +
         "\n\n" + sheet.Text();
}

}  // namespace fiscalgate::admin
