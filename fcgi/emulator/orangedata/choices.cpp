#include "fcgi/emulator/cloud/overlay.h"
#include "fcgi/emulator/orangedata/service.h"
#include "lib/protocol/orangedata/mapping_table.h"

namespace fiscalgate::emulator::orangedata {
namespace {

constexpr std::string_view kDocumented = "описание API 2.31";
constexpr std::string_view kClient = "клиенты поставщика";
constexpr std::string_view kChosen = "выбрано";

// clang-format off
constexpr cloud::Choice kChoices[] = {
    {"POST /api/v2/documents, /corrections, /correction12; статус GET …/{inn}/status/{id}; косая черта в конце может быть и может не быть", kDocumented},
    {"X-Signature: base64 от RSA с SHA-256 над байтами тела; неверна: 400 «Подпись не прошла проверку»", kDocumented},
    {"имя ключа (key) должно быть известно; без --key-name это ИНН", kDocumented},
    {"без key ключом считается ИНН, хотя по описанию он обязателен", kClient},
    {"сертификат клиента проверяет веб-сервер; без него 401 с пустым телом", kDocumented},
    {"201 пустое; тот же id ещё раз: 409 пустое, даже с другим содержимым", kDocumented},
    {"400 {\"errors\":[…]}: без id, inn, content словами поставщика, остальное своими", kDocumented},
    {"статус: 202 пустой, потом 200 с содержимым как прислано; 422 с ошибками маркировки; 524 пустой", kDocumented},
    {"суммы: totalSum, если есть, равна сумме позиций; оплат не меньше её, безналичных не больше", kChosen},
    {"taxationSystem может не быть: такой документ был напечатан", "образец другого поставщика"},
    {"принимаются и ставки 22 % (11, 12), которых в описании ещё нет", kChosen},
    {"неизвестные поля не замечаются; числа строками и десятичные степени не принимаются", kChosen},
    {"Content-Type запроса не application/json: 415", kChosen},
    {"код маркировки неверного вида: 422, если нет ignoreItemCodeCheck", kChosen},
    {"сбой error: 422, а у коррекции ФФД 1.05 400: у неё 422 и 524 не описаны", kChosen},
    {"id уникален во всём эмуляторе; принимается любая группа, в описании неизвестная ждёт 30 дней", kChosen},
    {"номера кассы, ОФД и организации в ответе вымышлены", kChosen},
    {"devices: список с одним устройством, имена полей не описаны", kChosen},
    {"callbackUrl возвращается в ответе, но не вызывается: тело вызова не описано", kChosen},
    {"/api/v2/ отвечает Nebula.Api v2; /validateDocument проверяет без подписи", kClient},
    {"/itemcode: 201, 202, потом 200; тело ответа и проверка (только вид кода)", kChosen},
};
// clang-format on

}  // namespace

std::span<const cloud::Choice> OrangeData::choices() const { return kChoices; }

std::string OrangeData::mapping() const {
  return cloud::WriteOverlay(protocol::orangedata::Table(), {});
}

std::span<const FaultKind> OrangeData::faults() const {
  static const std::vector<FaultKind> kKinds = cloud::FaultKinds(
      {Fault::kUnauthorizedStorm, Fault::kConflict409, Fault::kError, Fault::kExpire524});
  return kKinds;
}

}  // namespace fiscalgate::emulator::orangedata
