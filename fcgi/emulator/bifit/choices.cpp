#include "fcgi/emulator/bifit/service.h"

namespace fiscalgate::emulator::bifit {
namespace {

constexpr std::string_view kDocumented = "вики БИФИТ";
constexpr std::string_view kInferred = "выведено";
constexpr std::string_view kChosen = "выбрано";

// clang-format off
constexpr cloud::Choice kChoices[] = {
    {"POST /processing-api/oauth/token, форма: token или refresh_token, client processing-connector-token", kDocumented},
    {"ответ: access_token, refresh_token, expires_in 3599, connector_id, jti", kDocumented},
    {"ошибки токенов: {\"error\",\"error_description\"}, 400 invalid_grant, 401 invalid_client, invalid_token, unauthorized", kInferred},
    {"refresh_token живёт 30 дней и годится много раз; каждый ответ даёт новую пару; прежний access_token живёт до своего конца", kChosen},
    {"токены переживают перезапуск", kChosen},
    {"POST …/registration/receipts с Idempotency-Key; ответ: одно число", kDocumented},
    {"тот же ключ и то же тело: то же число; ключ с другим телом: 409; без ключа: 400", kChosen},
    {"обязательны type, taxSystem, cashier.name, items с calculationMethod, paymentSubject, name, price, quantity, vat, total; total, payments", kDocumented},
    {"суммы: total позиции равна price × quantity, total чека сумме позиций, payments total", kChosen},
    {"имена значений, которых на вики нет: /emulator/mapping; вместо них может быть --mapping", kChosen},
    {"неверный чек: 400 {\"message\",\"errors\"}; Content-Type не application/json: 415", kChosen},
    {"GET …/documents/{id}: status PROCESSING, FISCALIZED, ERROR; имена полей", kInferred},
    {"чужой номер документа: 404", kChosen},
    {"POST …/documents/reload/token с Broker-token, список номеров, только в статусе «Ошибка»", kDocumented},
    {"хоть один не в ошибке: 400 и ничего не меняется; нет или неверен Broker-token: 403; ответ: тот же список", kChosen},
    {"GET /processing-api/receipts/{ключ}: страница чека, без токена, и до регистрации", kDocumented},
    {"token-expired: все access_token истекают, refresh_token нет; refresh_allowed 0 отменяет и их", kChosen},
};
// clang-format on

}  // namespace

std::span<const cloud::Choice> Bifit::choices() const { return kChoices; }

std::span<const FaultKind> Bifit::faults() const {
  static const std::vector<FaultKind> kKinds = cloud::FaultKinds(
      {Fault::kTokenExpired, Fault::kUnauthorizedStorm, Fault::kConflict409, Fault::kError});
  return kKinds;
}

}  // namespace fiscalgate::emulator::bifit
