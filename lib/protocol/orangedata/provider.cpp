#include "lib/protocol/orangedata/provider.h"

#include <utility>

#include "lib/protocol/orangedata/account.h"
#include "lib/protocol/orangedata/mapping_table.h"
#include "lib/protocol/settings_reader.h"

namespace fiscalgate::protocol::orangedata {
namespace {

constexpr std::string_view kProduction = "https://api.orangedata.ru:12003";

constexpr CloudSetting kSettings[] = {
    {"url", false, false, kProduction, "Адрес сервиса с портом, без /api/v2.",
     "Address of the service with its port, without /api/v2."},
    {"inn", false, true, "", "ИНН организации: 10 или 12 цифр.",
     "INN of the organisation: 10 or 12 digits."},
    {"group", false, false, "", "Группа касс; без неё выбирает сервис.",
     "Group of devices; without it the service chooses."},
    {"key", false, false, "", "Имя ключа подписи у сервиса; если не задано, это ИНН.",
     "The service's name of the signing key; if it is not given, the INN."},
    {"signing_key", true, true, "", "Закрытый ключ RSA для подписи чеков, PEM без пароля.",
     "The private RSA key that signs receipts, PEM without a password."},
    {"client_certificate", false, false, "", "Клиентский сертификат TLS, PEM.",
     "The client's TLS certificate, PEM."},
    {"client_key", true, false, "", "Ключ клиентского сертификата, PEM без пароля.",
     "The key of the client's certificate, PEM without a password."},
    {"trusted_authorities", false, false, "", "Сертификаты PEM, которым доверять вместо системных.",
     "PEM certificates to trust instead of the system's."},
    {"ignore_item_code_check", false, false, "no",
     "yes: чек печатается, даже если код маркировки не прошёл проверку.",
     "yes: a receipt is printed even if a marking code failed its check."},
};

}  // namespace

std::span<const CloudSetting> OrangeDataProvider::Settings() const { return kSettings; }

base::Result<std::shared_ptr<const CloudAccount>> OrangeDataProvider::Open(
    const task::Register& register_) const {
  SettingsReader reader(register_);
  AccountSettings settings;
  Account& account = settings.account;
  account.base_url = reader.Url("url", kProduction);
  account.inn = reader.RequiredText("inn");
  account.group = reader.Text("group");
  account.key = reader.Text("key", account.inn);
  account.ignore_item_code_check = reader.Choice("ignore_item_code_check", {"no", "yes"}) == 1;
  settings.client_certificate = reader.Certificates("client_certificate");
  settings.client_key = reader.Secret("client_key");
  settings.trusted_authorities = reader.Certificates("trusted_authorities");
  if (settings.client_certificate.empty() != settings.client_key.empty()) {
    reader.Refuse("client_key", "it and client_certificate are needed both or neither");
  }
  const base::Secret signing_key = reader.RequiredSecret("signing_key");
  if (reader.fault()) return *reader.fault();
  if (auto status = CheckAccount(account); !status.ok()) return status.error();
  auto key = base::RsaPrivateKey::Load(signing_key);
  if (!key.ok()) {
    return base::Error{key.error().code, "setting \"signing_key\": " + key.error().what};
  }
  auto mapping = Mapping::Make(Table(), register_.mapping);
  if (!mapping.ok()) return mapping.error();
  return std::shared_ptr<const CloudAccount>(std::make_shared<OrangeDataAccount>(
      std::move(settings), std::move(key).value(), std::move(mapping).value(), register_));
}

}  // namespace fiscalgate::protocol::orangedata
