#include "fcgi/web/receipt_words.h"

#include "lib/base/check.h"

namespace fiscalgate::web {
namespace {

using task::State;

constexpr Words kPageWords[] = {
    {"t_title", "Кассовый чек", "Fiscal receipt"},
    {"t_order", "Заказ", "Order"},
    {"t_other_language", "English", "Русский"},
    {"t_wait", "Эта страница обновится сама, когда касса пробьёт чек.",
     "This page will update itself when the register has made the receipt."},
    {"t_unknown",
     "Ответ кассы не получен. Магазин выясняет, пробит ли чек; второй раз он пробит не будет.",
     "The register's answer was lost. The shop is finding out whether the receipt was made; it "
     "will "
     "not be made twice."},
    {"t_failed", "Касса не смогла пробить чек. Чтобы получить его, обратитесь в магазин.",
     "The register could not make the receipt. Ask the shop for it."},
    {"t_reason", "Ответ кассы", "The register's answer"},
    {"t_seller", "Продавец", "Seller"},
    {"t_inn", "ИНН", "INN (taxpayer number)"},
    {"t_address", "Адрес расчётов", "Address of settlement"},
    {"t_place", "Место расчётов", "Place of settlement"},
    {"t_sender", "Эл. почта отправителя", "Sender's e-mail"},
    {"t_cashier", "Кассир", "Cashier"},
    {"t_items", "Товары и услуги", "Goods and services"},
    {"t_total", "Итого", "Total"},
    {"t_paid", "Оплата", "Payment"},
    {"t_change", "Сдача", "Change"},
    {"t_vat", "Налог", "Tax"},
    {"t_taxation", "Система налогообложения", "Tax regime"},
    {"t_mark", "Фискальные данные", "Fiscal data"},
    {"t_time", "Дата и время", "Date and time"},
    {"t_shift", "Смена / чек", "Shift / receipt"},
    {"t_register", "Рег. номер кассы", "Register number"},
    {"t_fn", "ФН", "Fiscal drive (FN)"},
    {"t_fd", "ФД", "Fiscal document (FD)"},
    {"t_fpd", "ФПД", "Fiscal sign (FPD)"},
    {"t_qr", "QR-код для проверки чека", "QR code to check the receipt"},
    {"t_pay", "Перейти к оплате", "Go on to the payment"},
    {"t_provider_receipt", "Чек на сайте провайдера", "The receipt at the provider's site"},
    {"t_link_qr", "QR-код со ссылкой на чек", "QR code with the address of the receipt"},
    {"t_check", "Как проверить чек", "How to check this receipt"},
    {"t_check_how",
     "Отсканируйте код приложением «Проверка чеков ФНС России» или введите ФН, ФД, ФПД, дату и "
     "сумму на сайте",
     "Scan the code with the tax service's app “Проверка чеков ФНС России”, or enter FN, FD, FPD, "
     "date and total at"},
    {"t_test",
     "Фискальный накопитель с таким номером — учебный: налоговая служба этого чека не знает.",
     "A fiscal drive of this number is for tests: the tax service does not know this receipt."},
};

constexpr Words kKinds[] = {{"1", "Приход", "Sale"},
                            {"2", "Возврат прихода", "Sale refund"},
                            {"3", "Расход", "Purchase"},
                            {"4", "Возврат расхода", "Purchase refund"}};
constexpr Words kCorrections[] = {
    {"1", "Коррекция прихода", "Correction of a sale"},
    {"2", "Коррекция возврата прихода", "Correction of a sale refund"},
    {"3", "Коррекция расхода", "Correction of a purchase"},
    {"4", "Коррекция возврата расхода", "Correction of a purchase refund"}};

struct Numbered {
  int number;
  Words words;
};

constexpr Numbered kPayments[] = {
    {1031, {"cash", "Наличными", "Cash"}},
    {1081, {"electronic", "Безналичными", "Cashless"}},
    {1215, {"prepayment", "Предоплата (аванс)", "Prepayment (advance)"}},
    {1216, {"credit", "Последующая оплата (кредит)", "Postpayment (credit)"}},
    {1217, {"barter", "Встречное предоставление", "Other consideration"}}};

constexpr Numbered kTaxation[] = {
    {1, {"", "ОСН", "General (ОСН)"}},
    {2, {"", "УСН доход", "Simplified, income (УСН)"}},
    {4, {"", "УСН доход минус расход", "Simplified, income less expenses (УСН)"}},
    {8, {"", "ЕНВД", "Imputed income (ЕНВД)"}},
    {16, {"", "ЕСХН", "Agricultural (ЕСХН)"}},
    {32, {"", "Патент", "Patent"}}};

constexpr Numbered kRates[] = {
    {1, {"", "НДС 20 %", "VAT 20%"}},      {2, {"", "НДС 10 %", "VAT 10%"}},
    {3, {"", "НДС 20/120", "VAT 20/120"}}, {4, {"", "НДС 10/110", "VAT 10/110"}},
    {5, {"", "НДС 0 %", "VAT 0%"}},        {6, {"", "Без НДС", "No VAT"}},
    {7, {"", "НДС 5 %", "VAT 5%"}},        {8, {"", "НДС 7 %", "VAT 7%"}},
    {9, {"", "НДС 5/105", "VAT 5/105"}},   {10, {"", "НДС 7/107", "VAT 7/107"}},
    {11, {"", "НДС 22 %", "VAT 22%"}},     {12, {"", "НДС 22/122", "VAT 22/122"}}};

constexpr Numbered kMethods[] = {{1, {"", "Предоплата 100 %", "Full prepayment"}},
                                 {2, {"", "Предоплата", "Prepayment"}},
                                 {3, {"", "Аванс", "Advance"}},
                                 {4, {"", "Полный расчёт", "Full payment"}},
                                 {5, {"", "Частичный расчёт и кредит", "Part payment and credit"}},
                                 {6, {"", "Передача в кредит", "Delivered on credit"}},
                                 {7, {"", "Оплата кредита", "Credit repayment"}}};

constexpr Numbered kUnits[] = {
    {10, {"", "г", "g"}},        {11, {"", "кг", "kg"}},       {12, {"", "т", "t"}},
    {20, {"", "см", "cm"}},      {21, {"", "дм", "dm"}},       {22, {"", "м", "m"}},
    {30, {"", "кв. см", "cm²"}}, {31, {"", "кв. дм", "dm²"}},  {32, {"", "кв. м", "m²"}},
    {40, {"", "мл", "ml"}},      {41, {"", "л", "l"}},         {42, {"", "куб. м", "m³"}},
    {50, {"", "кВт·ч", "kWh"}},  {51, {"", "Гкал", "Gcal"}},   {70, {"", "сут.", "days"}},
    {71, {"", "ч", "hours"}},    {72, {"", "мин", "minutes"}}, {73, {"", "с", "seconds"}},
    {80, {"", "Кбайт", "kB"}},   {81, {"", "Мбайт", "MB"}},    {82, {"", "Гбайт", "GB"}},
    {83, {"", "Тбайт", "TB"}}};

template <std::size_t kCount>
Words Find(const Numbered (&table)[kCount], int number) {
  for (const Numbered& row : table) {
    if (row.number == number) return row.words;
  }
  return {};
}

}  // namespace

std::span<const Words> PageWords() { return kPageWords; }

Words StateWords(State state) {
  switch (state) {
    case State::kQueued:
    case State::kSending:
    case State::kWaiting:
      return {"queued", "Чек оформляется", "The receipt is being processed"};
    case State::kDone:
      return {"done", "Чек пробит", "The receipt is made"};
    case State::kFailed:
      return {"failed", "Чек не пробит", "The receipt was not made"};
    case State::kUnknown:
      return {"unknown", "Результат выясняется", "The result is being found out"};
    case State::kCancelled:
      return {"failed", "Чек отменён", "The receipt was cancelled"};
  }
  FG_CHECK(false);
}

Words KindWords(int type_1054, bool is_correction) {
  const int index = type_1054 >= 1 && type_1054 <= 4 ? type_1054 - 1 : 0;
  return is_correction ? kCorrections[index] : kKinds[index];
}

Words PaymentWords(int tag) { return Find(kPayments, tag); }
Words TaxationWords(int bit) { return Find(kTaxation, bit); }
Words RateWords(int rate) { return Find(kRates, rate); }
Words MethodWords(int method) { return Find(kMethods, method); }
Words UnitWords(int unit) { return Find(kUnits, unit); }

}  // namespace fiscalgate::web
