#include "lib/protocol/bitrix24/registration.h"

#include "lib/base/json.h"
#include "lib/protocol/bitrix24/settings.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

constexpr std::string_view kHidden = "…";

void AskText(std::string_view code, std::string_view label, bool required,
             base::JsonWriter* writer) {
  writer->Key(code).BeginObject().Key("TYPE").String("STRING").Key("LABEL").String(label);
  writer->Key("REQUIRED").String(required ? "Y" : "N").EndObject();
}

void BeginSection(std::string_view code, std::string_view label, base::JsonWriter* writer) {
  writer->Key(code).BeginObject().Key("LABEL").String(label).Key("ITEMS").BeginObject();
}

bool Offers(const task::Register& register_, const TaxSystem& system) {
  return (register_.taxation_mask & static_cast<unsigned>(system.value)) != 0;
}

void AskTaxSystem(const task::Register& register_, base::JsonWriter* writer) {
  writer->Key("TAX_SYSTEM").BeginObject().Key("TYPE").String("ENUM");
  writer->Key("LABEL").String("Система налогообложения").Key("REQUIRED").String("Y");
  writer->Key("OPTIONS").BeginObject();
  for (const TaxSystem& each : kTaxSystems) {
    if (Offers(register_, each)) writer->Key(each.word).String(each.name_ru);
  }
  writer->EndObject().EndObject();
}

}  // namespace

std::string HandlerCall(const std::string& public_url, const task::Register& register_) {
  base::JsonWriter writer;
  writer.BeginObject().Key("CODE").String(kHandlerCode).Key("NAME").String("Fiscalgate");
  writer.Key("SORT").Int(100).Key("SUPPORTS_FFD105").String("Y").Key("SETTINGS").BeginObject();
  writer.Key("PRINT_URL").String(public_url + std::string(kPrintPath));
  writer.Key("CHECK_URL").String(public_url + std::string(kCheckPath));
  writer.Key("HTTP_VERSION").String("1.1").Key("CONFIG").BeginObject();
  BeginSection("AUTH", "Доступ к шлюзу", &writer);
  AskText("ACCOUNT", "Идентификатор магазина", true, &writer);
  AskText("TOKEN", "Токен кассы", true, &writer);
  AskText("CODE", "Код целостности", true, &writer);
  writer.EndObject().EndObject();
  BeginSection("FISCAL", "Чек", &writer);
  AskTaxSystem(register_, &writer);
  AskText("VAT", "Ставки НДС: 0=none 1=0 3=22 4=10 (идентификатор НДС портала = ставка)", true,
          &writer);
  AskText("SITE", "Адрес сайта, если расчёты в интернете", false, &writer);
  AskText("CASHIER", "Кассир", false, &writer);
  writer.EndObject().EndObject();
  writer.EndObject().EndObject().EndObject();
  return writer.Take();
}

std::string CashboxCall(const task::Shop& shop, const task::Register& register_, bool reveal) {
  base::JsonWriter writer;
  writer.BeginObject().Key("REST_CODE").String(kHandlerCode);
  writer.Key("NAME").String("Fiscalgate: " + register_.name).Key("NUMBER_KKM").String("");
  writer.Key("EMAIL").String(kHidden).Key("ACTIVE").String("Y").Key("USE_OFFLINE").String("N");
  writer.Key("SETTINGS").BeginObject().Key("AUTH").BeginObject();
  writer.Key("ACCOUNT").String(shop.account_id);
  writer.Key("TOKEN").String(reveal ? register_.kkt_token.Reveal() : std::string(kHidden));
  writer.Key("CODE").String(reveal ? shop.code.Reveal() : std::string(kHidden));
  writer.EndObject().Key("FISCAL").BeginObject();
  for (const TaxSystem& each : kTaxSystems) {
    if (!Offers(register_, each)) continue;
    writer.Key("TAX_SYSTEM").String(each.word);
    break;
  }
  writer.Key("VAT").String("0=none").Key("SITE").String("").Key("CASHIER").String("");
  writer.EndObject().EndObject().EndObject();
  return writer.Take();
}

}  // namespace fiscalgate::protocol::bitrix24
