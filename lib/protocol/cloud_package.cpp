#include "lib/protocol/cloud_package.h"

#include <algorithm>
#include <utility>

#include "lib/base/limits.h"
#include "lib/base/text.h"
#include "lib/ffd/path.h"
#include "lib/ffd/spot.h"
#include "lib/protocol/card_number.h"

namespace fiscalgate::protocol {
namespace {

using bit::CommandType;
using ffd::FaultCode;
using ffd::Faults;

std::string PathOf(const bit::ReadPackageResult& package, std::size_t command) {
  return package.is_lone ? "" : "/" + std::to_string(command);
}

std::string DataPathOf(const bit::ReadPackageResult& package, std::size_t command) {
  return package.is_lone ? "" : PathOf(package, command) + "/data";
}

bool IsCard(CommandType type) {
  return type == CommandType::kCardPayment || type == CommandType::kCardReturn;
}

void Append(Faults from, Faults* to) {
  for (ffd::Fault& fault : from) {
    if (to->size() == base::kMaxFaults) return;
    to->push_back(std::move(fault));
  }
}

// One receipt, and before it at most one card command where cards are taken.
void CheckCommands(const bit::ReadPackageResult& package, CardCommands cards, Faults* faults) {
  int receipts = 0, card_commands = 0;
  for (std::size_t i = 0; i < package.commands.size(); ++i) {
    const std::string& name = package.commands[i].type;
    const auto type = bit::CommandTypeFromName(name);
    bool fits = false;
    if (type == CommandType::kReceipt) {
      fits = ++receipts == 1;
    } else if (type && IsCard(*type) && cards == CardCommands::kTaken) {
      fits = ++card_commands == 1 && receipts == 0;
    }
    if (!fits) {
      Append({{PathOf(package, i) + "/type", FaultCode::kNotExpressible, name, {}}}, faults);
    }
  }
  if (receipts == 0) {
    Append({{"", FaultCode::kMissing, std::string(CommandTypeName(CommandType::kReceipt)), {}}},
           faults);
  }
}

CloudCommand CommandAt(const bit::ReadPackageResult& package, std::size_t index) {
  return {static_cast<int>(index), package.commands[index].name, package.commands[index].type};
}

}  // namespace

Faults CheckCloudPackage(const bit::ReadPackageResult& package, CardCommands cards,
                         ffd::FfdVersion version, const Mapping& mapping) {
  Faults faults;
  CheckCommands(package, cards, &faults);
  for (const bit::PackageReceipt& each : package.receipts) {
    const std::string pointer = DataPathOf(package, each.command);
    const ffd::Path path(pointer);
    const ffd::PathFinder paths(package.commands[each.command].value->Find("data"), path);
    Append(CheckExpressible(each.receipt, version, mapping, paths), &faults);
  }
  for (std::size_t i = 0; i < package.commands.size(); ++i) {
    const base::JsonValue* value = package.commands[i].value;
    if (package.is_lone) value = value->Find("data");
    Append(FindCardData(*value, PathOf(package, i)), &faults);
  }
  return faults;
}

base::Result<CloudPackage> ReadCloudPackage(const store::LaneHead& head,
                                            const task::Register& register_) {
  // What was a fault for this shop was refused at acceptance; here it only has to be read again.
  ffd::CheckOptions options;
  options.version = register_.ffd_version;
  options.now = head.task.accepted_at;
  options.vat_policy = ffd::VatPolicy::kWarn;
  options.lenient = true;
  auto read = bit::ReadPackage(head.package.commands, options);
  if (!read.ok() || read->receipts.size() != 1) {
    return base::Error{base::Code::kInternal, "the stored package has no readable receipt"};
  }
  CloudPackage package{std::move(read).value(), {}, nullptr, {}, false, nullptr};
  package.receipt = &package.read.receipts[0].receipt;
  package.receipt_command = CommandAt(package.read, package.read.receipts[0].command);
  for (std::size_t i = 0; i < package.read.commands.size(); ++i) {
    const auto type = bit::CommandTypeFromName(package.read.commands[i].type);
    if (!type || !IsCard(*type)) continue;
    package.card_command = CommandAt(package.read, i);
    package.is_card_return = type == CommandType::kCardReturn;
    package.card_data = package.read.commands[i].value->Find("data");
  }
  return package;
}

std::string WhyNotPrintedHere(const store::LaneHead& head, const CloudPackage& package) {
  const auto is_done = [&](int index) {
    return std::any_of(head.results.begin(), head.results.end(), [&](const auto& result) {
      return result.index == index && result.state == task::CommandState::kDone;
    });
  };
  if (is_done(package.receipt_command.index)) return "чек уже напечатан";
  for (std::size_t i = 0; i < package.read.commands.size(); ++i) {
    const int index = static_cast<int>(i);
    if (index == package.receipt_command.index || is_done(index)) continue;
    return "команда не выполнена, а здесь её не выполнить: " + package.read.commands[i].type;
  }
  return {};
}

task::CommandResult ResultOf(const CloudCommand& command, task::CommandState state,
                             std::string text, std::string raw,
                             std::optional<ffd::FiscalMark> mark) {
  return {command.index,
          command.name,
          command.type,
          state,
          base::Truncate(text, base::kMaxErrorBytes),
          std::move(raw),
          std::move(mark)};
}

void CompleteMark(const ffd::Receipt& receipt, ffd::FiscalMark* mark) {
  mark->receipt_type_1054 = receipt.type_1054;
  if (mark->total_1020.kopecks == 0) mark->total_1020 = receipt.Total();
}

task::Outcome DoneOutcome(const CloudPackage& package, ffd::FiscalMark mark, std::string raw) {
  CompleteMark(*package.receipt, &mark);
  task::Outcome outcome;
  outcome.state = task::State::kDone;
  outcome.commands.push_back(ResultOf(package.receipt_command, task::CommandState::kDone, "",
                                      std::move(raw), std::move(mark)));
  return outcome;
}

task::Outcome FailedOutcome(const CloudPackage& package, std::string error, std::string error_code,
                            task::ErrorClass error_class, std::string raw) {
  task::Outcome outcome;
  outcome.state = task::State::kFailed;
  outcome.error = base::Truncate(error, base::kMaxErrorBytes);
  outcome.error_code = std::move(error_code);
  outcome.error_class = error_class;
  outcome.commands.push_back(ResultOf(package.receipt_command, task::CommandState::kFailed,
                                      outcome.error, std::move(raw)));
  return outcome;
}

}  // namespace fiscalgate::protocol
