#include "fcgi/admin/shop_words.h"

#include "fcgi/admin/checks.h"
#include "fcgi/admin/desk.h"
#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/callback/signature.h"
#include "lib/protocol/bitrix24/result.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::admin {
namespace {

constexpr int kMaxRate = 100'000;
constexpr std::size_t kAccountBytes = 8;
constexpr std::size_t kCodeBytes = 16;

std::string YesNo(bool value) { return std::string(value ? Say("yes", "да") : Say("no", "нет")); }

template <typename T>
void Set(const std::optional<T>& given, T* value) {
  if (given) *value = *given;
}

base::Status CheckPolicies(const ShopOptions& options) {
  if (options.vat_policy) {
    base::Status good =
        CheckOneOf("--vat-policy", *options.vat_policy, {"refuse", "warn", "replace"});
    if (!good) return good;
  }
  if (!options.inn_policy) return base::Ok();
  return CheckOneOf("--inn-policy", *options.inn_policy, {"warn", "refuse"});
}

base::Status SetWebhook(const std::string& given, task::Shop* shop) {
  if (!given.empty() && !protocol::bitrix24::IsWebhook(given)) {
    return base::Error{
        base::Code::kInvalid,
        std::string(Say("--bitrix24-webhook is not of the form https://portal/rest/1/secret/",
                        "--bitrix24-webhook — не адрес вида https://портал/rest/1/секрет/"))};
  }
  shop->bitrix24_webhook = base::Secret(given);
  return base::Ok();
}

bool HasPreviousCode(const task::Shop& shop) { return !shop.previous_code.empty(); }

std::string RegisterName(task::RegisterKey key, const task::Directory& directory) {
  const task::Register* r = directory.FindRegister(key);
  return r == nullptr ? std::to_string(key) : r->name;
}

}  // namespace

base::Status ApplyShopOptions(const ShopOptions& options, task::Shop* shop) {
  if (options.name) {
    base::Status good = CheckName(*options.name);
    if (!good) return good;
  }
  if (options.rate) {
    base::Status good = CheckRange("--rate", *options.rate, 0, kMaxRate);
    if (!good) return good;
  }
  base::Status good = CheckPolicies(options);
  if (!good) return good;
  if (options.deadline) {
    const auto seconds = ReadDuration("--deadline", *options.deadline, base::kMaxDeadlineS);
    if (!seconds) return seconds.error();
    shop->deadline_s = *seconds;
  }
  if (options.vat_policy) shop->vat_policy = *task::VatPolicyNamed(*options.vat_policy);
  if (options.inn_policy) shop->inn_policy = *task::InnPolicyNamed(*options.inn_policy);
  if (options.bitrix24_webhook) {
    base::Status set = SetWebhook(*options.bitrix24_webhook, shop);
    if (!set) return set;
  }
  Set(options.name, &shop->name);
  Set(options.rate, &shop->rate_per_second);
  Set(options.accept_encoded_signature, &shop->accept_encoded_signature);
  Set(options.allow_prog_url, &shop->allow_prog_url);
  Set(options.lenient_receipts, &shop->lenient_receipts);
  Set(options.demand_successful, &shop->demand_successful);
  if (shop->demand_successful && !shop->bitrix24_webhook.empty()) {
    return base::Error{
        base::Code::kInvalid,
        std::string(Say("a portal does not answer SUCCESSFUL: --demand-successful or "
                        "--bitrix24-webhook, not both",
                        "портал не отвечает SUCCESSFUL: либо --demand-successful, либо "
                        "--bitrix24-webhook"))};
  }
  return base::Ok();
}

task::Shop NewShop(const std::string& account_id, const std::string& code) {
  task::Shop shop;
  shop.account_id =
      account_id.empty() ? base::HexEncode(base::RandomBytes(kAccountBytes)) : account_id;
  shop.name = shop.account_id;
  RotateCode(code, {}, &shop);
  shop.previous_code = base::Secret();
  return shop;
}

void RotateCode(const std::string& code, base::WallTime until, task::Shop* shop) {
  shop->previous_code = shop->code;
  shop->previous_until = until;
  shop->code = base::Secret(code.empty() ? base::HexEncode(base::RandomBytes(kCodeBytes)) : code);
}

