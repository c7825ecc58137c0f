#include "lib/protocol/bitrix24/package.h"

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/protocol/bitrix24/lines.h"

namespace fiscalgate::protocol::bitrix24 {
namespace {

constexpr std::size_t kMaxNameCharacters = 128;  // tag 1030
constexpr int kAdvance = 3, kFirstMarked = 30;
constexpr int kNoVat = 6, kZeroVat = 5;
constexpr int kAgent = 64;  // tag 1222: neither paying agent, attorney nor commission agent
constexpr int kSold = 1, kReturned = 3;  // tag 2003

std::string_view FirstCharacters(std::string_view text, std::size_t count) {
  std::size_t bytes = 0;
  while (count-- > 0 && bytes < text.size()) {
    bytes += std::max<std::size_t>(1, base::Utf8Length(text.substr(bytes)));
  }
  return text.substr(0, bytes);
}

// "+7…" of what people enter; whatever else it is stays for the rules to complain of.
std::string PhoneOf(std::string_view entered) {
  std::string digits;
  for (const char c : entered) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() == 10) return "+7" + digits;
  if (digits.size() == 11 && digits[0] == '8') digits[0] = '7';
  return digits.empty() ? "" : "+" + digits;
}

class Writer {
 public:
  Writer(const Check& check, const Settings& settings, ffd::FfdVersion version, Problems* problems)
      : check_(check), settings_(settings), version_(version), problems_(*problems) {}

  std::string Write() {
    out_.BeginArray().BeginObject().Key("name").String("Чек");
    out_.Key("type").String("kktReceiptFiscalization").Key("data").BeginObject();
    out_.Key("purchases").BeginArray();
    for (const CheckItem& item : check_.items) WriteItem(item);
    out_.EndArray();
    if (!settings_.cashier.empty()) out_.Key("cashierName_1021").String(settings_.cashier);
    if (!settings_.site.empty()) {
      out_.Key("internetPayment_1125").Int(1).Key("place_1187").String(settings_.site);
    }
    WritePayments();
    out_.Key("taxationType_1055").Int(settings_.tax_system);
    out_.Key("receiptType_1054").Int(check_.is_return ? 2 : 1);
    WriteContact();
    out_.EndObject().EndObject().EndArray();
    return problems_.empty() ? out_.Take() : "";
  }

 private:
  void Complain(const CheckItem& item, std::string_view field, std::string code,
                std::string russian, std::string english) {
    problems_.push_back({item.path + "[" + std::string(field) + "]", std::move(code),
                         std::move(russian), std::move(english)});
  }

  int VatOf(const CheckItem& item) {
    const bool has_own = item.vat_id != "0" || check_.method != kAdvance;
    auto rate = settings_.vat.Find(has_own ? item.vat_id : "advance");
    if (!rate && !has_own) rate = settings_.vat.Find(item.vat_id);
    if (!rate) {
      Complain(item, "vat", "vat_unknown",
               "в настройках кассы нет ставки НДС для идентификатора " + item.vat_id,
               "the settings of the cash register have no VAT rate for the id " + item.vat_id);
      return kNoVat;
    }
    if (item.has_vat_sum && (*rate == kNoVat || *rate == kZeroVat)) {
      Complain(item, "vat", "vat_contradiction",
               "портал посчитал НДС, а по настройкам кассы его нет",
               "the portal has counted a VAT that the settings of the cash register do not know");
    }
    return check_.method <= kAdvance ? CalculatedRate(*rate) : *rate;
  }

  void WriteItem(const CheckItem& item) {
    if (item.subject >= kFirstMarked && version_ != ffd::FfdVersion::k12) {
      return Complain(item, "payment_object", "marked_goods",
                      "для товаров с маркировкой нужна касса с ФФД 1.2",
                      "marked goods need a register of FFD 1.2");
    }
    if (!item.marking_code.empty() && item.quantity.millionths != 1'000'000) {
      return Complain(item, "quantity", "marked_quantity", "код маркировки — на одну штуку",
                      "a marking code stands for one piece");
    }
    const int vat = VatOf(item);
    const auto lines = SplitLine(item.sum, item.quantity, item.price);
    if (lines.empty() && item.sum.kopecks > 0) {
      return Complain(item, "sum", "bad_sum", "слишком большая сумма", "is too large");
    }
    for (const Line& line : lines) WriteLine(item, line, vat);
  }

  void WriteLine(const CheckItem& item, const Line& line, int vat) {
    out_.BeginObject();
    out_.Key("productName_1030").String(FirstCharacters(item.name, kMaxNameCharacters));
    out_.Key("price_1079").Raw(base::FormatMoney(line.price));
    out_.Key("qty_1023").Raw(base::FormatQuantity(line.quantity));
    out_.Key("amount_1043").Raw(base::FormatMoney(line.sum));
    if (version_ == ffd::FfdVersion::k12) out_.Key("unit_2108").Int(item.unit);
    out_.Key("paymentFormCode_1214").Int(check_.method);
    out_.Key("productTypeCode_1212").Int(item.subject);
    out_.Key("tax_1199").Int(vat);
    if (!item.marking_code.empty()) {
      out_.Key("markingCode_2000").String(item.marking_code).Key("processingMode_2102").Int(0);
      out_.Key("plannedStatus_2003").Int(check_.is_return ? kReturned : kSold);
    }
    if (item.supplier) WriteSupplier(*item.supplier);
    out_.EndObject();
  }

  void WriteSupplier(const Supplier& supplier) {
    out_.Key("agentType_1222").Int(kAgent).Key("supplierInfo_1224").BeginObject();
    out_.Key("supplierPhone_1171").BeginArray();
    for (const std::string& phone : supplier.phones) out_.String(PhoneOf(phone));
    out_.EndArray().Key("supplierName_1225").String(supplier.name).EndObject();
    out_.Key("supplierInn_1226").String(supplier.inn);
  }

  void WritePayments() {
    out_.Key("payments").BeginObject();
    const std::pair<std::string_view, base::Money> sums[] = {{"cash_1031", check_.cash},
                                                             {"ecash_1081", check_.cashless},
                                                             {"prepayment_1215", check_.advance},
                                                             {"credit_1216", check_.credit}};
    for (const auto& [key, sum] : sums) {
      if (sum.kopecks > 0) out_.Key(key).Raw(base::FormatMoney(sum));
    }
    out_.EndObject();
  }

  void WriteContact() {
    const std::string contact = check_.email.empty() ? PhoneOf(check_.phone) : check_.email;
    if (!contact.empty()) out_.Key("sendToEmail_1008").String(contact);
    out_.Key("electronically").Bool(!contact.empty());
  }

  const Check& check_;
  const Settings& settings_;
  const ffd::FfdVersion version_;
  Problems& problems_;
  base::JsonWriter out_;
};

}  // namespace

std::string WritePackage(const Check& check, const Settings& settings, ffd::FfdVersion version,
                         Problems* problems) {
  return Writer(check, settings, version, problems).Write();
}

}  // namespace fiscalgate::protocol::bitrix24
