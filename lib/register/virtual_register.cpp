#include "lib/register/virtual_register.h"

#include <filesystem>
#include <unordered_map>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/register/journal_file.h"
#include "lib/register/journal_line.h"
#include "lib/register/paper.h"
#include "lib/register/printed_form.h"
#include "lib/register/register_state.h"

namespace fiscalgate::register_ {
namespace {

base::Error Refuse(std::string words) { return {base::Code::kInvalid, std::move(words)}; }

// "" if a register would take it. The shop's reader checks much more; this is what remains of it
// in the metal.
std::string ReceiptFault(const ffd::Receipt& receipt) {
  if (receipt.type_1054 < 1 || receipt.type_1054 > 4) return "Неверный признак расчёта (тег 1054)";
  if (receipt.items.empty() && !receipt.IsCorrection()) return "В чеке нет позиций";
  if (receipt.items.size() > base::kMaxItems) return "Слишком много позиций в чеке";
  const base::Money total = receipt.Total();
  if (receipt.payments.Total() < total) return "Чек оплачен не полностью";
  if (total < receipt.payments.NonCash()) return "Безналичная оплата больше суммы чека";
  return "";
}

// Sale and returned expense bring cash in, the other two take it out. Change never stays.
base::Money DrawerChange(const ffd::Receipt& receipt) {
  const base::Money cash = receipt.Total() - receipt.payments.NonCash();
  const bool comes_in = receipt.type_1054 == 1 || receipt.type_1054 == 4;
  return comes_in ? cash : base::Money{} - cash;
}

std::string IndexKey(const std::string& order_id, const std::string& command_key) {
  return order_id + '\0' + command_key;
}

class FileRegister final : public VirtualRegister {
 public:
  FileRegister(RegisterIdentity identity, const base::Clock& clock)
      : identity_(std::move(identity)), clock_(clock) {}

  base::Status OpenJournal(const std::string& path);

  base::Result<Printed> PrintReceipt(const ffd::Receipt& receipt, const std::string& order_id,
                                     const std::string& command_key) override;
  base::Result<Printed> OpenShift(const std::string& order_id,
                                  const std::string& command_key) override;
  base::Result<Printed> CloseShift(const std::string& order_id,
                                   const std::string& command_key) override;
  base::Result<Printed> XReport(const std::string& order_id,
                                const std::string& command_key) override;
  base::Result<Printed> OpenDrawer(const std::string& order_id,
                                   const std::string& command_key) override;
  base::Result<Printed> CashIn(base::Money sum, const std::string& order_id,
                               const std::string& command_key) override;
  base::Result<Printed> CashOut(base::Money sum, const std::string& order_id,
                                const std::string& command_key) override;
  const Printed* Find(const std::string& order_id, const std::string& command_key) const override;
  const std::vector<Printed>& journal() const override { return journal_; }
  std::string StatusJson() const override;

 private:
  std::string Blocked(const ffd::Receipt& receipt) const;
  ffd::FiscalMark NextMark(const ffd::Receipt& receipt, base::WallTime now) const;
  Printed Draft(std::string kind, const std::string& order_id,
                const std::string& command_key) const;
  base::Result<Printed> Report(Printed document, ReportForm form);
  base::Result<Printed> Print(Printed document);
  void Remember(Printed document);

