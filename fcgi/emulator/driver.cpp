#include "fcgi/emulator/driver.h"

#include <algorithm>
#include <array>

#include "fcgi/emulator/command_result.h"
#include "fcgi/emulator/marking_code.h"
#include "lib/base/decimal.h"
#include "lib/base/log.h"
#include "lib/ffd/reader.h"

namespace fiscalgate::emulator {
namespace {

using protocol::bit::CommandType;
using task::CommandResult;

// The device faults that can befall a command.
std::vector<Fault> FaultsOf(CommandType type) {
  switch (type) {
    case CommandType::kReceipt:
      return {Fault::kPaperOut, Fault::kShiftOver24h, Fault::kFnFull, Fault::kInvalidReceipt};
    case CommandType::kOpenShift:
    case CommandType::kCloseShift:
      return {Fault::kPaperOut, Fault::kFnFull};
    case CommandType::kXReport:
    case CommandType::kCashIn:
    case CommandType::kCashOut:
      return {Fault::kPaperOut};
    default:
      return {};
  }
}

std::string_view WordsFor(Fault fault) {
  switch (fault) {
    case Fault::kPaperOut:
      return "Нет бумаги";
    case Fault::kShiftOver24h:
      return "Смена превысила 24 часа, закройте смену";
    case Fault::kFnFull:
      return "Архив ФН заполнен";
    default:
      return "Касса не приняла данные чека";
  }
}

std::optional<base::Money> FindMoney(const base::JsonValue* object, std::string_view key) {
  const base::JsonValue* value = object == nullptr ? nullptr : object->Find(key);
  if (value == nullptr || !(value->is_number() || value->is_string())) return std::nullopt;
  base::Money sum;
  if (base::ParseMoney(value->text, &sum) != base::DecimalFault::kNone) return std::nullopt;
  return sum;
}

std::string FaultWords(const ffd::Faults& faults) {
  std::string words = "Неверный чек: " + faults.front().path + ": " +
                      ffd::FaultText(faults.front(), base::Language::kRussian);
  if (faults.size() > 1) words += " (ещё ошибок: " + std::to_string(faults.size() - 1) + ")";
  return words;
}

CommandResult CheckMark(const PacketCommand& command) {
  const base::JsonValue* code = command.data == nullptr ? nullptr : command.data->Find("km_2000");
  if (code == nullptr || !code->is_string()) return Failed("Нет кода маркировки (km_2000)");
  if (!LooksLikeMarkingCode(code->text)) return Failed("Код маркировки не распознан (km_2000)");
  return DoneText("Код маркировки проверен", "");
}

// A device's refusal is the command's failure; a device that lost its memory is no answer at all.
template <typename Document>
base::Result<CommandResult> ResultOf(const base::Result<Document>& printed) {
  if (printed.ok()) return Done(*printed);
  if (printed.error().code == base::Code::kInvalid) return Failed(printed.error().what);
  return printed.error();
}

bool IsShiftReport(std::optional<CommandType> type) {
  return type == CommandType::kOpenShift || type == CommandType::kCloseShift ||
         type == CommandType::kXReport;
}

}  // namespace

void Driver::set_tags(DeviceTags tags) {
  std::lock_guard lock(mutex_);
  tags_ = std::move(tags);
}

DeviceTags Driver::tags() const {
  std::lock_guard lock(mutex_);
  return tags_;
}

std::optional<CommandResult> Driver::Remembered(const Packet& packet,
                                                const PacketCommand& command) const {
  if (const auto* document = kkt_.Find(packet.order_id, command.key)) return Done(*document);
  if (const auto* slip = terminal_.Find(packet.order_id, command.key)) return Done(*slip);
  return std::nullopt;
}

std::optional<Fault> Driver::DeviceFault(const Packet& packet, const PacketCommand& command) {
  const std::vector<Fault> possible = FaultsOf(*command.type);
  for (const FaultMark& mark : command.marks) {
    const bool fits = std::find(possible.begin(), possible.end(), mark.fault) != possible.end();
    if (fits && marks_.Strikes(mark, packet.order_id)) return mark.fault;
  }
  if (const auto rule = faults_.Draw(possible)) return rule->fault;
  return std::nullopt;
}

base::Result<CommandResult> Driver::PrintReceipt(const Packet& packet,
                                                 const PacketCommand& command) {
  if (command.data == nullptr) return Failed("Нет данных чека (data)");
  ffd::Faults faults;
  // The vendor's own clients send what strict rules refuse.
  const ffd::Receipt receipt = ffd::ReadReceipt(*command.data, "/data", {.lenient = true}, &faults);
  if (!faults.empty()) return Failed(FaultWords(faults));
  return ResultOf(kkt_.PrintReceipt(receipt, packet.order_id, command.key));
}

base::Result<CommandResult> Driver::RunRegister(const Packet& packet,
                                                const PacketCommand& command) {
  const std::string& order = packet.order_id;
  const auto cash = FindMoney(command.value, "cashSum");
  switch (*command.type) {
    case CommandType::kReceipt:
      return PrintReceipt(packet, command);
    case CommandType::kOpenShift:
      return ResultOf(kkt_.OpenShift(order, command.key));
    case CommandType::kCloseShift:
      return ResultOf(kkt_.CloseShift(order, command.key));
    case CommandType::kXReport:
      return ResultOf(kkt_.XReport(order, command.key));
    case CommandType::kOpenCashDrawer:
      return ResultOf(kkt_.OpenDrawer(order, command.key));
    case CommandType::kCashIn:
      if (!cash) return Failed("Нет суммы внесения (cashSum)");
      return ResultOf(kkt_.CashIn(*cash, order, command.key));
    case CommandType::kCashOut:
      if (!cash) return Failed("Нет суммы выплаты (cashSum)");
      return ResultOf(kkt_.CashOut(*cash, order, command.key));
    default:
      return CheckMark(command);
  }
}

base::Result<CommandResult> Driver::RunTerminal(const Packet& packet,
                                                const PacketCommand& command) {
  const std::string& order = packet.order_id;
  const auto sum = FindMoney(command.data, "sum");
  switch (*command.type) {
    case CommandType::kCardPayment:
      if (!sum) return Failed("Нет суммы оплаты (sum)");
      return ResultOf(terminal_.Pay(*sum, order, command.key));
    case CommandType::kCardReturn: {
      if (!sum) return Failed("Нет суммы возврата (sum)");
      const std::string rrn(command.data->FindText("rrn"));
      return ResultOf(terminal_.Return(*sum, rrn, order, command.key));
    }
    case CommandType::kCardReconciliation:
      return ResultOf(terminal_.Reconcile(order, command.key));
    case CommandType::kCardShortReport:
      return DoneText("Краткий отчёт", terminal_.ShortReport());
    case CommandType::kCardFullReport:
      return DoneText("Полный отчёт", terminal_.FullReport());
    default: {
      const register_::Slip* last = terminal_.LastOperation();
      return last == nullptr ? Failed("Операций ещё не было") : Done(*last);
    }
  }
}

base::Result<CommandResult> Driver::RunOne(const Packet& packet, const PacketCommand& command) {
  if (!command.type) return Failed("Неизвестная команда");
  if (deduplicate_) {
    if (auto result = Remembered(packet, command)) return *std::move(result);
  }
  if (const auto fault = DeviceFault(packet, command)) {
    log::Info("fault", {{"name", FaultName(*fault)}, {"order", packet.order_id}});
    return Failed(WordsFor(*fault));
  }
  return protocol::bit::IsBankCommand(*command.type) ? RunTerminal(packet, command)
                                                     : RunRegister(packet, command);
}

base::Result<protocol::bit::DriverAnswer> Driver::Run(const Packet& packet) {
  std::lock_guard lock(mutex_);
  protocol::bit::DriverAnswer answer;
  for (const PacketCommand& command : packet.commands) {
    auto result = RunOne(packet, command);
    if (!result) return result.error();
    result->index = static_cast<int>(answer.entries.size());
    result->name = command.name;
    result->type = command.type_text;
    const bool failed = result->state == task::CommandState::kFailed;
    if (!failed && IsShiftReport(command.type)) AddDeviceTags(tags_, &*result);
    answer.entries.push_back(std::move(result).value());
    if (failed) break;
  }
  return answer;
}

std::vector<Driver::Numbered> Driver::DocumentsAfter(std::int64_t fd, std::string_view kind,
                                                     std::size_t limit) const {
  std::lock_guard lock(mutex_);
  const std::vector<register_::Printed>& journal = kkt_.journal();
  std::size_t first = journal.size();
  while (first > 0) {
    const std::int64_t number = journal[first - 1].fd_1040;
    if (number > 0 && number <= fd) break;
    --first;
  }
  std::vector<Numbered> out;
  for (std::size_t i = first; i < journal.size() && out.size() < limit; ++i) {
    if (kind.empty() || journal[i].kind == kind) out.push_back({i + 1, journal[i]});
  }
  return out;
}

std::vector<Driver::Numbered> Driver::LastDocuments(std::size_t count) const {
  std::lock_guard lock(mutex_);
  const std::vector<register_::Printed>& journal = kkt_.journal();
  std::vector<Numbered> out;
  for (std::size_t i = journal.size(); i > 0 && out.size() < count; --i) {
    out.push_back({i, journal[i - 1]});
  }
  return out;
}

std::optional<register_::Printed> Driver::FindDocument(std::int64_t fd) const {
  std::lock_guard lock(mutex_);
  const std::vector<register_::Printed>& journal = kkt_.journal();
  const auto found = std::find_if(
      journal.rbegin(), journal.rend(),
      [fd](const register_::Printed& document) { return fd > 0 && document.fd_1040 == fd; });
  if (found == journal.rend()) return std::nullopt;
  return *found;
}

std::vector<register_::Slip> Driver::Slips() const {
  std::lock_guard lock(mutex_);
  return terminal_.journal();
}

std::string Driver::RegisterStatus() const {
  std::lock_guard lock(mutex_);
  return kkt_.StatusJson();
}

std::string Driver::TerminalStatus() const {
  std::lock_guard lock(mutex_);
  return terminal_.StatusJson();
}

}  // namespace fiscalgate::emulator
