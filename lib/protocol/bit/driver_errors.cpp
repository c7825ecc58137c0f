#include "lib/protocol/bit/driver_errors.h"

#include <algorithm>

namespace fiscalgate::protocol::bit {
namespace {

using task::ErrorClass;

constexpr ErrorClass kLater = ErrorClass::kRetryLater;
constexpr ErrorClass kFix = ErrorClass::kFixReceipt;
constexpr ErrorClass kOperator = ErrorClass::kCallOperator;

constexpr DriverError kErrors[] = {
    {kShiftOver24h, kLater, "Закройте смену на кассе и отправьте чек снова.",
     "Close the shift of the register and send the receipt again."},
    {kShiftNotOpen, kOperator, "Откройте смену на кассе и отправьте чек снова.",
     "Open a shift at the register and send the receipt again."},
    {kShiftAlreadyOpen, kOperator, "Смена уже открыта: эта команда не нужна.",
     "The shift is open already: this command is not needed."},
    {"ofd_backlog", kOperator,
     "Документы больше 30 дней не передаются в ОФД: восстановите связь кассы с ОФД.",
     "Documents were not sent to the OFD for 30 days: restore the register's connection to it."},
    {"fn_full", kOperator, "Память фискального накопителя заполнена: замените накопитель.",
     "The memory of the fiscal drive is full: replace the drive."},
    {"fn_expired", kOperator, "Срок фискального накопителя истёк: замените накопитель.",
     "The term of the fiscal drive is over: replace the drive."},
    {"cashier_inn", kFix, "Исправьте ИНН кассира (1203): 12 цифр с верным контрольным числом.",
     "Correct the cashier's INN (1203): 12 digits with a right check digit."},
    {"marking_code", kFix, "Код маркировки не принят: проверьте код товара (2000, 1163).",
     "The marking code was not accepted: check the code of the item (2000, 1163)."},
    {"ofd_connection", kLater, "Касса не связалась с ОФД: проверьте её сеть, затем повторите.",
     "The register did not reach the OFD: check its network, then try again."},
    {"fn_fault", kOperator, "Касса не работает с фискальным накопителем: вызовите инженера.",
     "The register cannot work with its fiscal drive: call an engineer."},
    {"no_paper", kOperator, "Вставьте бумагу. Проверьте, не напечатан ли чек, затем повторите.",
     "Put paper in. See whether the receipt was printed, then try again."},
    {"cover_open", kOperator, "Закройте крышку. Проверьте, не напечатан ли чек, затем повторите.",
     "Close the cover. See whether the receipt was printed, then try again."},
    {"printer_fault", kOperator, "Неисправен принтер кассы: осмотрите его или вызовите инженера.",
     "The printer of the register is faulty: look at it or call an engineer."},
    {"cash_short", kOperator, "В денежном ящике мало наличных: внесите деньги и повторите.",
     "There is too little cash in the drawer: put some in and try again."},
    {"payment_sum", kFix, "Исправьте оплату: она не сходится с суммой чека.",
     "Correct the payments: they do not agree with the total."},
    {"bank_declined", kFix, "Банк отклонил операцию: предложите другую карту или способ оплаты.",
     "The bank declined: offer another card or way to pay."},
    {"bank_not_found", kFix, "Банк не нашёл исходную операцию: проверьте RRN и сумму.",
     "The bank did not find the original operation: check RRN and sum."},
    {"bank_terminal", kLater, "Банковский терминал не отвечает: проверьте его и повторите.",
     "The bank terminal does not answer: check it and try again."},
    {"taxation", kFix, "Исправьте систему налогообложения (1055): касса её не знает.",
     "Correct the tax regime (1055): the register does not have it."},
    {"vat_rate", kFix, "Исправьте ставку НДС (1199): касса её не принимает.",
     "Correct the VAT rate (1199): the register does not take it."},
    {"clock", kOperator, "Проверьте дату и время кассы.", "Check date and time of the register."},
    {"not_registered", kOperator, "Касса не зарегистрирована или не активирована.",
     "The register is not registered or not activated."},
    {"access", kOperator, "Проверьте токен кассы и лицензию драйвера.",
     "Check the register's token and the driver's licence."},
    {"blocked", kOperator, "Касса заблокирована: выясните причину у её обслуживающей организации.",
     "The register is blocked: ask those who maintain it."},
    {"no_connection", kLater,
     "Драйвер не видит кассу: проверьте питание и кабель, затем повторите.",
     "The driver does not see the register: check power and cable, then try again."},
    {"busy", kLater, "Касса занята другим документом: повторите позже.",
     "The register is busy with another document: try again later."},
    {"wrong_mode", kOperator,
     "Касса не выполняет эту команду в её режиме: посмотрите на экран кассы.",
     "The register does not do this in its present mode: look at its display."},
    {"invalid_receipt", kFix, "Исправьте чек: касса не приняла его содержание.",
     "Correct the receipt: the register refused what is in it."},
    {"register_error", kOperator, "Посмотрите на кассу: её ошибка шлюзу неизвестна.",
     "Look at the register: the gateway does not know this error."},
    {"payment_expired", ErrorClass::kNone,
     "Покупатель не заплатил в срок, чека не будет; при необходимости создайте новый заказ.",
     "The buyer did not pay in time and nothing was printed; post a new order if it is needed."},
    {"deadline_passed", ErrorClass::kNone,
     "Чек не был отправлен в срок и напечатан не будет; при необходимости создайте новый заказ.",
     "The receipt was not sent in time and will not be printed; post a new order if it is needed."},
};

// All fragments (between '&') must be in the folded text, which begins and ends with a space; the
// first row that fits decides. So the narrow rows stand before the wide ones.
struct Pattern {
  std::string_view fragments, code;
};
constexpr Pattern kPatterns[] = {
    {"смена превы", kShiftOver24h},
    {"смены превы", kShiftOver24h},
    {"превышен&ность смены", kShiftOver24h},
    {"смен&24 час", kShiftOver24h},
    {"смен&24 ч ", kShiftOver24h},
    {"смен&24ч", kShiftOver24h},
    {"смена истекла", kShiftOver24h},
    {"смены истек", kShiftOver24h},
    {"истекла смена", kShiftOver24h},
    {"истекло время смены", kShiftOver24h},
    {"shift&24 h", kShiftOver24h},
    {"shift&24h", kShiftOver24h},
    {"shift expired", kShiftOver24h},
    {"shift has expired", kShiftOver24h},
    {"shift exceed", kShiftOver24h},
    {"shift has exceeded", kShiftOver24h},
    {"смен&уже открыт", kShiftAlreadyOpen},
    {"смена открыта", kShiftAlreadyOpen},
    {"shift&already open", kShiftAlreadyOpen},
    {"shift is open", kShiftAlreadyOpen},
    {"смена не открыта", kShiftNotOpen},
    {"смена закрыта", kShiftNotOpen},
    {"смена уже закрыта", kShiftNotOpen},
    {"закрытой смен", kShiftNotOpen},
    {"нет открытой смены", kShiftNotOpen},
    {"shift&not open", kShiftNotOpen},
    {"shift&closed", kShiftNotOpen},

    {"офд&30 дн", "ofd_backlog"},
    {"офд&30 сут", "ofd_backlog"},
    {"офд&более 30", "ofd_backlog"},
    {"ofd&30 day", "ofd_backlog"},
    {"ресурс ожидания передачи", "ofd_backlog"},
    {"непереданн&превышен", "ofd_backlog"},
    {"фн&переполн", "fn_full"},
    {"фн&заполн", "fn_full"},
    {"фискальн&переполн", "fn_full"},
    {"фискальн&заполн", "fn_full"},
    {"фн&память&исчерпан", "fn_full"},
    {"ресурс хранения", "fn_full"},
    {"fiscal&full", "fn_full"},
    {"фн&срок", "fn_expired"},
    {"накопител&срок", "fn_expired"},
    {"фн&ресурс", "fn_expired"},
    {"накопител&ресурс", "fn_expired"},
    {"исчерпан ресурс кс", "fn_expired"},
    {"fiscal&expired", "fn_expired"},

    {"инн&кассир", "cashier_inn"},
    {"cashier&inn", "cashier_inn"},
    {" 1203 ", "cashier_inn"},
    {" км ", "marking_code"},
    {"маркиров", "marking_code"},
    {"маркирован", "marking_code"},
    {"честный знак", "marking_code"},
    {"datamatrix", "marking_code"},
    {"marking", "marking_code"},
    {" исм ", "marking_code"},
    {" 1162 ", "marking_code"},
    {" 1163 ", "marking_code"},

    {"офд&связ", "ofd_connection"},
    {"офд&не отвеча", "ofd_connection"},
    {"офд&недоступ", "ofd_connection"},
    {"ofd&connect", "ofd_connection"},
    {"ofd&timeout", "ofd_connection"},
    {"ошибка фн", "fn_fault"},
    {"нет фн", "fn_fault"},
    {"фн не ", "fn_fault"},
    {"фн отсутств", "fn_fault"},
    {"связ& фн ", "fn_fault"},
    {"состояние фн", "fn_fault"},
    {"обмена с фн", "fn_fault"},
    {"фискальн&накопител", "fn_fault"},
    {"криптограф", "fn_fault"},
    {"fiscal storage", "fn_fault"},
    {"fiscal drive", "fn_fault"},

    {"бумаг", "no_paper"},
    {"чековой ленты", "no_paper"},
    {"чековая лента", "no_paper"},
    {"paper", "no_paper"},
    {" 3807 ", "no_paper"},  // ATOL, driver 8 and 9
    {" 0x6b ", "no_paper"},  // Shtrih-M
    {"крышк", "cover_open"},
    {"cover", "cover_open"},
    {"отрез", "printer_fault"},
    {" нож", "printer_fault"},
    {"перегрев", "printer_fault"},
    {"термоголов", "printer_fault"},
    {"печатающ", "printer_fault"},
    {"механизм печати", "printer_fault"},
    {"cutter", "printer_fault"},
    {"print head", "printer_fault"},
    {"printhead", "printer_fault"},
    {"overheat", "printer_fault"},

    {"наличн&недостаточно", "cash_short"},
    {"наличн&не хватает", "cash_short"},
    {"not enough cash", "cash_short"},
    {"insufficient cash", "cash_short"},
    {"оплачен не полностью", "payment_sum"},
    {"сумм&оплат", "payment_sum"},
    {"безналичн&больше", "payment_sum"},
    {"безналичн&превыша", "payment_sum"},
    {"вносимая&сумма&меньше", "payment_sum"},
    {"payment&total", "payment_sum"},
    {"payment&sum", "payment_sum"},

    {"отклонен&банк", "bank_declined"},
    {"отказ&банк", "bank_declined"},
    {"операция отклонена", "bank_declined"},
    {"операция отменена", "bank_declined"},
    {"недостаточно средств", "bank_declined"},
    {"неверный пин", "bank_declined"},
    {"карта&просрочен", "bank_declined"},
    {"карта&заблокир", "bank_declined"},
    {"declined", "bank_declined"},
    {"insufficient funds", "bank_declined"},
    {"операция не найдена", "bank_not_found"},
    {"rrn", "bank_not_found"},
    {"операций еще не было", "bank_not_found"},
    {"терминал&связ", "bank_terminal"},
    {"терминал&не отвеча", "bank_terminal"},
    {"терминал&не найден", "bank_terminal"},
    {"терминал&не подключен", "bank_terminal"},
    {"пинпад", "bank_terminal"},
    {"pinpad", "bank_terminal"},
    {"terminal&connect", "bank_terminal"},

    {"налогообложен", "taxation"},
    {" сно ", "taxation"},
    {" 1055 ", "taxation"},
    {"taxation", "taxation"},
    {"ставк&ндс", "vat_rate"},
    {"ставк&налог", "vat_rate"},
    {" 1199 ", "vat_rate"},
    {" vat ", "vat_rate"},
    {"неверн&дата", "clock"},
    {"неверн&время", "clock"},
    {"дат&времен&ккт", "clock"},
    {"разница во времени", "clock"},
    {"wrong date", "clock"},
    {"wrong time", "clock"},
    {"не фискализирован", "not_registered"},
    {"не зарегистрирован", "not_registered"},
    {"не активирован", "not_registered"},
    {"not fiscalized", "not_registered"},
    {"not registered", "not_registered"},
    {"токен", "access"},
    {"лиценз", "access"},
    {"доступ запрещен", "access"},
    {"token", "access"},
    {"licen", "access"},
    {"ккт&заблокир", "blocked"},
    {"касс&заблокир", "blocked"},
    {"blocked", "blocked"},

    {"нет связи", "no_connection"},
    {"потеряна связь", "no_connection"},
    {"связь потеряна", "no_connection"},
    {"не отвечает", "no_connection"},
    {"не подключен", "no_connection"},
    {"устройство не найдено", "no_connection"},
    {"порт недоступен", "no_connection"},
    {"порт занят", "no_connection"},
    {"открыть порт", "no_connection"},
    {"установить соединение", "no_connection"},
    {"no connection", "no_connection"},
    {"connection lost", "no_connection"},
    {"not connected", "no_connection"},
    {"port is", "no_connection"},
    {"device not found", "no_connection"},
    {"no answer", "no_connection"},
    {"занят", "busy"},
    {"идет печать", "busy"},
    {"чек открыт", "busy"},
    {"документ открыт", "busy"},
    {"открыт чек", "busy"},
    {"незавершен", "busy"},
    {"не завершен", "busy"},
    {"busy", "busy"},
    {"данном режиме", "wrong_mode"},
    {"неверный режим", "wrong_mode"},
    {"не поддерживается", "wrong_mode"},
    {"неизвестная команда", "wrong_mode"},
    {"wrong mode", "wrong_mode"},
    {"not supported", "wrong_mode"},

    {"реквизит", "invalid_receipt"},
    {"неверн&чек", "invalid_receipt"},
    {"неверн&тег", "invalid_receipt"},
    {"неверн&параметр", "invalid_receipt"},
    {"неверн&формат", "invalid_receipt"},
    {"неверн&значен", "invalid_receipt"},
    {"неверн&признак", "invalid_receipt"},
    {"неверн&сумм", "invalid_receipt"},
    {"некорректн", "invalid_receipt"},
    {"недопустим", "invalid_receipt"},
    {"не указан", "invalid_receipt"},
    {"нет данных чека", "invalid_receipt"},
    {"нет позиций", "invalid_receipt"},
    {"слишком много позиций", "invalid_receipt"},
    {"флк", "invalid_receipt"},
    {"ошибка&формата", "invalid_receipt"},
    {"ошибка&чек", "invalid_receipt"},
    {"не прошел&проверку", "invalid_receipt"},
    {"не принима&чек", "invalid_receipt"},
    {"не принял&чек", "invalid_receipt"},
    {"чек не принят", "invalid_receipt"},
    {" тег ", "invalid_receipt"},
    {"invalid", "invalid_receipt"},

    // Where there are no words. A number may be that of a document, so they stand last.
    {" 3822 ", kShiftOver24h},  // ATOL, driver 8 and 9
    {" 0x4e ", kShiftOver24h},  // Shtrih-M
    {" 4eh ", kShiftOver24h},
};

// In one piece: the number of a shift stands in many errors, also in those of paper that ended.
constexpr std::string_view kShiftIsOver[] = {
    "смена превы",       "смены превы",         "превышена продолжительность смены",
    "смена истекла",     "смены истек",         "превышена длительность смены",
    "истекла смена",     "истекло время смены", "смена более 24 час",
    "смена больше 24 ч", "смены более 24 час",  "смены больше 24 ч",
    "24 часа смены",     "24ч смены",           "смена открыта более 24 час",
    "shift expired",     "shift has expired",   "shift exceed",
    "shift over 24",     "shift is over 24",    "shift has exceeded",
    "shift longer than", "shift is longer than"};
// With these it may have been under way.
constexpr std::string_view kDoubts[] = {"ожидан",   "таймаут", "тайм аут", "timeout",
                                        "time out", "бумаг",   "paper",    "печатан"};

// The two bytes of a small Cyrillic letter for those of any; `low` is changed, `high` too.
void FoldCyrillic(unsigned char* high, unsigned char* low) {
  if (*high == 0xD0 && *low >= 0x90 && *low <= 0x9F) {
    *low = static_cast<unsigned char>(*low + 0x20);
  } else if (*high == 0xD0 && *low >= 0xA0 && *low <= 0xAF) {
    *high = 0xD1;
    *low = static_cast<unsigned char>(*low - 0x20);
  } else if ((*high == 0xD0 && *low == 0x81) || (*high == 0xD1 && *low == 0x91)) {
    *high = 0xD0;
    *low = 0xB5;
  }
}

bool Fits(std::string_view folded, std::string_view fragments) {
  for (;;) {
    const std::size_t end = fragments.find('&');
    if (folded.find(fragments.substr(0, end)) == std::string_view::npos) return false;
    if (end == std::string_view::npos) return true;
    fragments.remove_prefix(end + 1);
  }
}

}  // namespace

std::string FoldDriverText(std::string_view text) {
  std::string out = " ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte == 0xD0 || byte == 0xD1) && i + 1 < text.size()) {
      auto next = static_cast<unsigned char>(text[++i]);
      FoldCyrillic(&byte, &next);
      out.push_back(static_cast<char>(byte));
      out.push_back(static_cast<char>(next));
      continue;
    }
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<unsigned char>(byte - 'A' + 'a');
    const bool kept = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
    if (kept) {
      out.push_back(static_cast<char>(byte));
    } else if (out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (out.back() != ' ') out.push_back(' ');
  return out;
}

const DriverError* FindDriverError(std::string_view code) {
  const auto found = std::find_if(std::begin(kErrors), std::end(kErrors),
                                  [&](const DriverError& error) { return error.code == code; });
  return found == std::end(kErrors) ? nullptr : found;
}

const DriverError& ClassifyDriverError(std::string_view text) {
  const std::string folded = FoldDriverText(text);
  for (const Pattern& pattern : kPatterns) {
    if (Fits(folded, pattern.fragments)) return *FindDriverError(pattern.code);
  }
  return *FindDriverError("register_error");
}

bool ProvesShiftOver(std::string_view text) {
  const std::string folded = FoldDriverText(text);
  const auto is_in = [&](std::string_view words) { return Fits(folded, words); };
  return std::any_of(std::begin(kShiftIsOver), std::end(kShiftIsOver), is_in) &&
         std::none_of(std::begin(kDoubts), std::end(kDoubts), is_in);
}

std::span<const DriverError> AllDriverErrors() { return kErrors; }

std::string_view AdviceFor(std::string_view code, base::Language language) {
  const DriverError* error = FindDriverError(code);
  if (error == nullptr) return "";
  return language == base::Language::kEnglish ? error->advice_en : error->advice_ru;
}

}  // namespace fiscalgate::protocol::bit
