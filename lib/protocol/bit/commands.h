// The fourteen command types of the BIT driver (API 1.5, section "commands").
#pragma once

#include <optional>
#include <string_view>

namespace fiscalgate::protocol::bit {

enum class CommandType {
  kReceipt,             // kktReceiptFiscalization
  kOpenShift,           // kktOpenShift
  kCloseShift,          // kktCloseShift
  kXReport,             // kktXReport
  kOpenCashDrawer,      // kktOpenCashDraw
  kCashIn,              // kktCashIn
  kCashOut,             // kktCashOut
  kCheckMark,           // kktCheckKM
  kCardPayment,         // bnkCardPayment
  kCardReturn,          // bnkCardReturn
  kCardShortReport,     // bnkCardShortReport
  kCardFullReport,      // bnkCardFullReport
  kCardReconciliation,  // bnkCardSverkaItogov
  kCardLastResult,      // bnkCardLastOperationResult
};

std::string_view CommandTypeName(CommandType type);
// Also reads the documentation's spelling with a Cyrillic С: "kktСashIn", "kktСashOu".
std::optional<CommandType> CommandTypeFromName(std::string_view name);
bool IsBankCommand(CommandType type);

}  // namespace fiscalgate::protocol::bit
