#include "fcgi/emulator/begateway/gateway.h"

namespace fiscalgate::emulator::begateway {

std::span<const cloud::Choice> Gateway::choices() const {
  static constexpr cloud::Choice kChoices[] = {
      {"Пути, Basic shop_id:secret_key, обязательные поля, коды 20, 10, 20/120, 10/110, 0",
       "documented"},
      {"RequestID 24 часа: тот же ответ, состояние свежее; только прямые запросы картами",
       "documented"},
      {"Content-Type в GET шлюза: 400", "client"},
      {"Ошибки: 422 (или 400, настройка older_400); version 3 и beyag — по-своему", "client"},
      {"Неизвестный parent_uid или token: 400; неизвестный uid: 404", "client"},
      {"Сумма позиций равна сумме платежа; email или phone; ИНН в кабинете", "documented"},
      {"Как выглядит отказ из-за фискализации: 422, errors.fiscalization", "chosen"},
      {"Цена = сумма / количество, до копейки; если не сходится — чек не принят", "chosen"},
      {"simplified: без НДС, какая бы ставка ни стояла", "inferred"},
      {"Признаки предмета и способа: названия Freepayment, номера по порядку", "inferred"},
      {"Чек печатается после оплаты, через processing_ms", "chosen"},
      {"duplicate_check: выключен, пока не включён настройкой", "chosen"},
      {"Уведомления: после оплаты и после чека; Content-Signature и Basic", "documented"},
      {"Повтор уведомления: 6 раз, паузы удваиваются; до 2xx", "chosen"},
      {"Токены: decline, 3ds, 3ds-decline, pending, unknown — по первым буквам", "chosen"},
  };
  return kChoices;
}

}  // namespace fiscalgate::emulator::begateway
