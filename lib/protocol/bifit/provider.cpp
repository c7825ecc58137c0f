#include "lib/protocol/bifit/provider.h"

#include <utility>

#include "lib/protocol/bifit/account.h"
#include "lib/protocol/bifit/mapping_table.h"
#include "lib/protocol/settings_reader.h"

namespace fiscalgate::protocol::bifit {
namespace {

constexpr std::string_view kProduction = "https://fp.bifit.com/processing-api";
constexpr std::size_t kMaxCashier = 128;  // tag 1021 has 64 characters
constexpr int kDefaultReloads = 12;       // with their growing pauses about 8 hours
constexpr int kMaxReloads = 1000;

constexpr CloudSetting kSettings[] = {
    {"url", false, false, kProduction, "Адрес фискального процессинга, с /processing-api на конце.",
     "Address of the fiscal processing, ending in /processing-api."},
    {"connector_token", true, true, "", "Токен коннектора из личного кабинета.",
     "The connector's token, from the personal account."},
    {"broker_token", true, false, "",
     "Broker-token для повторной фискализации: есть у владельцев своего фискального брокера.",
     "Broker-token for repeated fiscalization: of those who run a fiscal broker of their own."},
    {"cashier", false, false, "", "Кассир (1021) для чеков, в которых он не назван.",
     "The cashier (1021) of receipts that name none."},
    {"document_shape", false, false, "",
     "JSON: где в ответе о документе что стоит, например {\"status\":\"/state\"}.",
     "JSON: what stands where in the answer about a document, such as {\"status\":\"/state\"}."},
    {"reload", false, false, "auto",
     "auto: документ в ошибке, которая проходит, отправляется на фискализацию повторно; manual: "
     "только по команде оператора.",
     "auto: a document whose error passes is fiscalised once more; manual: only when an operator "
     "says so."},
    {"reload_limit", false, false, "12", "Сколько раз повторять фискализацию без оператора.",
     "How many times fiscalization is repeated without an operator."},
    {"trusted_authorities", false, false, "", "Сертификаты PEM, которым доверять вместо системных.",
     "PEM certificates to trust instead of the system's."},
};

}  // namespace

std::span<const CloudSetting> BifitProvider::Settings() const { return kSettings; }

base::Result<std::shared_ptr<const CloudAccount>> BifitProvider::Open(
    const task::Register& register_) const {
  SettingsReader reader(register_);
  AccountSettings settings;
  settings.url = reader.Url("url", kProduction);
  settings.connector_token = reader.RequiredSecret("connector_token");
  settings.broker_token = reader.Secret("broker_token");
  settings.cashier = reader.Text("cashier");
  if (settings.cashier.size() > kMaxCashier) reader.Refuse("cashier", "is too long");
  settings.reloads_itself = reader.Choice("reload", {"auto", "manual"}) == 0;
  settings.reload_limit = reader.Number("reload_limit", kDefaultReloads, 0, kMaxReloads);
  settings.trusted_authorities = reader.Certificates("trusted_authorities");
  if (reader.fault()) return *reader.fault();
  auto shape = ReadDocumentShape(reader.Text("document_shape"));
  if (!shape.ok()) return shape.error();
  settings.shape = std::move(shape).value();
  auto mapping = Mapping::Make(Table(), register_.mapping);
  if (!mapping.ok()) return mapping.error();
  return std::shared_ptr<const CloudAccount>(
      std::make_shared<BifitAccount>(std::move(settings), std::move(mapping).value(), register_));
}

}  // namespace fiscalgate::protocol::bifit
