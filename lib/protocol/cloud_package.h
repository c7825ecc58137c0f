// The package of a task for a cloud register: one receipt, and for providers that also take the
// money one card command before it. Read twice: as posted, to be accepted; as stored, to be sent.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/ffd/fiscal_mark.h"
#include "lib/protocol/bit/commands.h"
#include "lib/protocol/bit/front.h"
#include "lib/protocol/mapping.h"
#include "lib/store/store.h"

namespace fiscalgate::protocol {

enum class CardCommands { kRefused, kTaken };

// What holds for every cloud register: the commands of the package (unknown_command... faults with
// their paths), CheckExpressible of the receipt, no card data anywhere.
ffd::Faults CheckCloudPackage(const bit::ReadPackageResult& package, CardCommands cards,
                              ffd::FfdVersion version, const Mapping& mapping);

struct CloudCommand {
  int index = 0;
  std::string name, type;
};

struct CloudPackage {
  bit::ReadPackageResult read;  // keeps what `card_data` views
  CloudCommand receipt_command;
  const ffd::Receipt* receipt = nullptr;
  std::optional<CloudCommand> card_command;
  bool is_card_return = false;
  const base::JsonValue* card_data = nullptr;  // "data" of the card command
};
// Of a task that was accepted. Errors: kInternal: it cannot be read any more.
base::Result<CloudPackage> ReadCloudPackage(const store::LaneHead& head,
                                            const task::Register& register_);
// Of a provider that takes no cards. The task may have failed at the register's provider before
// this one: why it cannot be begun here; empty: it can.
std::string WhyNotPrintedHere(const store::LaneHead& head, const CloudPackage& package);

// ---- outcomes

task::CommandResult ResultOf(const CloudCommand& command, task::CommandState state,
                             std::string text, std::string raw = {},
                             std::optional<ffd::FiscalMark> mark = {});
// Kind and, if it has none, total are the receipt's.
void CompleteMark(const ffd::Receipt& receipt, ffd::FiscalMark* mark);
// Of one receipt without a card command.
task::Outcome DoneOutcome(const CloudPackage& package, ffd::FiscalMark mark, std::string raw);
task::Outcome FailedOutcome(const CloudPackage& package, std::string error, std::string error_code,
                            task::ErrorClass error_class, std::string raw = {});

}  // namespace fiscalgate::protocol
