#include "lib/register/virtual_terminal.h"

#include <cstdio>
#include <filesystem>
#include <unordered_map>

#include "lib/base/json.h"
#include "lib/base/limits.h"
#include "lib/register/journal_file.h"
#include "lib/register/paper.h"
#include "lib/register/slip_line.h"

namespace fiscalgate::register_ {
namespace {

constexpr std::string_view kTerminalId = "99990001";

base::Error Refuse(std::string words) { return {base::Code::kInvalid, std::move(words)}; }

void Heading(std::string_view title, base::WallTime now, Paper* paper) {
  paper->Centre("ВИРТУАЛЬНЫЙ БАНКОВСКИЙ ТЕРМИНАЛ").Rule();
  paper->Centre(title).Pair("ТЕРМИНАЛ " + std::string(kTerminalId), ShortLocalTime(now)).Rule();
}

std::string SlipText(const Slip& slip) {
  Paper paper;
  Heading(slip.kind == "card_payment" ? "ОПЛАТА" : "ВОЗВРАТ", slip.printed_at, &paper);
  paper.Pair("СУММА", "=" + base::FormatMoney(slip.sum)).Pair("КАРТА", "************0000");
  paper.Pair("RRN", slip.rrn);
  if (!slip.payment_rrn.empty()) paper.Pair("RRN ОПЛАТЫ", slip.payment_rrn);
  paper.Rule().Centre("ОДОБРЕНО");
  return paper.Take();
}

// As banks number: last digit of the year, day of the year, hour, then a running number.
std::string MakeRrn(base::WallTime now, std::size_t number) {
  const auto days = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year year = std::chrono::year_month_day(days).year();
  const std::chrono::sys_days first = year / std::chrono::January / 1;
  const auto hour = std::chrono::duration_cast<std::chrono::hours>(now - days).count();
  char text[32];
  std::snprintf(text, sizeof text, "%d%03d%02d%06zu", static_cast<int>(year) % 10,
                static_cast<int>((days - first).count()) + 1, static_cast<int>(hour),
                number % 1'000'000);
  return text;
}

struct Totals {
  std::int64_t payments = 0, returns = 0;
  base::Money paid, returned;
};

class FileTerminal final : public VirtualTerminal {
 public:
  explicit FileTerminal(const base::Clock& clock) : clock_(clock) {}
  base::Status OpenJournal(const std::string& path);

  base::Result<Slip> Pay(base::Money sum, const std::string& order_id,
                         const std::string& command_key) override;
  base::Result<Slip> Return(base::Money sum, const std::string& rrn, const std::string& order_id,
                            const std::string& command_key) override;
  base::Result<Slip> Reconcile(const std::string& order_id,
                               const std::string& command_key) override;
  std::string ShortReport() const override;
  std::string FullReport() const override;
  const Slip* LastOperation() const override;
  const Slip* Find(const std::string& order_id, const std::string& command_key) const override;
  const std::vector<Slip>& journal() const override { return journal_; }
  std::string StatusJson() const override;

 private:
  Slip Draft(std::string kind, base::Money sum, const std::string& order_id,
             const std::string& command_key) const;
  base::Result<Slip> Print(Slip slip);
  void Remember(Slip slip);
  void TotalLines(Paper* paper) const;