  const RegisterIdentity identity_;
  const base::Clock& clock_;
  std::unique_ptr<JournalFile> file_;
  std::vector<Printed> journal_;
  std::unordered_map<std::string, std::size_t> by_key_;
  RegisterState state_;
};

base::Status FileRegister::OpenJournal(const std::string& path) {
  auto file = JournalFile::Open(path, [this](std::string_view line) {
    auto document = ReadJournalLine(line);
    if (!document) return false;
    Remember(*std::move(document));
    return true;
  });
  if (!file) return file.error();
  file_ = std::move(*file);
  return base::Ok();
}

void FileRegister::Remember(Printed document) {
  state_.Apply(document);
  // The first document with a key is the one a deduplicating driver knows.
  by_key_.try_emplace(IndexKey(document.order_id, document.command_key), journal_.size());
  journal_.push_back(std::move(document));
}

base::Result<Printed> FileRegister::Print(Printed document) {
  if (journal_.size() >= base::kMaxRegisterDocuments) return Refuse("Архив ФН заполнен");
  const std::string line = WriteJournalLine(document);
  // A longer line could not be read back.
  if (line.size() > base::kMaxJsonBytes) return Refuse("Документ слишком велик");
  if (auto written = file_->Append(line); !written) return written.error();
  Remember(document);
  return document;
}

std::string FileRegister::Blocked(const ffd::Receipt& receipt) const {
  if (std::string fault = ReceiptFault(receipt); !fault.empty()) return fault;
  if (state_.shift_open && clock_.Now() - state_.shift_opened_at >= base::kMaxShiftAge) {
    return "Смена превысила 24 часа, закройте смену";
  }
  if ((state_.drawer + DrawerChange(receipt)).kopecks < 0) {
    return "Недостаточно наличных в денежном ящике";
  }
  return "";
}

ffd::FiscalMark FileRegister::NextMark(const ffd::Receipt& receipt, base::WallTime now) const {
  ffd::FiscalMark mark;
  mark.fn_1041 = identity_.fn_1041;
  mark.register_number_1037 = identity_.register_number_1037;
  mark.fd_1040 = state_.next_fd;
  mark.time_1012 = LocalTime(now);
  mark.shift_1038 = state_.shift_1038;
  mark.receipt_number_1042 = state_.receipts_in_shift + 1;
  mark.total_1020 = receipt.Total();
  mark.receipt_type_1054 = receipt.type_1054;
  mark.fpd_1077 = FiscalSign(identity_, mark.fd_1040, "receipt", mark.total_1020, mark.time_1012);
  return mark;
}

Printed FileRegister::Draft(std::string kind, const std::string& order_id,
                            const std::string& command_key) const {
  Printed document;
  document.kind = std::move(kind);
  document.order_id = order_id;
  document.command_key = command_key;
  document.printed_at = clock_.Now();
  document.shift_1038 = state_.shift_open ? state_.shift_1038 : 0;
  return document;
}

base::Result<Printed> FileRegister::PrintReceipt(const ffd::Receipt& receipt,
                                                 const std::string& order_id,
                                                 const std::string& command_key) {
  if (std::string words = Blocked(receipt); !words.empty()) return Refuse(std::move(words));
  if (!state_.shift_open) {
    if (auto opened = OpenShift("", ""); !opened) return opened.error();
  }
  Printed document = Draft("receipt", order_id, command_key);
  document.mark = NextMark(receipt, document.printed_at);
  document.fd_1040 = document.mark.fd_1040;
  document.drawer_change = DrawerChange(receipt);
  document.text = ReceiptForm(receipt, document.mark, Paper::kColumns);
  document.narrow_text = ReceiptForm(receipt, document.mark, Paper::kNarrowColumns);
  return Print(std::move(document));
}

// Everything that is no receipt.
base::Result<Printed> FileRegister::Report(Printed document, ReportForm form) {
  if (document.kind == "open_shift" || document.kind == "close_shift") {
    document.fd_1040 = form.fd_1040 = state_.next_fd;
    form.fpd_1077 =
        FiscalSign(identity_, document.fd_1040, document.kind, {}, LocalTime(document.printed_at));
  }
  RegisterState after = state_;
  after.Apply(document);
  const auto text = [&](std::size_t columns) {
    return ReportText(form, identity_, after, document.printed_at, columns);
  };
  document.text = text(Paper::kColumns);
  document.narrow_text = text(Paper::kNarrowColumns);
  return Print(std::move(document));
}

base::Result<Printed> FileRegister::OpenShift(const std::string& order_id,
                                              const std::string& command_key) {
  if (state_.shift_open) return Refuse("Смена уже открыта");
  Printed document = Draft("open_shift", order_id, command_key);
  document.shift_1038 = state_.shift_1038 + 1;
  return Report(std::move(document), {.title = "ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ"});
}

base::Result<Printed> FileRegister::CloseShift(const std::string& order_id,
                                               const std::string& command_key) {
  if (!state_.shift_open) return Refuse("Смена не открыта");
  return Report(Draft("close_shift", order_id, command_key),
                {.title = "ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ", .with_totals = true});
}

base::Result<Printed> FileRegister::XReport(const std::string& order_id,
                                            const std::string& command_key) {
  return Report(Draft("x_report", order_id, command_key),
                {.title = "ОТЧЁТ БЕЗ ГАШЕНИЯ", .with_totals = true});
}

base::Result<Printed> FileRegister::OpenDrawer(const std::string& order_id,
                                               const std::string& command_key) {
  return Report(Draft("open_drawer", order_id, command_key), {.title = "ДЕНЕЖНЫЙ ЯЩИК ОТКРЫТ"});
}

base::Result<Printed> FileRegister::CashIn(base::Money sum, const std::string& order_id,
                                           const std::string& command_key) {
  if (sum.kopecks <= 0) return Refuse("Сумма внесения должна быть больше нуля");
  Printed document = Draft("cash_in", order_id, command_key);
  document.drawer_change = sum;
  return Report(std::move(document),
                {.title = "ВНЕСЕНИЕ", .sum_title = "ВНЕСЕНО НАЛИЧНЫМИ", .sum = sum});
}

base::Result<Printed> FileRegister::CashOut(base::Money sum, const std::string& order_id,
                                            const std::string& command_key) {
  if (sum.kopecks <= 0) return Refuse("Сумма выплаты должна быть больше нуля");
  if (state_.drawer < sum) return Refuse("Недостаточно наличных в денежном ящике");
  Printed document = Draft("cash_out", order_id, command_key);
  document.drawer_change = base::Money{} - sum;
  return Report(std::move(document),
                {.title = "ВЫПЛАТА", .sum_title = "ВЫДАНО НАЛИЧНЫМИ", .sum = sum});
}

const Printed* FileRegister::Find(const std::string& order_id,
                                  const std::string& command_key) const {
  const auto found = by_key_.find(IndexKey(order_id, command_key));
  return found == by_key_.end() ? nullptr : &journal_[found->second];
}

std::string FileRegister::StatusJson() const {
  base::JsonWriter writer;
  writer.BeginObject().Key("fn_1041").String(identity_.fn_1041);
  writer.Key("registerNumber_1037").String(identity_.register_number_1037);
  writer.Key("next_fd").Int(state_.next_fd).Key("documents");
  writer.Int(static_cast<std::int64_t>(journal_.size()));
  writer.Key("shift_1038").Int(state_.shift_1038).Key("shift_open").Bool(state_.shift_open);
  if (state_.shift_open) {
    const auto age = clock_.Now() - state_.shift_opened_at;
    writer.Key("shift_opened_at").String(base::FormatUtc(state_.shift_opened_at));
    writer.Key("shift_age_s").Int(std::chrono::duration_cast<std::chrono::seconds>(age).count());
    writer.Key("shift_over_24h").Bool(age >= base::kMaxShiftAge);
  }
  writer.Key("receipts_in_shift").Int(state_.receipts_in_shift);
  writer.Key("drawer").String(base::FormatMoney(state_.drawer)).EndObject();
  return writer.Take();
}

}  // namespace

base::Result<std::unique_ptr<VirtualRegister>> VirtualRegister::Open(const std::string& folder,
                                                                     const base::Clock& clock) {
  const std::filesystem::path path(folder);
  auto identity = LoadIdentity(path / "register.json");
  if (!identity) return identity.error();
  auto made = std::make_unique<FileRegister>(std::move(identity).value(), clock);
  if (auto opened = made->OpenJournal(path / "journal.jsonl"); !opened) return opened.error();
  return std::unique_ptr<VirtualRegister>(std::move(made));
}

}  // namespace fiscalgate::register_
