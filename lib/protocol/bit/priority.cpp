#include "lib/protocol/bit/priority.h"

#include <algorithm>

#include "lib/protocol/bit/commands.h"

namespace fiscalgate::protocol::bit {

task::Priority PriorityOf(const ReadPackageResult& package) {
  constexpr int kSaleReturned = 2, kExpenseReturned = 4;  // 1054
  const bool receipt =
      std::any_of(package.receipts.begin(), package.receipts.end(), [](const PackageReceipt& each) {
        return each.receipt.type_1054 == kSaleReturned ||
               each.receipt.type_1054 == kExpenseReturned;
      });
  const bool card = std::any_of(package.commands.begin(), package.commands.end(),
                                [](const PackageCommand& command) {
                                  return command.type == CommandTypeName(CommandType::kCardReturn);
                                });
  return receipt || card ? task::Priority::kRefund : task::Priority::kOrdinary;
}

}  // namespace fiscalgate::protocol::bit