  const base::Clock& clock_;
  std::unique_ptr<JournalFile> file_;
  std::vector<Slip> journal_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::unordered_map<std::string, base::Money> left_by_rrn_;  // of payments: not yet returned
  std::size_t since_ = 0;  // the first slip after the last reconciliation
  Totals totals_;
};

base::Status FileTerminal::OpenJournal(const std::string& path) {
  auto file = JournalFile::Open(path, [this](std::string_view line) {
    auto slip = ReadSlipLine(line);
    if (!slip) return false;
    Remember(*std::move(slip));
    return true;
  });
  if (!file) return file.error();
  file_ = std::move(file).value();
  return base::Ok();
}

void FileTerminal::Remember(Slip slip) {
  by_key_.try_emplace(slip.order_id + '\0' + slip.command_key, journal_.size());
  if (slip.kind == "card_payment") {
    ++totals_.payments;
    totals_.paid = totals_.paid + slip.sum;
    left_by_rrn_[slip.rrn] = slip.sum;
  } else if (slip.kind == "card_return") {
    ++totals_.returns;
    totals_.returned = totals_.returned + slip.sum;
    left_by_rrn_[slip.payment_rrn] = left_by_rrn_[slip.payment_rrn] - slip.sum;
  } else {
    totals_ = {};
    since_ = journal_.size() + 1;
  }
  journal_.push_back(std::move(slip));
}

base::Result<Slip> FileTerminal::Print(Slip slip) {
  if (journal_.size() >= base::kMaxRegisterDocuments) return Refuse("Журнал терминала заполнен");
  if (auto written = file_->Append(WriteSlipLine(slip)); !written) return written.error();
  Remember(slip);
  return slip;
}

Slip FileTerminal::Draft(std::string kind, base::Money sum, const std::string& order_id,
                         const std::string& command_key) const {
  Slip slip;
  slip.kind = std::move(kind);
  slip.sum = sum;
  slip.order_id = order_id;
  slip.command_key = command_key;
  slip.printed_at = clock_.Now();
  return slip;
}

base::Result<Slip> FileTerminal::Pay(base::Money sum, const std::string& order_id,
                                     const std::string& command_key) {
  if (sum.kopecks <= 0) return Refuse("Сумма оплаты должна быть больше нуля");
  Slip slip = Draft("card_payment", sum, order_id, command_key);
  slip.rrn = MakeRrn(slip.printed_at, journal_.size() + 1);
  slip.text = SlipText(slip);
  return Print(std::move(slip));
}

base::Result<Slip> FileTerminal::Return(base::Money sum, const std::string& rrn,
                                        const std::string& order_id,
                                        const std::string& command_key) {
  if (sum.kopecks <= 0) return Refuse("Сумма возврата должна быть больше нуля");
  const auto payment = left_by_rrn_.find(rrn);
  if (payment == left_by_rrn_.end()) return Refuse("Оплата с таким RRN не найдена");
  if (payment->second < sum) return Refuse("Сумма возврата больше остатка оплаты");
  Slip slip = Draft("card_return", sum, order_id, command_key);
  slip.rrn = MakeRrn(slip.printed_at, journal_.size() + 1);
  slip.payment_rrn = rrn;
  slip.text = SlipText(slip);
  return Print(std::move(slip));
}

base::Result<Slip> FileTerminal::Reconcile(const std::string& order_id,
                                           const std::string& command_key) {
  Slip slip = Draft("card_reconciliation", {}, order_id, command_key);
  Paper paper;
  Heading("СВЕРКА ИТОГОВ", slip.printed_at, &paper);
  TotalLines(&paper);
  paper.Rule().Centre("ИТОГИ СОВПАЛИ");
  slip.text = paper.Take();
  return Print(std::move(slip));
}

void FileTerminal::TotalLines(Paper* paper) const {
  paper->Pair("ОПЛАТ " + std::to_string(totals_.payments), "=" + base::FormatMoney(totals_.paid));
  paper->Pair("ВОЗВРАТОВ " + std::to_string(totals_.returns),
              "=" + base::FormatMoney(totals_.returned));
}

std::string FileTerminal::ShortReport() const {
  Paper paper;
  Heading("КРАТКИЙ ОТЧЁТ", clock_.Now(), &paper);
  TotalLines(&paper);
  return paper.Take();
}

std::string FileTerminal::FullReport() const {
  Paper paper;
  Heading("ПОЛНЫЙ ОТЧЁТ", clock_.Now(), &paper);
  for (std::size_t i = since_; i < journal_.size(); ++i) {
    const std::string_view title = journal_[i].kind == "card_payment" ? "ОПЛАТА " : "ВОЗВРАТ ";
    paper.Pair(std::string(title) + journal_[i].rrn, "=" + base::FormatMoney(journal_[i].sum));
  }
  TotalLines(&paper.Rule());
  return paper.Take();
}

const Slip* FileTerminal::LastOperation() const {
  for (auto slip = journal_.rbegin(); slip != journal_.rend(); ++slip) {
    if (slip->kind != "card_reconciliation") return &*slip;
  }
  return nullptr;
}

const Slip* FileTerminal::Find(const std::string& order_id, const std::string& command_key) const {
  const auto found = by_key_.find(order_id + '\0' + command_key);
  return found == by_key_.end() ? nullptr : &journal_[found->second];
}

std::string FileTerminal::StatusJson() const {
  base::JsonWriter writer;
  writer.BeginObject().Key("terminal_id").String(kTerminalId);
  writer.Key("payments").Int(totals_.payments).Key("paid").String(base::FormatMoney(totals_.paid));
  writer.Key("returns").Int(totals_.returns);
  writer.Key("returned").String(base::FormatMoney(totals_.returned)).EndObject();
  return writer.Take();
}

}  // namespace

base::Result<std::unique_ptr<VirtualTerminal>> VirtualTerminal::Open(const std::string& folder,
                                                                     const base::Clock& clock) {
  auto made = std::make_unique<FileTerminal>(clock);
  const std::string path = std::filesystem::path(folder) / "terminal.jsonl";
  if (auto opened = made->OpenJournal(path); !opened) return opened.error();
  return std::unique_ptr<VirtualTerminal>(std::move(made));
}

}  // namespace fiscalgate::register_
