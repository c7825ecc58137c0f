#include "fcgi/admin/validate_words.h"

#include "fcgi/admin/checks.h"
#include "fcgi/admin/desk.h"
#include "fcgi/admin/table.h"
#include "fcgi/check_report.h"
#include "lib/base/limits.h"
#include "lib/ffd/cp866.h"
#include "lib/ffd/enumerations.h"
#include "lib/task/check_settings.h"

namespace fiscalgate::admin {
namespace {

using base::Status;
using protocol::bit::PackageReceipt;
using protocol::bit::ReadPackageResult;

base::Language Spoken() {
  return Say("en", "ru") == "en" ? base::Language::kEnglish : base::Language::kRussian;
}

void AddTitle(std::string_view english, std::string_view russian, std::size_t count,
              std::string* out) {
  out->append(Say(english, russian)).append(": ").append(std::to_string(count)).append("\n");
}

void AddFaults(const ffd::Faults& faults, std::string* out) {
  for (const ffd::Fault& fault : faults) {
    const std::string path = fault.path.empty() ? "/" : fault.path;
    out->append("  ").append(Printable(path)).append("  ").append(ffd::FaultName(fault.code));
    out->append("\n    ").append(Printable(ffd::FaultText(fault, Spoken()))).append("\n");
  }
}

std::string ItemTable(const ffd::Receipt& receipt) {
  Table table({"#", std::string(Say("ITEM", "ПОЗИЦИЯ")), std::string(Say("QUANTITY", "КОЛ-ВО")),
               std::string(Say("PRICE", "ЦЕНА")), std::string(Say("SUM", "СУММА")),
               std::string(Say("VAT", "НДС"))});
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    const ffd::Item& item = receipt.items[i];
    table.Add({std::to_string(i + 1), ffd::AsPrinted(item.name_1030),
               base::FormatQuantity(item.quantity_1023), base::FormatMoney(item.price_1079),
               base::FormatMoney(item.sum_1043),
               std::string(ffd::EnumerationName(1199, item.vat_1199))});
  }
  return table.Text();
}

std::string SumSheet(const PackageReceipt& checked) {
  const ffd::Receipt& receipt = checked.receipt;
  const ffd::Payments& paid = receipt.payments;
  Sheet sheet;
  const auto money = [&](std::string_view english, std::string_view russian, base::Money sum) {
    if (sum.kopecks != 0) sheet.Add(std::string(Say(english, russian)), base::FormatMoney(sum));
  };
  sheet.Add(std::string(Say("total", "итого")), base::FormatMoney(receipt.Total()));
  money("cash", "наличными", paid.cash_1031);
  money("electronic", "безналичными", paid.electronic_1081);
  money("prepayment", "предоплата", paid.prepayment_1215);
  money("credit", "кредит", paid.credit_1216);
  money("barter", "встречное", paid.barter_1217);
  money("change", "сдача", ChangeOf(receipt));
  for (const VatLine& line : VatLines(receipt)) {
    const std::string of = std::string(Say(" of ", " с ")) + base::FormatMoney(line.turnover);
    sheet.Add(std::string(Say("VAT ", "НДС ")) + line.name, base::FormatMoney(line.vat) + of);
  }
  sheet.Add(
      std::string(Say("document, bytes", "документ, байт")),
      std::to_string(checked.size.document) + " / " + std::to_string(base::kMaxDocumentTlvBytes));
  sheet.Add(
      std::string(Say("largest item, bytes", "наибольшая позиция, байт")),
      std::to_string(checked.size.largest_item) + " / " + std::to_string(base::kMaxItemTlvBytes));
  return sheet.Text();
}

void AddReplacedTexts(const ReadPackageResult& package, std::string* out) {
  const std::vector<ReplacedText> texts = ReplacedTexts(package);
  if (texts.empty()) return;
  AddTitle("what the buyer will see instead", "что увидит покупатель вместо написанного",
           texts.size(), out);
  for (const ReplacedText& text : texts) {
    out->append("  ").append(Printable(text.path)).append("\n    ").append(Printable(text.posted));
    out->append("\n    ").append(Printable(text.printed)).append("\n");
  }
}

template <typename T, typename Read, typename Out>
Status Take(std::string_view option, const std::optional<T>& given, const Read& read, Out* out) {
  if (!given) return base::Ok();
  const auto value = read(*given);
  if (!value) {
    return base::Error{base::Code::kInvalid,
                       std::string(option) +
                           std::string(Say(": no such value: ", ": нет такого значения: ")) +
                           *given};
  }
  *out = *value;
  return base::Ok();
}

}  // namespace

Status ApplyValidateOptions(const ValidateOptions& options, ffd::CheckOptions* check) {
  const auto day = [](const std::string& text) -> std::optional<ffd::Day> {
    const auto time = ffd::ParseDate(text);
    return time ? std::optional(time->day) : std::nullopt;
  };
  task::InnPolicy inn = check->strict_inn ? task::InnPolicy::kRefuse : task::InnPolicy::kWarn;
  Status good = Take("--ffd-version", options.ffd_version, task::FfdVersionNamed, &check->version);
  if (good.ok()) good = Take("--profile", options.profile, ffd::ProviderNamed, &check->provider);
  if (good.ok()) {
    good = Take("--vat-policy", options.vat_policy, task::VatPolicyNamed, &check->vat_policy);
  }
  if (good.ok()) good = Take("--inn-policy", options.inn_policy, task::InnPolicyNamed, &inn);
  if (good.ok()) good = Take("--date", options.date, day, &check->date);
  if (options.date) check->now.reset();
  if (good.ok() && options.taxation_mask) {
    good = CheckRange("--taxation-mask", *options.taxation_mask, 1,
                      static_cast<int>(ffd::kAllTaxation));
    check->allowed_taxation = static_cast<unsigned>(*options.taxation_mask);
  }
  check->strict_inn = inn == task::InnPolicy::kRefuse;
  check->lenient = options.lenient.value_or(check->lenient);
  return good;
}

std::string CheckSheet(const ReadPackageResult& package, const ffd::CheckOptions& check) {
  std::string out(Say("checked for FFD ", "проверено по ФФД "));
  out.append(task::FfdVersionName(check.version)).append(", ").append(ffd::FormatDay(check.date));
  out.append(", ").append(ffd::ProfileOf(check.provider).name).append("\n");
  AddTitle("faults", "ошибок", package.faults.size(), &out);
  AddFaults(package.faults, &out);
  AddTitle("warnings", "предупреждений", package.warnings.size(), &out);
  AddFaults(package.warnings, &out);
  if (!package.faults.empty()) {
    out.pop_back();
    return out;
  }
  AddReplacedTexts(package, &out);
  for (const PackageReceipt& receipt : package.receipts) {
    out.append("\n").append(Say("receipt of command ", "чек команды "));
    out.append(std::to_string(receipt.command + 1)).append("\n");
    out.append(ItemTable(receipt.receipt)).append("\n").append(SumSheet(receipt)).append("\n");
  }
  out.pop_back();
  return out;
}

}  // namespace fiscalgate::admin
