#include "fcgi/web/dialog_words.h"

#include "lib/base/check.h"

namespace fiscalgate::web {
namespace {

using task::State;

constexpr Words kDialogWords[] = {
    {"t_title", "Кассовый чек", "Fiscal receipt"},
    {"t_order", "Заказ", "Order"},
    {"t_other_language", "English", "Русский"},
    {"t_step_taken", "Принят", "Accepted"},
    {"t_step_queued", "Очередь", "Queue"},
    {"t_step_sending", "Касса", "Register"},
    {"t_step_printed", "Готово", "Done"},
    {"t_said", "Касса сообщает", "The register says"},
    {"t_trouble", "Нет связи с сервером, пробуем ещё раз…",
     "No connection to the server, trying again…"},
    {"t_qr", "QR-код для проверки чека", "QR code to check the receipt"},
    {"t_receipt", "Открыть чек", "Open the receipt"},
    {"t_leave", "Вернуться в магазин", "Back to the shop"},
    {"t_leave_unknown", "Перейти на сайт магазина", "Go to the shop's site"},
    {"t_leaving", "Переходим в магазин через", "Going back to the shop in"},
    {"t_seconds", "с", "s"},
    {"t_stay", "Остаться здесь", "Stay here"},
    {"t_cancel", "Отменить чек", "Cancel the receipt"},
    {"t_retry", "Повторить фискализацию", "Fiscalise again"},
    {"t_pay", "Перейти к оплате", "Go on to the payment"},
    {"t_provider_receipt", "Чек на сайте провайдера", "The receipt at the provider's site"},
    {"t_link_qr", "QR-код со ссылкой на чек", "QR code with the address of the receipt"},
    {"t_late", "Отменить уже нельзя: касса работает с чеком.",
     "It is too late to cancel: the register is at work on it."},
    {"t_noscript", "Страница обновляется сама каждые 3 секунды.",
     "This page reloads by itself every 3 seconds."},
    {"t_refused_title", "Чек не создан", "The receipt was not created"},
    {"t_refused_text",
     "Магазин прислал данные, которые нельзя принять. Вернитесь на страницу магазина и сообщите "
     "ему об этом.",
     "The shop sent data that cannot be taken. Please go back to the shop's page and let the shop "
     "know."},
    {"t_faults", "Что не так", "What is wrong"},
};

Telling Receipt(State state) {
  switch (state) {
    case State::kQueued:
      return {{"queued", "Чек в очереди", "The receipt is in the queue"},
              {"", "Касса возьмёт его, как только освободится.",
               "The register takes it as soon as it is free."}};
    case State::kSending:
    case State::kWaiting:
      return {{"sending", "Касса пробивает чек", "The register is making the receipt"},
              {"", "Обычно это занимает несколько секунд.", "This takes a few seconds as a rule."}};
    case State::kDone:
      return {{"printed", "Чек пробит", "The receipt is made"},
              {"", "Он записан в фискальный накопитель кассы.",
               "It is recorded in the fiscal drive of the register."}};
    case State::kFailed:
      return {{"failed", "Чек не пробит", "The receipt was not made"},
              {"", "Касса отказала. Магазин уже знает об этом.",
               "The register refused. The shop has been told."}};
    case State::kUnknown:
      return {
          {"unknown", "Результат выясняется", "The result is being found out"},
          {"",
           "Касса не ответила, и пробит ли чек, пока неизвестно. Это выясняют; платить второй раз "
           "не нужно. "
           "Когда станет известно, магазин получит сообщение, а эта страница покажет результат.",
           "The register did not answer, so nobody knows yet whether the receipt was made. This is "
           "being looked "
           "into; do not pay again. When it is known, the shop is told and this page shows the "
           "result."}};
    case State::kCancelled:
      return {{"cancelled", "Чек отменён", "The receipt was cancelled"},
              {"", "На кассу он не отправлялся.", "It was never sent to the register."}};
  }
  FG_CHECK(false);
}

}  // namespace

std::span<const Words> DialogWords() { return kDialogWords; }

Telling TellState(State state, bool is_receipt, bool held) {
  Telling telling = Receipt(state);
  if (state == State::kQueued && held) {
    telling.text = {"",
                    "Касса сейчас недоступна. Чек сохранён и будет пробит, как только она ответит.",
                    "The register cannot be reached at the moment. The receipt is kept and will be "
                    "made as soon as "
                    "the register answers."};
  }
  if (is_receipt) return telling;
  if (state == State::kQueued) {
    telling.title = {"queued", "Задание в очереди", "The job is in the queue"};
  } else if (state == State::kDone) {
    telling = {{"printed", "Готово", "Done"},
               {"", "Касса выполнила задание.", "The register has done the job."}};
  } else if (state == State::kFailed) {
    telling.title = {"failed", "Задание не выполнено", "The job was not done"};
  } else if (state == State::kCancelled) {
    telling.title = {"cancelled", "Задание отменено", "The job was cancelled"};
  } else if (state != State::kUnknown) {
    telling.title = {"sending", "Касса работает", "The register is at work"};
  }
  return telling;
}

Words PaidWords() {
  return {
      "",
      "Оплата картой прошла, а чек не пробит. Платить второй раз не нужно: чек оформит магазин.",
      "The card was charged, but the receipt was not made. Do not pay again: the shop will see to "
      "the receipt."};
}

Telling PayTelling() {
  return {{"sending", "Ждём оплаты", "Waiting for the payment"},
          {"", "Чек будет пробит, как только пройдёт оплата на странице провайдера.",
           "The receipt is made as soon as you have paid on the provider's page."}};
}

Words AheadWords() { return {"", "Перед вашим чеком в очереди:", "Waiting before yours:"}; }

}  // namespace fiscalgate::web
