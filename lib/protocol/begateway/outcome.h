// How a conversation ends, command by command: the money and the receipt are two different things.
// Plain values; pure; any thread. Texts hold no card data.
#pragma once

#include <string>
#include <string_view>

#include "lib/protocol/begateway/answer.h"
#include "lib/protocol/cloud_package.h"

namespace fiscalgate::protocol::begateway {

// Paid and printed. The transaction has its fiscal mark.
task::Outcome DoneOutcome(const CloudPackage& package, const Transaction& transaction);
// The money did not move, so nothing was printed.
task::Outcome NotPaidOutcome(const CloudPackage& package, std::string error,
                             std::string_view error_code);
// The money moved and the receipt was refused.
task::Outcome NotPrintedOutcome(const CloudPackage& package, const Transaction& transaction,
                                std::string_view why);
// A person has to look. `paid_uid` is that of a transaction known to be successful, or "".
task::Outcome UnknownOutcome(const CloudPackage* package, std::string error,
                             const std::string& paid_uid);

// What a refusal says, in one line.
std::string RefusalText(const Answer& answer);

}  // namespace fiscalgate::protocol::begateway
