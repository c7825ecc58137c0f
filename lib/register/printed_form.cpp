#include "lib/register/printed_form.h"

#include <array>

#include "lib/ffd/cp866.h"
#include "lib/ffd/enumerations.h"
#include "lib/ffd/totals.h"
#include "lib/register/paper.h"

namespace fiscalgate::register_ {
namespace {

constexpr std::array<std::string_view, 5> kReceiptTypes = {"", "ПРИХОД", "ВОЗВРАТ ПРИХОДА",
                                                           "РАСХОД", "ВОЗВРАТ РАСХОДА"};

std::string TaxationName(int code) {
  const std::string_view name = ffd::EnumerationName(1055, code);
  return name.empty() ? "не указана" : std::string(name);
}

// "НДС 22 %", "БЕЗ НДС"
std::string RateName(int rate) {
  constexpr int kNoVat = 6;
  if (rate == kNoVat) return "БЕЗ НДС";
  return "НДС " + std::string(ffd::EnumerationName(1199, rate));
}

std::string Amount(base::Money sum) { return "=" + base::FormatMoney(sum); }

void Heading(Paper* paper) {
  paper->Centre("ВИРТУАЛЬНАЯ КАССА");
  paper->Centre("НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ").Rule();
}

void Items(const ffd::Receipt& receipt, Paper* paper) {
  for (const ffd::Item& item : receipt.items) {
    paper->Line(ffd::AsPrinted(item.name_1030));
    paper->Pair(
        " " + base::FormatQuantity(item.quantity_1023) + " x " + base::FormatMoney(item.price_1079),
        Amount(item.sum_1043));
    if (item.vat_1199 != 0) paper->Line(" " + RateName(item.vat_1199));
  }
}

void PaymentLines(const ffd::Receipt& receipt, Paper* paper) {
  const ffd::Payments& paid = receipt.payments;
  const auto line = [paper](std::string_view title, base::Money sum) {
    if (sum.kopecks != 0) paper->Pair(title, Amount(sum));
  };
  line("НАЛИЧНЫМИ", paid.cash_1031);
  line("БЕЗНАЛИЧНЫМИ", paid.electronic_1081);
  line("ПРЕДОПЛАТА (АВАНС)", paid.prepayment_1215);
  line("ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)", paid.credit_1216);
  line("ВСТРЕЧНОЕ ПРЕДОСТАВЛЕНИЕ", paid.barter_1217);
  line("СДАЧА", paid.Total() - receipt.Total());
}

void VatLines(const ffd::Receipt& receipt, Paper* paper) {
  for (const ffd::VatSum& sum : ffd::VatSums(ffd::TotalsOf(receipt))) {
    paper->Pair("СУММА " + RateName(sum.rate), Amount(sum.sum));
  }
}

void MarkLines(const ffd::Receipt& receipt, const ffd::FiscalMark& mark, Paper* paper) {
  paper->Pair("СНО", TaxationName(receipt.taxation_1055));
  if (!receipt.cashier_name_1021.empty())
    paper->Pair("КАССИР", ffd::AsPrinted(receipt.cashier_name_1021));
  if (!receipt.address_1009.empty()) paper->Line(ffd::AsPrinted(receipt.address_1009));
  if (!receipt.place_1187.empty()) paper->Line(ffd::AsPrinted(receipt.place_1187));
  if (!receipt.buyer_contact_1008.empty()) {
    paper->Pair("ЭЛ. АДР. ПОКУПАТЕЛЯ", receipt.buyer_contact_1008);
  }
  paper->Pair("СМЕНА " + std::to_string(mark.shift_1038),
              "ЧЕК " + std::to_string(mark.receipt_number_1042));
  paper->Pair("РН ККТ", mark.register_number_1037).Pair("ФН", mark.fn_1041);
  paper->Pair("ФД", std::to_string(mark.fd_1040)).Pair("ФПД", mark.fpd_1077);
}

void TotalLines(const RegisterState& state, Paper* paper) {
  for (std::size_t type = 1; type < kReceiptTypes.size(); ++type) {
    const std::string title(kReceiptTypes[type]);
    paper->Pair(title + ", ЧЕКОВ " + std::to_string(state.totals.counts[type]),
                Amount(state.totals.sums[type]));
  }
}

// "2026-11-21T13:15:00" -> "21.11.26 13:15"
std::string ShortTime(const std::string& local) {
  return local.substr(8, 2) + "." + local.substr(5, 2) + "." + local.substr(2, 2) + " " +
         local.substr(11, 5);
}

}  // namespace

std::string ReceiptForm(const ffd::Receipt& receipt, const ffd::FiscalMark& mark,
                        std::size_t columns) {
  Paper paper(columns);
  Heading(&paper);
  paper.Pair("КАССОВЫЙ ЧЕК", kReceiptTypes[static_cast<std::size_t>(mark.receipt_type_1054)]);
  paper.Pair(receipt.electronic ? "БЕЗ ПЕЧАТИ НА БУМАГЕ" : "", ShortTime(mark.time_1012)).Rule();
  Items(receipt, &paper);
  paper.Rule().Pair("ИТОГ", Amount(mark.total_1020));
  PaymentLines(receipt, &paper);
  VatLines(receipt, &paper);
  paper.Rule();
  MarkLines(receipt, mark, &paper);
  paper.Rule().Line(ffd::QrText(mark));
  return paper.Take();
}

std::string ReportText(const ReportForm& form, const RegisterIdentity& identity,
                       const RegisterState& state, base::WallTime now, std::size_t columns) {
  Paper paper(columns);
  Heading(&paper);
  paper.Centre(form.title).Pair("СМЕНА " + std::to_string(state.shift_1038), ShortLocalTime(now));
  paper.Rule();
  if (!form.sum_title.empty()) paper.Pair(form.sum_title, Amount(form.sum));
  if (form.with_totals) TotalLines(state, &paper);
  paper.Pair("НАЛИЧНЫХ В ДЕНЕЖНОМ ЯЩИКЕ", Amount(state.drawer));
  paper.Rule().Pair("РН ККТ", identity.register_number_1037).Pair("ФН", identity.fn_1041);
  if (form.fd_1040 > 0) {
    paper.Pair("ФД", std::to_string(form.fd_1040)).Pair("ФПД", form.fpd_1077);
  }
  return paper.Take();
}

}  // namespace fiscalgate::register_
