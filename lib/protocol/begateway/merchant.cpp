#include "lib/protocol/begateway/merchant.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/http/url.h"
#include "lib/protocol/begateway/mapping_table.h"

namespace fiscalgate::protocol::begateway {
namespace {

constexpr std::size_t kMaxText = 255;
constexpr std::size_t kFingerprintBytes = 8;

base::Error Invalid(std::string_view setting, std::string_view what) {
  return {base::Code::kInvalid, std::string(setting) + ": " + std::string(what)};
}

std::string Setting(const task::Register& register_, const CloudSetting& setting) {
  const auto found = register_.settings.find(std::string(setting.name));
  const bool is_given = found != register_.settings.end() && !found->second.empty();
  return is_given ? found->second : std::string(setting.standard);
}

// Over plain http the secret key would be there for all to read.
bool IsSafe(const http::Url& url) {
  return url.scheme == "https" || url.host == "localhost" || url.host == "::1" ||
         url.host.starts_with("127.");
}

base::Status CheckUrl(std::string_view name, const std::string& text) {
  const auto url = http::Url::Parse(text);
  if (!url.ok()) return Invalid(name, "не адрес");
  if (text.find_first_of("?#") != std::string::npos) return Invalid(name, "адрес с «?» или «#»");
  if (!IsSafe(*url)) return Invalid(name, "нужен https");
  return base::Ok();
}

std::optional<bool> ReadFlag(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  return std::nullopt;
}

bool IsCurrency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// An address may be mended in mid-conversation, a key renewed; another shop knows nothing of it,
// and in another currency it is another payment.
std::string FingerprintOf(const Account& wire, const std::string& currency) {
  std::string text = wire.shop_id + (wire.test ? "/test" : "/live");
  if (currency != "RUB") text += "/" + currency;
  return base::HexEncode(base::Sha256(text).substr(0, kFingerprintBytes));
}

std::string NotificationUrl(const CloudSurroundings& surroundings, const task::Register& r) {
  std::string_view root = surroundings.public_url;
  if (root.empty()) return {};
  while (root.ends_with('/')) root.remove_suffix(1);
  return std::string(root) + "/api/callback/" + r.provider + "/" + std::to_string(r.key);
}

base::Status ReadWire(const std::map<std::string, std::string>& values, Merchant* merchant) {
  Account& wire = merchant->wire;
  wire.shop_id = values.at("shop_id");
  for (const auto& [name, place] :
       {std::pair{"gateway_url", &wire.gateway_url}, std::pair{"checkout_url", &wire.checkout_url},
        std::pair{"api_url", &wire.api_url}}) {
    *place = values.at(name);
    if (auto status = CheckUrl(name, *place); !status.ok()) return status;
  }
  const auto test = ReadFlag(values.at("test"));
  if (!test) return Invalid("test", "нужно true или false");
  wire.test = *test;
  if (wire.shop_id.empty() || wire.shop_id.find(':') != std::string::npos) {
    return Invalid("shop_id", "не задан или с двоеточием");
  }
  return wire.secret_key.empty() ? base::Status(Invalid("secret_key", "не задан")) : base::Ok();
}

base::Status ReadRest(const std::map<std::string, std::string>& values, Merchant* merchant) {
  merchant->operator_group = values.at("operator_group");
  if (merchant->operator_group.empty() || merchant->operator_group.size() > kMaxText) {
    return Invalid("operator_group", "не задана или длиннее 255");
  }
  merchant->currency = values.at("currency");
  if (!IsCurrency(merchant->currency)) return Invalid("currency", "нужны три латинские буквы");
  merchant->language = values.at("language");
  if (merchant->language.size() != 2) return Invalid("language", "нужны две буквы");
  merchant->return_url = values.at("return_url");
  if (!merchant->return_url.empty() && !http::Url::Parse(merchant->return_url).ok()) {
    return Invalid("return_url", "не адрес");
  }
  if (const std::string& text = values.at("public_key"); !text.empty()) {
    auto key = base::RsaPublicKey::Load(text);
    if (!key.ok()) return Invalid("public_key", "не открытый ключ RSA");
    merchant->public_key = std::move(key).value();
  }
  return base::Ok();
}

http::SendOptions OptionsOf(const task::Register& r, const std::string& authorities) {
  http::SendOptions options;
  options.total_timeout = std::chrono::milliseconds(r.timeout_ms);
  options.max_answer_bytes = base::kMaxAnswerBytes;
  options.pinned_public_key = r.pinned_public_key;
  options.trusted_authorities = authorities;
  return options;
}

task::Register WithoutSecrets(task::Register r) {
  r.kkt_token = r.bank_token = r.agent_key = base::Secret();
  r.secrets.clear();
  r.settings.clear();
  return r;
}

}  // namespace

std::vector<CloudSetting> SettingsOf(const Profile& profile) {
  return {
      {"shop_id", false, true, "", "ID магазина у сервиса", "the shop's id at the service"},
      {"secret_key", true, true, "", "секретный ключ магазина", "the shop's secret key"},
      {"operator_group", false, true, "", "группа касс (operator), например MAIN",
       "the group of devices (operator), as MAIN"},
      {"public_key", false, false, "", "открытый ключ магазина: для подписи уведомлений",
       "the shop's public key: notifications are signed by it"},
      {"gateway_url", false, false, profile.gateway, "адрес платежей картами",
       "where cards are paid"},
      {"checkout_url", false, false, profile.checkout, "адрес страниц оплаты",
       "where payment pages are"},
      {"api_url", false, false, profile.api, "адрес альтернативных способов оплаты",
       "where alternative methods are paid"},
      {"currency", false, false, "RUB", "валюта", "currency"},
      {"test", false, false, "false", "тестовые операции: true или false",
       "transactions for tests: true or false"},
      {"return_url", false, false, "", "куда вернуть покупателя, если магазин не сказал",
       "where the buyer comes back to, unless the shop says"},
      {"language", false, false, "ru", "язык страниц оплаты", "language of payment pages"},
      {"trusted_authorities", false, false, "", "удостоверяющие центры (PEM) вместо системных",
       "authorities (PEM) trusted instead of the system's"},
  };
}

base::Result<Merchant> ReadMerchant(const Profile& profile, const CloudSurroundings& surroundings,
                                    const task::Register& register_) {
  auto mapping = Mapping::Make(Table(), register_.mapping);
  if (!mapping.ok()) return mapping.error();
  Merchant merchant{{}, {}, std::move(mapping).value(), {}, {}, {}, {}, {}, {}, {}, {}};
  std::map<std::string, std::string> values;
  for (const CloudSetting& setting : SettingsOf(profile)) {
    if (!setting.is_secret) values[std::string(setting.name)] = Setting(register_, setting);
  }
  const auto secret = register_.secrets.find("secret_key");
  if (secret != register_.secrets.end()) merchant.wire.secret_key = secret->second;
  if (auto status = ReadWire(values, &merchant); !status.ok()) return status.error();
  if (auto status = ReadRest(values, &merchant); !status.ok()) return status.error();
  merchant.notification_url = NotificationUrl(surroundings, register_);
  merchant.fingerprint = FingerprintOf(merchant.wire, merchant.currency);
  merchant.options = OptionsOf(register_, values.at("trusted_authorities"));
  merchant.register_ = WithoutSecrets(register_);
  return merchant;
}

}  // namespace fiscalgate::protocol::begateway