void WriteShop(const task::Shop& shop, bool reveal, base::JsonWriter* writer,
               const task::Directory* directory) {
  writer->BeginObject();
  writer->Key("account_id").String(shop.account_id).Key("name").String(shop.name);
  writer->Key("enabled").Bool(shop.enabled);
  writer->Key("rate_per_second").Int(shop.rate_per_second);
  writer->Key("accept_encoded_signature").Bool(shop.accept_encoded_signature);
  writer->Key("allow_prog_url").Bool(shop.allow_prog_url);
  writer->Key("lenient_receipts").Bool(shop.lenient_receipts);
  writer->Key("vat_policy").String(task::VatPolicyName(shop.vat_policy));
  writer->Key("inn_policy").String(task::InnPolicyName(shop.inn_policy));
  writer->Key("demand_successful").Bool(shop.demand_successful);
  writer->Key("deadline_s").Int(shop.deadline_s);
  writer->Key("bitrix24_webhook").Bool(!shop.bitrix24_webhook.empty());
  if (directory != nullptr) {
    writer->Key("routes").BeginObject();
    for (const auto& [from, to] : shop.routes) {
      writer->Key(RegisterName(from, *directory)).String(RegisterName(to, *directory));
    }
    writer->EndObject();
  }
  if (HasPreviousCode(shop)) {
    writer->Key("previous_code_until").String(base::FormatUtc(shop.previous_until));
  }
  if (reveal) {
    writer->Key("code").String(shop.code.Reveal());
    writer->Key("webhook_secret").String(callback::WebhookSecretText(shop.code));
  }
  writer->EndObject();
}

std::string ShopSheet(const task::Shop& shop, bool reveal, const task::Directory* directory) {
  Sheet sheet;
  sheet.Add("account_id", shop.account_id);
  sheet.Add("name", shop.name);
  sheet.Add("enabled", YesNo(shop.enabled));
  sheet.Add("rate_per_second", std::to_string(shop.rate_per_second));
  sheet.Add("accept_encoded_signature", YesNo(shop.accept_encoded_signature));
  sheet.Add("allow_prog_url", YesNo(shop.allow_prog_url));
  sheet.Add("lenient_receipts", YesNo(shop.lenient_receipts));
  sheet.Add("vat_policy", task::VatPolicyName(shop.vat_policy));
  sheet.Add("inn_policy", task::InnPolicyName(shop.inn_policy));
  sheet.Add("demand_successful", YesNo(shop.demand_successful));
  sheet.Add("deadline_s", shop.deadline_s == 0 ? "-" : std::to_string(shop.deadline_s));
  sheet.Add("bitrix24_webhook", YesNo(!shop.bitrix24_webhook.empty()));
  if (directory != nullptr) {
    for (const auto& [from, to] : shop.routes) {
      sheet.Add("route", RegisterName(from, *directory) + " -> " + RegisterName(to, *directory));
    }
  }
  if (HasPreviousCode(shop)) {
    sheet.Add("previous_code_until", base::FormatUtc(shop.previous_until));
  }
  if (reveal) {
    sheet.Add("code", shop.code.Reveal());
    sheet.Add("webhook_secret", callback::WebhookSecretText(shop.code));
  }
  return sheet.Text();
}

std::string ShopTable(const std::vector<task::Shop>& shops) {
  Table table({"ACCOUNT", "NAME", "ENABLED", "RATE"});
  for (const task::Shop& shop : shops) {
    table.Add({shop.account_id, shop.name, YesNo(shop.enabled),
               shop.rate_per_second == 0 ? "-" : std::to_string(shop.rate_per_second)});
  }
  return table.empty() ? std::string(Say("no shops yet: fiscalgate admin shop add",
                                         "магазинов ещё нет: fiscalgate admin shop add"))
                       : table.Text();
}

std::string ShopToPaste(const task::Shop& shop) {
  Sheet sheet;
  sheet.Add("BIT_ACCOUNT_ID", shop.account_id);
  sheet.Add("BIT_DATAINTEGRITY_CODE", shop.code.Reveal());
  sheet.Add("webhook secret", callback::WebhookSecretText(shop.code));
  return std::string(
             Say("Enter these in the shop; the secrets are not shown again without --reveal:",
                 "Введите это в магазине; без --reveal секреты больше не показываются:")) +
         "\n\n" + sheet.Text();
}

}  // namespace fiscalgate::admin
