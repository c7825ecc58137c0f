#include "fcgi/web/receipt_page.h"

#include <string_view>

#include "fcgi/web/receipt_page_html.h"
#include "fcgi/web/receipt_words.h"
#include "lib/base/check.h"
#include "lib/base/json.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/ffd/qr_svg.h"
#include "lib/ffd/reader.h"
#include "lib/ffd/totals.h"
#include "lib/protocol/bit/commands.h"

namespace fiscalgate::web {
namespace {

using base::Language;
using kainjow::mustache::data;
using task::State;

// The range of drives for tests.
constexpr std::string_view kTestDrives = "9999";

bool IsInWork(State state) {
  return state == State::kQueued || state == State::kSending || state == State::kWaiting;
}

// Labels and values, those that are there.
class Facts {
 public:
  explicit Facts(Language language) : language_(language) {}
  void Put(const std::string& label, const std::string& value) {
    if (value.empty()) return;
    data row;
    row.set("label", label);
    row.set("value", value);
    rows_.push_back(row);
    is_empty_ = false;
  }
  void Add(std::string_view name, const std::string& value) { Put(LabelOf(name), value); }
  bool is_empty() const { return is_empty_; }
  const data& rows() const { return rows_; }

 private:
  std::string LabelOf(std::string_view name) const {
    for (const Words& words : PageWords()) {
      if (words.name == name) return Pick(words, language_);
    }
    base::CheckFailed("word is known", __FILE__, __LINE__);
  }
  const Language language_;
  data rows_{data::type::list};
  bool is_empty_ = true;
};

std::string Roubles(base::Money sum) { return base::FormatMoney(sum) + " ₽"; }

// "2026-11-21T13:15:00" -> "21.11.2026 13:15", or without the T.
std::string TimeText(const std::string& time, Language language) {
  if (time.size() < 16 || time[10] != 'T') return time;
  const std::string clock = " " + time.substr(11, 5);
  if (language == Language::kEnglish) return time.substr(0, 10) + clock;
  return time.substr(8, 2) + "." + time.substr(5, 2) + "." + time.substr(0, 4) + clock;
}

data ItemsOf(const ffd::Receipt& receipt, Language language) {
  data items{data::type::list};
  for (const ffd::Item& item : receipt.items) {
    const std::string unit = Pick(UnitWords(item.unit_2108), language);
    data row;
    row.set("name", ffd::AsPrinted(item.name_1030));
    row.set("quantity",
            base::FormatQuantity(item.quantity_1023) + (unit.empty() ? "" : " " + unit));
    row.set("price", base::FormatMoney(item.price_1079));
    row.set("sum", base::FormatMoney(item.sum_1043));
    row.set("method", Pick(MethodWords(item.method_1214), language));
    row.set("rate", Pick(RateWords(item.vat_1199), language));
    items.push_back(row);
  }
  return items;
}

Facts SellerOf(const ffd::Receipt& receipt, Language language) {
  Facts facts(language);
  if (receipt.extras) facts.Add("t_inn", receipt.extras->user_inn_1018);
  facts.Add("t_address", ffd::AsPrinted(receipt.address_1009));
  facts.Add("t_place", ffd::AsPrinted(receipt.place_1187));
  facts.Add("t_sender", receipt.sender_email_1117);
  facts.Add("t_cashier", ffd::AsPrinted(receipt.cashier_name_1021));
  return facts;
}

Facts PaymentsOf(const ffd::Receipt& receipt, Language language) {
  Facts facts(language);
  const ffd::Payments& paid = receipt.payments;
  const auto add = [&](int tag, base::Money sum) {
    if (sum.kopecks != 0) facts.Put(Pick(PaymentWords(tag), language), Roubles(sum));
  };
  add(1031, paid.cash_1031);
  add(1081, paid.electronic_1081);
  add(1215, paid.prepayment_1215);
  add(1216, paid.credit_1216);
  add(1217, paid.barter_1217);
  const base::Money change = paid.Total() - receipt.Total();
  if (change.kopecks > 0) facts.Add("t_change", Roubles(change));
  return facts;
}

Facts TaxesOf(const ffd::Receipt& receipt, Language language) {
  Facts facts(language);
  for (const ffd::VatSum& sum : ffd::VatSums(ffd::TotalsOf(receipt))) {
    facts.Put(Pick(RateWords(sum.rate), language), Roubles(sum.sum));
  }
  facts.Add("t_taxation", Pick(TaxationWords(receipt.taxation_1055), language));
  return facts;
}

std::string NumberText(std::int64_t number) { return number == 0 ? "" : std::to_string(number); }

data MarkOf(const ffd::FiscalMark& mark, Language language) {
  Facts facts(language);
  facts.Add("t_time", TimeText(mark.time_1012, language));
  if (mark.shift_1038 != 0) {
    facts.Add("t_shift",
              NumberText(mark.shift_1038) + " / " + NumberText(mark.receipt_number_1042));
  }
  facts.Add("t_register", mark.register_number_1037);
  facts.Add("t_fn", mark.fn_1041);
  facts.Add("t_fd", NumberText(mark.fd_1040));
  facts.Add("t_fpd", mark.fpd_1077);
  data row;
  row.set("facts", facts.rows());
  row.set("qr", ffd::QrSvg(ffd::QrText(mark)));
  row.set("is_test", data(mark.fn_1041.starts_with(kTestDrives)));
  return row;
}

data ReceiptOf(const ffd::Receipt& receipt, const task::CommandResult* result, Language language) {
  data row;
  row.set("kind", Pick(KindWords(receipt.type_1054, receipt.IsCorrection()), language));
  const Facts seller = SellerOf(receipt, language);
  row.set("has_seller", data(!seller.is_empty()));
  row.set("seller", seller.rows());
  row.set("has_items", data(!receipt.items.empty()));
  row.set("items", ItemsOf(receipt, language));
  row.set("total", base::FormatMoney(receipt.Total()));
  row.set("payments", PaymentsOf(receipt, language).rows());
  row.set("taxes", TaxesOf(receipt, language).rows());
  if (result != nullptr && result->mark) row.set("mark", MarkOf(*result->mark, language));
  return row;
}

const task::CommandResult* ResultAt(const store::TaskView& view, int index) {
  for (const auto& result : view.results) {
    if (result.index == index) return &result;
  }
  return nullptr;
}

data ReceiptsOf(const store::TaskView& view, Language language) {
  data receipts{data::type::list};
  const auto document = base::ParseJson(view.package.commands);
  if (!document) return receipts;
  int index = -1;
  for (const base::JsonValue& command : document->root().items) {
    ++index;
    const base::JsonValue* body = command.Find("data");
    const auto type = protocol::bit::CommandTypeFromName(command.FindText("type"));
    if (type != protocol::bit::CommandType::kReceipt || body == nullptr) continue;
    ffd::Faults mended;  // it was accepted; what was mended then is mended again
    const ffd::Receipt receipt = ffd::ReadReceipt(*body, "", {true}, &mended);
    receipts.push_back(ReceiptOf(receipt, ResultAt(view, index), language));
  }
  return receipts;
}

}  // namespace

std::string RenderReceiptPage(const store::TaskView& view, Language language,
                              const ProviderPages& provider) {
  data page;
  for (const Words& words : PageWords()) {
    page.set(std::string(words.name), Pick(words, language));
  }
  const State state = view.task.state;
  const Words words = StateWords(state);
  page.set("order", view.task.order_id);
  page.set("is_private", data(true));
  page.set("refresh", data(!task::IsFinal(state)));
  page.set("state_class", std::string(words.name));
  page.set("state_text", Pick(words, language));
  page.set("is_in_work", data(IsInWork(state)));
  page.set("is_unknown", data(state == State::kUnknown));
  page.set("is_failed", data(state == State::kFailed));
  if (!view.task.error.empty()) page.set("error", view.task.error);
  if (!provider.payment_url.empty()) page.set("payment_url", provider.payment_url);
  if (!provider.receipt_url.empty()) {
    data link;
    link.set("url", provider.receipt_url);
    link.set("qr", ffd::QrSvg(provider.receipt_url));
    page.set("provider", link);
  }
  page.set("receipts", ReceiptsOf(view, language));
  return RenderPage(kReceiptPage, language, page);
}

const std::string& ReceiptPagePolicy() {
  static const std::string policy = PagePolicy(kReceiptPage);
  return policy;
}

}  // namespace fiscalgate::web
